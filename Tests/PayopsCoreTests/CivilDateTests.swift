import PayopsCore
import Testing

@Suite("Civil calendar")
struct CivilDateTests {
  @Test("the calendar converts every day of 400 years there and back, with weekdays in order")
  func roundTrip() {
    let first = CivilDate(year: 1800, month: 1, day: 1).daysSinceEpoch
    var weekday = CivilDate(daysSinceEpoch: first).weekday
    var previous = CivilDate(daysSinceEpoch: first - 1)
    var failures = 0
    for days in first..<first + 146_097 {
      let date = CivilDate(daysSinceEpoch: days)
      if date.daysSinceEpoch != days || date.weekday != weekday || !(previous < date) {
        failures += 1
      }
      weekday = (weekday + 1) % 7
      previous = date
    }
    #expect(failures == 0)
  }

  @Test("the calendar is right on well-known days")
  func landmarks() {
    #expect(CivilDate(year: 1970, month: 1, day: 1).daysSinceEpoch == 0)
    #expect(CivilDate(year: 1970, month: 1, day: 1).weekday == 3)
    #expect(CivilDate(year: 2000, month: 2, day: 29).description == "2000-02-29")
    #expect(CivilDate.easterSunday(year: 2024) == CivilDate(year: 2024, month: 3, day: 31))
    #expect(CivilDate.easterSunday(year: 2025) == CivilDate(year: 2025, month: 4, day: 20))
  }

  @Test(
    "a text that is not a day is refused",
    arguments: ["2025-02-29", "2024-13-01", "24-01-01", "2024-1-1", "x"])
  func refused(_ text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test("instants are read and written")
  func instants() {
    let instant = CivilInstant("2024-02-29 23:59:58")
    #expect(instant?.secondsSinceEpoch == 1_709_251_198)
    #expect(instant?.description == "2024-02-29 23:59:58")
    #expect(CivilInstant("2024-02-29T23:59:58.123Z") == instant)
    #expect(instant?.truncatedToMinute.description == "2024-02-29 23:59:00")
    #expect(CivilInstant(secondsSinceEpoch: -1).description == "1969-12-31 23:59:59")
    #expect(CivilInstant("2024-02-29 24:00:00") == nil)
  }
}
