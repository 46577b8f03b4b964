import PayopsCore

/// Time zones, holidays and due times by published rules: an independent computation to compare
/// with the tables.
enum CalendarRules {
  struct Zone: Sendable {
    let name: String
    let standard: Int
    /// Summer time lasts from the first to the second instant (UTC) of a year; nil for none.
    let summer: (@Sendable (Int) -> (Int, Int))?

    static let berlin = Zone(name: "Europe/Berlin", standard: 3600) { year in
      // Last Sundays of March and October at 01:00 UTC.
      (
        CalendarRules.last(6, year, 3) * 86_400 + 3600,
        CalendarRules.last(6, year, 10) * 86_400 + 3600
      )
    }
    static let newYork = Zone(name: "America/New_York", standard: -18_000) { year in
      // Second Sunday of March and first of November at 02:00 local.
      (
        CalendarRules.nth(2, 6, year, 3) * 86_400 + 7 * 3600,
        CalendarRules.nth(1, 6, year, 11) * 86_400 + 6 * 3600
      )
    }
    static let kolkata = Zone(name: "Asia/Kolkata", standard: 19_800, summer: nil)

    func offset(_ instant: Int) -> Int {
      guard let summer else { return standard }
      let (from, to) = summer(CivilInstant(secondsSinceEpoch: instant).date.year)
      return instant >= from && instant < to ? standard + 3600 : standard
    }

    func local(_ instant: Int) -> Int { instant + offset(instant) }

    /// For a time that occurs twice the later instant, for a skipped one that by the offset before.
    func utc(_ local: Int) -> Int {
      if offset(local - standard) == standard { return local - standard }
      let summerInstant = local - standard - 3600
      return offset(summerInstant) == standard + 3600 ? summerInstant : local - standard
    }
  }

  struct Rail: Sendable {
    let name: String
    let calendar: String
    let zone: Zone
    let cutOff: Int
    let lag: Int
    let dueTime: Int
  }

  static let rails: [Rail] = [
    Rail(
      name: "CARD", calendar: "TARGET", zone: .berlin, cutOff: 79_200, lag: 2, dueTime: 43_200),
    Rail(
      name: "SEPA_CT", calendar: "TARGET", zone: .berlin, cutOff: 55_800, lag: 1, dueTime: 64_800),
    Rail(
      name: "SEPA_DD", calendar: "TARGET", zone: .berlin, cutOff: 43_200, lag: 2, dueTime: 64_800),
    Rail(
      name: "WIRE", calendar: "TARGET", zone: .berlin, cutOff: 61_200, lag: 0, dueTime: 64_800),
    Rail(
      name: "UPI", calendar: "ALWAYS", zone: .kolkata, cutOff: 75_600, lag: 1, dueTime: 43_200),
    Rail(
      name: "ACH", calendar: "US_FED", zone: .newYork, cutOff: 60_300, lag: 1, dueTime: 30_600),
  ]

  static func nth(_ n: Int, _ weekday: Int, _ year: Int, _ month: Int) -> Int {
    let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
    let shift = (weekday - CivilDate.weekday(daysSinceEpoch: first) + 7) % 7
    return first + shift + (n - 1) * 7
  }

  static func last(_ weekday: Int, _ year: Int, _ month: Int) -> Int {
    let next =
      month == 12
      ? CivilDate(year: year + 1, month: 1, day: 1)
      : CivilDate(year: year, month: month + 1, day: 1)
    let last = next.daysSinceEpoch - 1
    return last - (CivilDate.weekday(daysSinceEpoch: last) - weekday + 7) % 7
  }

  static func isBusinessDay(_ calendar: String, _ day: Int) -> Bool {
    if calendar == "ALWAYS" { return true }
    if CivilDate.weekday(daysSinceEpoch: day) >= 5 { return false }
    let date = CivilDate(daysSinceEpoch: day)
    let fixed = { (month: Int, number: Int) in
      CivilDate(year: date.year, month: month, day: number).daysSinceEpoch
    }
    if calendar == "TARGET" {
      let easter = CivilDate.easterSunday(year: date.year).daysSinceEpoch
      return ![fixed(1, 1), easter - 2, easter + 1, fixed(5, 1), fixed(12, 25), fixed(12, 26)]
        .contains(day)
    }
    let moving = [
      nth(3, 0, date.year, 1), nth(3, 0, date.year, 2), last(0, date.year, 5),
      nth(1, 0, date.year, 9), nth(2, 0, date.year, 10), nth(4, 3, date.year, 11),
    ]
    let dated = [fixed(1, 1), fixed(6, 19), fixed(7, 4), fixed(11, 11), fixed(12, 25)]
    // A holiday on a Sunday is observed on the Monday.
    return !moving.contains(day) && !dated.contains(day)
      && !dated.contains { CivilDate.weekday(daysSinceEpoch: $0) == 6 && $0 + 1 == day }
  }

  static func due(_ rail: Rail, acceptedAt instant: Int) -> Int {
    let local = rail.zone.local(instant)
    var day = CivilInstant(secondsSinceEpoch: local).daysSinceEpoch
    if local - day * 86_400 > rail.cutOff { day += 1 }
    while !isBusinessDay(rail.calendar, day) { day += 1 }
    for _ in 0..<rail.lag {
      day += 1
      while !isBusinessDay(rail.calendar, day) { day += 1 }
    }
    return rail.zone.utc(day * 86_400 + rail.dueTime)
  }

  static func businessSeconds(_ calendar: String, _ zone: Zone, _ from: Int, _ to: Int) -> Int {
    var sum = 0
    let first = CivilInstant(secondsSinceEpoch: from).daysSinceEpoch - 1
    let last = max(first, CivilInstant(secondsSinceEpoch: to).daysSinceEpoch + 1)
    for day in first...last where isBusinessDay(calendar, day) {
      let start = max(from, zone.utc(day * 86_400))
      let end = min(to, zone.utc((day + 1) * 86_400))
      sum += max(0, end - start)
    }
    return sum
  }

  static func text(_ instant: Int) -> String {
    CivilInstant(secondsSinceEpoch: instant).description
  }
}
