package import PayopsCore

/// Stores jobs, their runs and the lease of the scheduler in the database, whose clock is
/// authoritative.
package protocol JobStore: Sendable {
  /// The time.
  func now() async throws -> CivilInstant
  /// Takes or renews the lease of the scheduler.
  ///
  /// - Parameters:
  ///   - holder: host and process.
  ///   - seconds: how long it stays valid without renewal.
  /// - Returns: the fencing token; nil while another scheduler holds it.
  func takeLease(holder: String, seconds: Int) async throws -> Int64?
  /// The enabled jobs, each with the state that decisions need.
  func jobs() async throws -> [JobState]
  /// Whether a day is a business day of a calendar, for the requested days.
  func businessDays(of calendar: String, from: CivilDate, to: CivilDate) async throws
    -> Set<CivilDate>
  /// Sets the time from which the due times of a new job count.
  func begin(_ job: String, at: CivilInstant, lease: Int64) async throws
  /// Records skipped times; false when the job is busy and the call must be repeated.
  func noteMissed(_ job: String, last: CivilInstant, count: Int, lease: Int64) async throws -> Bool
  /// Notes when jobs are due next.
  func noteDue(_ times: [String: CivilInstant]) async throws
  /// Gives up runs whose process no longer exists.
  func abandonDead() async throws
}

/// A job with the state that its scheduler needs.
package struct JobState: Sendable {
  /// The job.
  package var job: Job
  /// Last decided time; nil for a new job.
  package var decidedUntil: CivilInstant?
  /// Times whose run failed or was given up and may be retried, oldest first.
  package var retries: [CivilInstant]
  /// Runs that somebody asked for within the last day, oldest first.
  package var requests: [JobRequest]

  /// Describes a state.
  package init(
    job: Job, decidedUntil: CivilInstant?, retries: [CivilInstant] = [], requests: [JobRequest] = []
  ) {
    self.job = job
    self.decidedUntil = decidedUntil
    self.retries = retries
    self.requests = requests
  }
}

/// A run that somebody asked for beside the schedule.
package struct JobRequest: Sendable, Equatable {
  /// When it was asked for; the run has it as its time of the schedule.
  package var time: CivilInstant
  /// The words after `payops` of this run; nil for those of the job.
  package var words: [String]?
  /// Whether no run has been started for it yet.
  package var isOpen: Bool

  /// Describes a request.
  package init(time: CivilInstant, words: [String]? = nil, isOpen: Bool) {
    self.time = time
    self.words = words
    self.isOpen = isOpen
  }
}

/// Runs jobs: starts the run of a job for a time, executes it, and records the outcome.
package protocol JobRunner: Sendable {
  /// Runs a job for one time of its schedule, from its start to its end.
  ///
  /// - Parameters:
  ///   - job: the job.
  ///   - time: the time of the schedule.
  ///   - lease: fencing token of the scheduler; nil for a run by hand.
  /// - Returns: the outcome.
  func run(_ job: Job, for time: CivilInstant, lease: Int64?) async throws -> RunOutcome
}

/// The outcome of starting a run.
package enum RunOutcome: String, Sendable, Equatable {
  /// It ran and succeeded.
  case succeeded
  /// It ran and failed.
  case failed
  /// It exceeded its time limit.
  case timedOut = "timed_out"
  /// That time was already decided.
  case taken
  /// The job is running; try again later.
  case busy
  /// The job is running, and that time is skipped.
  case skipped
}
