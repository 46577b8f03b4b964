package import PayopsCore

/// Where jobs, their runs and the lease of the scheduler are kept: the database, whose clock is the
/// only one that counts.
package protocol JobStore: Sendable {
  /// The time.
  func now() async throws -> CivilInstant
  /// Takes or renews the lease of the scheduler.
  ///
  /// - Parameters:
  ///   - holder: host and process.
  ///   - seconds: how long it holds without another sign.
  /// - Returns: the fencing token; nil while somebody else holds it.
  func takeLease(holder: String, seconds: Int) async throws -> Int64?
  /// The jobs that are switched on, with what is to be decided of each.
  func jobs() async throws -> [JobState]
  /// Whether a day is a business day of a calendar, for the days asked for.
  func businessDays(of calendar: String, from: CivilDate, to: CivilDate) async throws
    -> Set<CivilDate>
  /// Sets the time from which a job counts that was never looked at.
  func begin(_ job: String, at: CivilInstant, lease: Int64) async throws
  /// Keeps that times were given up; false when the job is busy and it must be said again.
  func noteMissed(_ job: String, last: CivilInstant, count: Int, lease: Int64) async throws -> Bool
  /// Notes when jobs are due next.
  func noteDue(_ times: [String: CivilInstant]) async throws
  /// Gives up runs whose process is gone.
  func abandonDead() async throws
}

/// A job with what its scheduler has to know.
package struct JobState: Sendable {
  /// The job.
  package var job: Job
  /// Last time that was decided; nil when it was never looked at.
  package var decidedUntil: CivilInstant?
  /// Times whose run failed or was given up and may be tried again, oldest first.
  package var retries: [CivilInstant]

  /// Describes a state.
  package init(job: Job, decidedUntil: CivilInstant?, retries: [CivilInstant] = []) {
    self.job = job
    self.decidedUntil = decidedUntil
    self.retries = retries
  }
}

/// Who runs jobs: starts the run of a job for a time, does it, and keeps what came of it.
package protocol JobRunner: Sendable {
  /// Runs a job for one time of its schedule, from its start to its end.
  ///
  /// - Parameters:
  ///   - job: the job.
  ///   - time: the time of the schedule.
  ///   - lease: fencing token of the scheduler; nil when nobody schedules it.
  /// - Returns: what came of it.
  func run(_ job: Job, for time: CivilInstant, lease: Int64?) async throws -> RunOutcome
}

/// What came of the start of a run.
package enum RunOutcome: String, Sendable, Equatable {
  /// It ran, and all was well.
  case succeeded
  /// It ran and failed.
  case failed
  /// It took longer than it may.
  case timedOut = "timed_out"
  /// That time was decided already.
  case taken
  /// The job is running; ask again.
  case busy
  /// The job is running, and that time is over.
  case skipped
}
