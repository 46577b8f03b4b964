package import PayopsCore

/// A cron expression: minute, hour, day of the month, month, day of the week, preceded by the
/// second when there are six fields.
///
/// A day matches as in cron(8): when both days are restricted, either is enough. On a clock change
/// an expression with any hour continues with every minute that passes; one that names hours runs
/// once: at the first of two equal times, and for a skipped time at the moment of the change.
package struct CronExpression: Sendable, Equatable {
  private let seconds: CronField
  private let minutes: CronField
  private let hours: CronField
  private let days: CronField
  private let months: CronField
  private let weekdays: CronField

  /// Nicknames of expressions.
  private static let nicknames = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
  ]

  /// Reads an expression.
  ///
  /// - Parameter text: five or six fields, or a nickname such as `@daily`.
  /// - Throws: ``ScheduleError`` that names the field.
  package init(_ text: String) throws(ScheduleError) {
    var fields = (Self.nicknames[text.lowercased()] ?? text).split(separator: " ")
    if fields.count == 5 { fields.insert("0", at: 0) }
    guard fields.count == 6 else {
      throw ScheduleError(
        "'\(text)' is not a cron expression: it needs 5 fields, or 6 with seconds")
    }
    seconds = try CronField(fields[0], .second)
    minutes = try CronField(fields[1], .minute)
    hours = try CronField(fields[2], .hour)
    days = try CronField(fields[3], .dayOfMonth)
    months = try CronField(fields[4], .month)
    weekdays = try CronField(fields[5], .dayOfWeek)
  }

  /// Whether a day is one of the expression's.
  func matches(_ date: CivilDate) -> Bool {
    guard months.numbers.contains(date.month) else { return false }
    let isLast = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1).day == 1
    let byDay = days.numbers.contains(date.day) || (days.lastDay && isLast)
    let byWeekday = weekdays.numbers.contains((date.weekday + 1) % 7)
    if days.isOpen { return byWeekday }
    return weekdays.isOpen ? byDay : byDay || byWeekday
  }

  /// The next time of the expression.
  ///
  /// - Parameters:
  ///   - instant: an instant; the result is after it.
  ///   - clock: the clock of the expression's time zone.
  /// - Returns: nil if no time matches within nine years, as for 30 February.
  package func next(after instant: CivilInstant, clock: ZoneClock) -> CivilInstant? {
    let after = instant.secondsSinceEpoch
    // Where the clock was set back, an earlier local time may come later.
    let shown = clock.local(instant)
    let first = clock.offsets(local: shown).count == 1 ? shown : shown - 86_400
    let firstDay = CivilInstant(secondsSinceEpoch: first).daysSinceEpoch
    var best: Int?
    for day in firstDay..<firstDay + 9 * 366 {
      guard matches(CivilDate(daysSinceEpoch: day)) else { continue }
      for hour in hours.numbers {
        let start = day * 86_400 + hour * 3600
        if start + 3600 <= first { continue }
        let offsets = clock.offsets(local: start)
        // Where the clock changes, a later local hour may come first.
        if let best, best < start - offsets.upperBound {
          return CivilInstant(secondsSinceEpoch: best)
        }
        let found =
          offsets.count == 1
          ? firstTime(from: start - offsets.lowerBound, after: after)
          : changingTimes(from: start, clock).filter { $0 > after }.min()
        if let found { best = min(best ?? found, found) }
        if let best, offsets.count == 1 { return CivilInstant(secondsSinceEpoch: best) }
      }
    }
    return best.map { CivilInstant(secondsSinceEpoch: $0) }
  }

  /// The first time within an hour in which the clock does not change.
  private func firstTime(from start: Int, after: Int) -> Int? {
    for minute in minutes.numbers where start + minute * 60 + 59 > after {
      for second in seconds.numbers where start + minute * 60 + second > after {
        return start + minute * 60 + second
      }
    }
    return nil
  }

  /// All times of an hour on the clock near a change of it.
  private func changingTimes(from start: Int, _ clock: ZoneClock) -> [Int] {
    minutes.numbers.flatMap { minute in
      seconds.numbers.flatMap { second -> [Int] in
        let local = start + minute * 60 + second
        let found = clock.instants(local: local)
        if hours.isOpen { return found }
        return [found.first ?? clock.jump(over: local)]
      }
    }
  }
}
