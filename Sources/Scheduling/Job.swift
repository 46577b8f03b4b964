package import PayopsCore

/// A job as the table `jobs` describes it.
package struct Job: Sendable {
  /// What a job is made of.
  package enum Command: Sendable, Equatable {
    /// A CALL that the database runs.
    case sql
    /// The words after `payops`.
    case payops([String])
  }
  /// What an outage is made up for with.
  package enum CatchUp: String, Sendable { case none, once, all }
  /// Days on which a job runs.
  package enum CalendarCondition: String, Sendable {
    case any
    case businessDays = "business_days"
    case holidays
  }

  /// Name.
  package var name: String
  /// What it runs.
  package var command: Command
  /// When it runs.
  package var schedule: Schedule
  /// Calendar that the condition asks; nil without one.
  package var calendar: String?
  /// Days on which it runs.
  package var condition: CalendarCondition
  /// What an outage is made up for with.
  package var catchUp: CatchUp
  /// Most times that ``CatchUp/all`` makes up for.
  package var catchUpMaximum: Int
  /// Whether a time that comes while the job runs waits for its end; else it is skipped.
  package var queues: Bool
  /// Time after which a start counts as late, seconds.
  package var graceSeconds: Int
  /// Longest time of a run, seconds.
  package var timeoutSeconds: Int

  /// Describes a job.
  package init(
    name: String, command: Command, schedule: Schedule, calendar: String? = nil,
    condition: CalendarCondition = .any, catchUp: CatchUp = .once, catchUpMaximum: Int = 100,
    queues: Bool = false, graceSeconds: Int = 300, timeoutSeconds: Int = 3600
  ) {
    self.name = name
    self.command = command
    self.schedule = schedule
    self.calendar = calendar
    self.condition = condition
    self.catchUp = catchUp
    self.catchUpMaximum = catchUpMaximum
    self.queues = queues
    self.graceSeconds = graceSeconds
    self.timeoutSeconds = timeoutSeconds
  }

  /// The times of a schedule that are due: those to run, in order, and those that are not made up
  /// for.
  package struct DueTimes: Sendable, Equatable {
    /// Times to run, oldest first.
    package var runs: [CivilInstant] = []
    /// Times before them that are given up.
    package var missedCount = 0
    /// The last of those; nil when there are none.
    package var lastMissed: CivilInstant?
  }

  /// The times that are due at an instant.
  ///
  /// - Parameters:
  ///   - decided: the last time that was decided.
  ///   - now: the instant.
  ///   - isBusinessDay: whether a day is a business day of ``calendar``.
  /// - Returns: what to run and what is missed, by ``catchUp``: the last time counts as on time while
  ///   it is not older than ``graceSeconds``.
  package func dueTimes(
    after decided: CivilInstant, through now: CivilInstant,
    isBusinessDay: (CivilDate) -> Bool
  ) -> DueTimes {
    var due = DueTimes()
    var cursor = decided
    let keep = catchUp == .all ? catchUpMaximum : 1
    while let time = schedule.next(after: cursor), time <= now {
      cursor = time
      guard isAllowed(on: schedule.clock.date(time), isBusinessDay) else { continue }
      due.runs.append(time)
      if due.runs.count > keep {
        due.lastMissed = due.runs.removeFirst()
        due.missedCount += 1
      }
    }
    if catchUp == .none, let last = due.runs.last,
      now.secondsSinceEpoch - last.secondsSinceEpoch > graceSeconds
    {
      due.lastMissed = last
      due.missedCount += 1
      due.runs = []
    }
    return due
  }

  /// The next time of the schedule on a day that the calendar allows.
  ///
  /// - Parameters:
  ///   - instant: an instant; the answer lies after it.
  ///   - isBusinessDay: whether a day is a business day of ``calendar``.
  /// - Returns: nil when there is none among the next 100,000 times.
  package func next(after instant: CivilInstant, isBusinessDay: (CivilDate) -> Bool)
    -> CivilInstant?
  {
    var cursor = instant
    for _ in 0..<100_000 {
      guard let time = schedule.next(after: cursor) else { return nil }
      if isAllowed(on: schedule.clock.date(time), isBusinessDay) { return time }
      cursor = time
    }
    return nil
  }

  private func isAllowed(on date: CivilDate, _ isBusinessDay: (CivilDate) -> Bool) -> Bool {
    switch condition {
    case .any: true
    case .businessDays: isBusinessDay(date)
    case .holidays: !isBusinessDay(date)
    }
  }
}
