package import PayopsCore

/// When a job runs: a cron expression in a time zone, or a fixed interval.
package struct Schedule: Sendable {
  private enum Rule {
    case cron(CronExpression, ZoneClock)
    case interval(Int)
  }

  private let rule: Rule
  /// The clock that determines the day for calendars.
  package let clock: ZoneClock

  /// Reads a schedule.
  ///
  /// - Parameters:
  ///   - text: a cron expression, or `every N` with N in s, m, h or d.
  ///   - timeZone: the IANA name of the zone in which a cron expression is read.
  /// - Throws: ``ScheduleError`` that names the invalid part.
  package init(_ text: String, timeZone: String = "UTC") throws(ScheduleError) {
    guard let clock = ZoneClock(identifier: timeZone) else {
      throw ScheduleError("there is no time zone '\(timeZone)'")
    }
    self.clock = clock
    let words = text.split(separator: " ")
    if words.first == "every" {
      let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
      guard words.count == 2, let unit = words[1].last.flatMap({ units[$0] }),
        let number = Int(words[1].dropLast()), number >= 1, number <= 366 * 86_400 / unit
      else {
        throw ScheduleError("'\(text)' is not an interval: write every 10s, 5m, 2h or 1d")
      }
      rule = .interval(number * unit)
    } else {
      rule = .cron(try CronExpression(text), clock)
    }
  }

  /// The next time of the schedule; intervals count from 1970-01-01 00:00 UTC.
  ///
  /// - Parameter instant: an instant; the result is after it.
  /// - Returns: nil if no time matches.
  package func next(after instant: CivilInstant) -> CivilInstant? {
    switch rule {
    case .cron(let expression, let clock): return expression.next(after: instant, clock: clock)
    case .interval(let length):
      let second = instant.secondsSinceEpoch
      let (quotient, remainder) = second.quotientAndRemainder(dividingBy: length)
      return CivilInstant(
        secondsSinceEpoch: ((remainder < 0 ? quotient - 1 : quotient) + 1) * length)
    }
  }

  /// The last time of the schedule.
  ///
  /// - Parameter instant: an instant; the result is at or before it.
  /// - Returns: nil if no time matches within 400 days.
  package func last(through instant: CivilInstant) -> CivilInstant? {
    for seconds in [60, 3600, 86_400, 35 * 86_400, 400 * 86_400] {
      var cursor = CivilInstant(secondsSinceEpoch: instant.secondsSinceEpoch - seconds)
      var found: CivilInstant?
      while let time = next(after: cursor), time <= instant {
        found = time
        cursor = time
      }
      if let found { return found }
    }
    return nil
  }
}
