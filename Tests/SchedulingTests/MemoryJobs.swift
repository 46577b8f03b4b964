import PayopsCore

@testable import Scheduling

/// The tables and procedures of jobs, in memory: the model that the database is compared with.
actor MemoryJobs {
  /// One row of job_runs.
  struct Run {
    var state: String
    var attempts: Int
    var token: Int64
    var player: Int
  }

  var now: CivilInstant
  private let jobs: [Job]
  private let maximumAttempts = 4
  private var decided: [String: CivilInstant] = [:]
  private(set) var begun: [String: CivilInstant] = [:]
  private(set) var runs: [String: [CivilInstant: Run]] = [:]
  private(set) var missed: [String: Int] = [:]
  private(set) var starts: [String: [CivilInstant: Int]] = [:]
  private var running: [String: CivilInstant] = [:]
  private var tokens: [String: Int64] = [:]
  private var lease: (player: Int, token: Int64, expires: Int) = (-1, 0, 0)
  private(set) var dead: Set<Int> = []
  private(set) var writes: [String: [Int64]] = [:]

  init(_ jobs: [Job], now: CivilInstant) {
    self.jobs = jobs
    self.now = now
  }

  func advance(_ seconds: Int) {
    now = CivilInstant(secondsSinceEpoch: now.secondsSinceEpoch + seconds)
  }

  var isIdle: Bool { running.isEmpty }

  func die(_ player: Int) { dead.insert(player) }

  func takeLease(_ player: Int, _ seconds: Int) -> Int64? {
    if lease.player != player {
      let isFree =
        lease.expires <= now.secondsSinceEpoch || lease.expires > now.secondsSinceEpoch + 3600
      guard isFree else { return nil }
      lease.token += 1
    }
    lease = (player, lease.token, now.secondsSinceEpoch + seconds)
    return lease.token
  }

  func holds(_ token: Int64) -> Bool {
    lease.token == token && lease.expires > now.secondsSinceEpoch
  }

  func states() -> [JobState] {
    jobs.map { job in
      let retries = (runs[job.name] ?? [:]).filter { time, run in
        ["failed", "abandoned"].contains(run.state) && run.attempts < maximumAttempts
          && (job.catchUp == .all || time == decided[job.name])
      }
      return JobState(
        job: job, decidedUntil: decided[job.name], retries: retries.keys.min().map { [$0] } ?? [])
    }
  }

  func begin(_ job: String, at time: CivilInstant, _ token: Int64) {
    guard lease.token == token else { return }
    if begun[job] == nil { begun[job] = time }
    decided[job] = time
  }

  func noteMissed(_ job: String, _ last: CivilInstant, _ count: Int, _ token: Int64) throws
    -> Bool
  {
    guard holds(token) else { throw LeaseLost() }
    missed[job, default: 0] += count
    decided[job] = max(decided[job] ?? last, last)
    return true
  }

  func abandonDead() {
    for (job, time) in running where dead.contains(runs[job]?[time]?.player ?? -1) {
      runs[job]?[time]?.state = "abandoned"
      running[job] = nil
    }
  }

  struct LeaseLost: Error {}

  func claim(_ job: Job, _ time: CivilInstant, _ player: Int, _ token: Int64?) throws
    -> (RunOutcome?, Int64)
  {
    if let token, !holds(token) { throw LeaseLost() }
    let old = runs[job.name]?[time]
    if let old, !(["failed", "abandoned"].contains(old.state) && old.attempts < maximumAttempts) {
      return (.taken, 0)
    }
    if running[job.name] != nil {
      guard old == nil, !job.queues else { return (.busy, 0) }
      runs[job.name, default: [:]][time] = Run(state: "skipped", attempts: 0, token: 0, player: -1)
      decided[job.name] = max(decided[job.name] ?? time, time)
      return (.skipped, 0)
    }
    tokens[job.name, default: 0] += 1
    let fence = tokens[job.name] ?? 0
    runs[job.name, default: [:]][time] = Run(
      state: "running", attempts: (old?.attempts ?? 0) + 1, token: fence, player: player)
    starts[job.name, default: [:]][time, default: 0] += 1
    running[job.name] = time
    decided[job.name] = max(decided[job.name] ?? time, time)
    return (nil, fence)
  }

  /// A write of a run: accepted only with the current token.
  func write(_ job: String, _ token: Int64) throws {
    guard running[job] != nil, tokens[job] == token else { throw LeaseLost() }
    writes[job, default: []].append(token)
  }

  func finish(_ job: String, _ time: CivilInstant, _ token: Int64, _ state: String) throws {
    guard running[job] == time, tokens[job] == token else { throw LeaseLost() }
    runs[job]?[time]?.state = state
    running[job] = nil
  }
}

/// One scheduler's view of the jobs: every call waits for its turn, and a kill may come before or
/// after the effect of a call.
struct StagedStore: JobStore, JobRunner {
  let player: Int
  let stage: Stage
  let jobs: MemoryJobs
  /// Whether the nth run of a player fails.
  let fails: @Sendable (CivilInstant) -> Bool

  private func play<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    try await stage.turn(player)
    let value = try await body()
    // The answer of a call may be lost.
    if stage.isKilled(player) { throw Stage.Killed() }
    return value
  }

  func now() async throws -> CivilInstant { try await play { await jobs.now } }

  func takeLease(holder: String, seconds: Int) async throws -> Int64? {
    try await play { await jobs.takeLease(player, seconds) }
  }

  func jobs() async throws -> [JobState] { try await play { await jobs.states() } }

  func businessDays(of calendar: String, from: CivilDate, to: CivilDate) async throws
    -> Set<CivilDate>
  {
    Set(
      (from.daysSinceEpoch...to.daysSinceEpoch).map { CivilDate(daysSinceEpoch: $0) }
        .filter { $0.weekday < 5 })
  }

  func begin(_ job: String, at time: CivilInstant, lease: Int64) async throws {
    try await play { await jobs.begin(job, at: time, lease) }
  }

  func noteMissed(_ job: String, last: CivilInstant, count: Int, lease: Int64) async throws
    -> Bool
  {
    try await play { try await jobs.noteMissed(job, last, count, lease) }
  }

  func noteDue(_ times: [String: CivilInstant]) async throws {}

  func abandonDead() async throws { try await play { await jobs.abandonDead() } }

  func run(_ job: Job, for time: CivilInstant, lease: Int64?) async throws -> RunOutcome {
    let (outcome, token) = try await play { try await jobs.claim(job, time, player, lease) }
    if let outcome { return outcome }
    for _ in 0..<3 { try await play { try await jobs.write(job.name, token) } }
    let state = fails(time) ? "failed" : "succeeded"
    try await play { try await jobs.finish(job.name, time, token, state) }
    return state == "failed" ? .failed : .succeeded
  }
}
