package import PayopsCore

/// A job as the table `jobs` describes it.
package struct Job: Sendable {
  /// The command of a job.
  package enum Command: Sendable, Equatable {
    /// A CALL in the database.
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
  /// Calendar of the condition on days; nil without one.
  package var calendar: String?
  /// Days on which it runs.
  package var condition: CalendarCondition
  /// What an outage is made up for with.
  package var catchUp: CatchUp
  /// Most missed times that ``CatchUp/all`` runs.
  package var catchUpMaximum: Int
  /// Whether a time that is due while the job runs waits for its end; else it is skipped.
  package var queues: Bool
  /// Delay after which a start counts as late, seconds.
  package var graceSeconds: Int
  /// Time limit of a run, seconds.
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

  /// The due times of a schedule: those to run, in order, and those that are skipped as missed.
  package struct DueTimes: Sendable, Equatable {
    /// Times to run, oldest first.
    package var runs: [CivilInstant] = []
    /// Number of earlier times that are skipped.
    package var missedCount = 0
    /// The last of those; nil if the list is empty.
    package var lastMissed: CivilInstant?
  }

  /// The times that are due at an instant.
  ///
  /// - Parameters:
  ///   - decided: the last decided time.
  ///   - now: the instant.
  ///   - isBusinessDay: whether a day is a business day of ``calendar``.
  /// - Returns: the times to run and the missed ones, by ``catchUp``: the last time is on time
  ///   while it is not older than ``graceSeconds``.
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
  ///   - instant: an instant; the result is after it.
  ///   - isBusinessDay: whether a day is a business day of ``calendar``.
  /// - Returns: nil if no time among the next 100,000 qualifies.
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
