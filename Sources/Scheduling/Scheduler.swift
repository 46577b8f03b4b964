package import PayopsCore

/// Starts jobs when they are due, while it holds the lease of the scheduler.
///
/// It keeps no durable state: decisions are in the store, so that any other scheduler continues
/// where this one stopped. Runs execute concurrently; each job has at most one here.
package actor Scheduler {
  private let store: any JobStore
  private let runner: any JobRunner
  private let holder: String
  private let leaseSeconds: Int
  private let report: @Sendable (Event) -> Void
  /// The time that a job's current run is for.
  private struct Work {
    var job: String
    var times: [CivilInstant]
    var task: Task<Void, Never>
  }

  private var running: [Int: Work] = [:]
  private var startedCount = 0

  /// The events of a scheduler.
  package enum Event: Sendable, Equatable {
    /// It has acquired the lease.
    case leading(token: Int64)
    /// It has lost the lease, or does not have it.
    case following
    /// A run is about to be requested.
    case starting(job: String, time: CivilInstant)
    /// A run ended.
    case ended(job: String, time: CivilInstant, RunOutcome)
    /// A run could not be started or ended normally.
    case troubled(job: String, time: CivilInstant, message: String)
    /// Times were skipped as missed.
    case missed(job: String, count: Int, last: CivilInstant)
  }

  private var isLeading: Bool?

  /// Makes a scheduler.
  ///
  /// - Parameters:
  ///   - store: where jobs and runs are kept.
  ///   - runner: runs them.
  ///   - holder: host and process, as the lease names them.
  ///   - leaseSeconds: how long the lease stays valid without a tick.
  ///   - report: receives each event.
  package init(
    store: any JobStore, runner: any JobRunner, holder: String, leaseSeconds: Int = 15,
    report: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.store = store
    self.runner = runner
    self.holder = holder
    self.leaseSeconds = leaseSeconds
    self.report = report
  }

  /// Decides which jobs are due and starts them.
  ///
  /// - Returns: the next instant at which something is due, by the store's clock; nil without the
  ///   lease or without jobs.
  /// - Throws: errors of the store; the next tick catches up.
  @discardableResult
  package func tick() async throws -> CivilInstant? {
    guard let lease = try await store.takeLease(holder: holder, seconds: leaseSeconds) else {
      if isLeading != false { report(.following) }
      isLeading = false
      return nil
    }
    if isLeading != true { report(.leading(token: lease)) }
    isLeading = true
    try await store.abandonDead()
    let now = try await store.now()
    var dues: [String: CivilInstant] = [:]
    for state in try await store.jobs() {
      let next = try await decide(state, now: now, lease: lease)
      if let next { dues[state.job.name] = next }
    }
    try await store.noteDue(dues)
    return dues.values.min()
  }

  /// Whether no run is in progress.
  package var isIdle: Bool { running.isEmpty }

  /// Waits for the runs in progress.
  package func drain() async {
    while let work = running.values.first { await work.task.value }
  }

  /// Cancels the runs in progress, and waits for them.
  package func cancel() async {
    for work in running.values { work.task.cancel() }
    await drain()
  }

  /// Starts the due runs of a job.
  ///
  /// - Returns: its next time.
  private func decide(_ state: JobState, now: CivilInstant, lease: Int64) async throws
    -> CivilInstant?
  {
    let job = state.job
    guard var decided = state.decidedUntil else {
      try await store.begin(job.name, at: now, lease: lease)
      return try await next(of: job, after: now)
    }
    // The clock was set back: a decision more than a lease ahead came from a wrong clock. The
    // unique key still prevents a second run of times that were started.
    if decided.secondsSinceEpoch > now.secondsSinceEpoch + max(3600, leaseSeconds) {
      decided = now
      try await store.begin(job.name, at: now, lease: lease)
    }
    let planned = running.values.filter { $0.job == job.name }.flatMap(\.times)
    if !planned.isEmpty, job.queues || job.catchUp == .all {
      return try await next(of: job, after: now)
    }
    let business = try await calendar(of: job, from: decided, to: now)
    var due = job.dueTimes(after: decided, through: now, isBusinessDay: business.contains)
    if let last = due.lastMissed {
      if try await store.noteMissed(job.name, last: last, count: due.missedCount, lease: lease) {
        report(.missed(job: job.name, count: due.missedCount, last: last))
      } else {
        due.runs = []
      }
    }
    if planned.isEmpty {
      var times = state.retries.isEmpty ? due.runs : [state.retries[0]]
      if times.isEmpty { times = state.requests.first { $0.isOpen }.map { [$0.time] } ?? [] }
      start(job, times, of: state.requests, lease: lease)
    } else if let time = due.runs.first, !planned.contains(time) {
      // Requested anyway, so that the store records the skipped time.
      start(job, [time], of: state.requests, lease: lease)
    }
    return try await next(of: job, after: now)
  }

  /// Runs a job for some times, one after the other, concurrently with other jobs; a time that was
  /// asked for has the words of its request, also when it is tried again.
  private func start(
    _ job: Job, _ times: [CivilInstant], of requests: [JobRequest], lease: Int64
  ) {
    guard !times.isEmpty else { return }
    startedCount += 1
    let number = startedCount
    report(.starting(job: job.name, time: times[0]))
    let task = Task {
      for time in times {
        if time != times[0] { report(.starting(job: job.name, time: time)) }
        do {
          var wanted = job
          if let words = requests.first(where: { $0.time == time })?.words {
            wanted.command = .payops(words)
          }
          let outcome = try await runner.run(wanted, for: time, lease: lease)
          report(.ended(job: job.name, time: time, outcome))
          if outcome == .busy { break }
        } catch {
          report(.troubled(job: job.name, time: time, message: "\(error)"))
          break
        }
      }
      running[number] = nil
    }
    running[number] = Work(job: job.name, times: times, task: task)
  }

  private func next(of job: Job, after now: CivilInstant) async throws -> CivilInstant? {
    let business = try await calendar(
      of: job, from: now, to: CivilInstant(secondsSinceEpoch: now.secondsSinceEpoch + 40 * 86_400))
    return job.next(after: now, isBusinessDay: business.contains)
  }

  /// The business days of a job's calendar around a period.
  private func calendar(of job: Job, from: CivilInstant, to: CivilInstant) async throws
    -> Set<CivilDate>
  {
    guard let calendar = job.calendar, job.condition != .any else { return [] }
    return try await store.businessDays(
      of: calendar, from: CivilDate(daysSinceEpoch: from.daysSinceEpoch - 1),
      to: CivilDate(daysSinceEpoch: to.daysSinceEpoch + 1))
  }
}
