import PayopsCore
import Statistics
import Testing

@testable import Monitoring

@Suite("Place in the week")
struct SeasonPlaceTests {
  @Test(
    "the place in the week is weekday and hour (UTC), with Saturday and Sunday as weekend",
    arguments: [
      ("2026-11-23T00:00", 0, 0, DayKind.business), ("2026-11-27T23:59", 4, 23, .business),
      ("2026-11-28T00:00", 5, 0, .weekend), ("2026-11-29T12:30", 6, 12, .weekend),
      ("1970-01-01T00:00", 3, 0, .business), ("1969-12-28T01:00", 6, 1, .weekend),
    ])
  func place(text: String, weekday: Int, hour: Int, kind: DayKind) throws {
    let instant = try #require(CivilInstant(text))
    #expect(
      SeasonSlot(instant, isHoliday: false)
        == SeasonSlot(dayKind: kind, weekday: weekday, hour: hour))
    #expect(
      SeasonSlot(instant, isHoliday: true)
        == SeasonSlot(dayKind: .holiday, weekday: weekday, hour: hour))
  }
}
