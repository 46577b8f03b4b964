import Statistics
import Testing

@Suite("Slots of a season")
struct SeasonSlotTests {
  @Test("each slot of the week has its own index, from 0 up, hour by hour and day by day")
  func indexes() {
    var found: [Int] = []
    for weekday in 0..<7 {
      for hour in 0..<24 {
        let kind: DayKind = weekday < 5 ? .business : .weekend
        found.append(SeasonSlot(dayKind: kind, weekday: weekday, hour: hour).index)
      }
    }
    #expect(found == Array(0..<120) + Array(288..<336).map { $0 })
    #expect(SeasonSlot(dayKind: .holiday, weekday: 3, hour: 23).index == SeasonSlot.count - 1)
  }

  @Test(
    "slots bring hours and days into their range",
    arguments: [
      (0, 0, 0, 0), (6, 23, 6, 23), (7, 24, 0, 0), (8, 25, 1, 1), (-1, -1, 6, 23), (-7, -24, 0, 0),
    ])
  func ranges(weekday: Int, hour: Int, inWeek: Int, inDay: Int) {
    #expect(
      SeasonSlot(dayKind: .business, weekday: weekday, hour: hour)
        == SeasonSlot(dayKind: .business, weekday: inWeek, hour: inDay))
    let slot = SeasonSlot(dayKind: .business, weekday: weekday, hour: hour)
    #expect(slot.index == inWeek * 24 + inDay)
  }

  @Test("slots share the hour of their kind of day", arguments: 0..<24)
  func hours(hour: Int) {
    #expect(SeasonSlot(dayKind: .business, weekday: 2, hour: hour).hourIndex == hour)
    #expect(SeasonSlot(dayKind: .weekend, weekday: 5, hour: hour).hourIndex == 24 + hour)
    #expect(SeasonSlot(dayKind: .holiday, weekday: 2, hour: hour).hourIndex == 48 + hour)
  }
}
