import Foundation
import MariaDBClient
import PayopsCore
import Scheduling
import Tabular

/// `payops jobs …`: what runs by itself, when, and what became of it.
struct JobsCommand: Verb {
  static let job = Positional(name: "JOB", help: "name of a job", arity: .required)

  let name = "jobs"
  let summary = "scheduled jobs: list, run, history, switch on and off"
  let discussion = """
    Jobs lie in the table jobs. They are started by `payops run`, by cron or a systemd
    timer with `payops jobs run JOB`, or by CALL run_job(…) from any client: all keep
    their runs in the same place, and no time of a schedule is run twice.
    """
  let subverbs: [any Verb] = [
    JobsList(), JobsRun(), JobsHistory(), JobsNext(), JobsEnable(), JobsDisable(), JobsSchedule(),
    JobsCheck(),
  ]

  /// Reads one job.
  ///
  /// - Throws: a usage failure when there is none
  static func read(_ invocation: Invocation, _ connection: Connection) async throws -> JobState {
    let name = try invocation.required(job)
    let store = DatabaseJobStore(connection, host: Host.name)
    guard let state = try await store.job(name) else {
      throw Fault.usage("there is no job '\(name)'", hint: "see `payops jobs list`")
    }
    return state
  }
}

/// `payops jobs list`.
struct JobsList: Verb {
  let name = "list"
  let summary = "print every job with its last and its next run"
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isWide = invocation.console.isJSON || invocation.format != nil
    let columns =
      isWide
      ? "*"
      : "job_name, schedule, CASE WHEN is_enabled = 0 THEN 'off' WHEN is_running = 1 THEN 'running'"
        + " WHEN is_failing = 1 THEN 'FAILING' WHEN is_late = 1 THEN 'LATE'"
        + " ELSE COALESCE(last_state, 'new') END AS state,"
        + " last_scheduled_for AS last_utc, next_due_at AS next_utc"
    let table = try await invocation.withConnection { connection in
      DataTable(try await connection.query("SELECT \(columns) FROM ops_jobs ORDER BY job_name"))
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops jobs run`.
struct JobsRun: Verb {
  static let now = Flag("now", help: "run it now, whatever its schedule says")

  let name = "run"
  let summary = "run a job for the last time of its schedule"
  let discussion = """
    Runs the job for the last time of its schedule that has come, unless that was done;
    so cron, a timer and `payops run` can be on at once. With --now it runs in any case,
    but never twice at the same time. Exits with 1 when the job failed, with 75 when it
    is running.

      payops jobs run refresh_kpis
      payops jobs run create_backup --now
    """
  let positionals = [JobsCommand.job]
  let options = [now.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let target = try DatabaseTarget(for: invocation)
    let connection = try await target.connect()
    let state = try await JobsCommand.read(invocation, connection)
    let store = DatabaseJobStore(connection, host: Host.name)
    try await store.abandonDead()
    let clock = try await store.now()
    guard let time = invocation[Self.now] ? clock : state.job.schedule.last(through: clock) else {
      throw Fault.usage(
        "the schedule of \(state.job.name) has no time in the last 400 days",
        hint: "run it with --now")
    }
    let runner = DatabaseJobRunner(
      options: try await target.connectionOptions(), host: Host.name,
      program: { ProgramPath.commandLine($0, for: invocation) })
    let outcome = try await runner.run(state.job, for: time, lease: nil)
    let row = try await connection.query(
      "SELECT run_id, run_state, ended_at, row_count, error_message FROM job_runs"
        + " WHERE job_name = ? AND scheduled_for = ?",
      [.text(state.job.name), .text(time.description)]
    ).rows.first
    await connection.close()
    try report(invocation.console, state.job.name, time, outcome, row)
    return switch outcome {
    case .succeeded, .taken, .skipped: .ok
    case .failed, .timedOut: .finding
    case .busy: .temporary
    }
  }

  private func report(
    _ console: Console, _ job: String, _ time: CivilInstant, _ outcome: RunOutcome, _ row: Row?
  ) throws {
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "job": .string(job), "scheduled_for": .string(time.description),
          "outcome": .string(outcome.rawValue),
          "run_id": row?.integer("run_id").map { .integer(Int($0)) } ?? .null,
          "row_count": row?.integer("row_count").map { .integer(Int($0)) } ?? .null,
          "error_message": row?["error_message"].map { .string($0) } ?? .null,
        ]).lines)
      return
    }
    let text =
      switch outcome {
      case .succeeded: "succeeded" + (row?["row_count"].map { ", \($0) rows" } ?? "")
      case .failed, .timedOut: "\(outcome.rawValue): \(row?["error_message"] ?? "no message")"
      case .taken: "nothing to do, that time was \(row?["run_state"] ?? "decided")"
      case .busy: "it is running, or waits for its next attempt"
      case .skipped: "skipped, it is running"
      }
    try console.write("\(job) for \(time) UTC: \(text)\n")
  }
}

/// `payops jobs history`.
struct JobsHistory: Verb {
  static let job = Positional(name: "JOB", help: "only runs of this job", arity: .optional)
  static let limit = Option.count("limit", "N", "most runs to print (default 20)")

  let name = "history"
  let summary = "print what became of runs, the latest first"
  let positionals = [job]
  let options = [limit.declaration, OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isWide = invocation.console.isJSON || invocation.format != nil
    let columns =
      isWide
      ? "*"
      : "job_name, scheduled_for, run_state, attempt_count AS attempt,"
        + " ROUND(run_seconds, 1) AS seconds, row_count AS rows_done"
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "SELECT \(columns) FROM ops_job_runs WHERE job_name = COALESCE(?, job_name)"
            + " ORDER BY scheduled_for DESC, run_id DESC LIMIT ?",
          [
            invocation[Self.job].map { .text($0) } ?? .null,
            .integer(Int64(invocation[Self.limit] ?? 20)),
          ]))
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops jobs next`.
struct JobsNext: Verb {
  static let count = Option.integer(
    "count", "N", in: 1...1000, "how many times to print (default 5)")

  let name = "next"
  let summary = "print the next times of a job's schedule"
  let positionals = [JobsCommand.job]
  let options = [count.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let times = try await invocation.withConnection { connection -> [CivilInstant] in
      let job = try await JobsCommand.read(invocation, connection).job
      let store = DatabaseJobStore(connection, host: Host.name)
      var cursor = try await store.now()
      let business = try await job.calendar.map { calendar in
        (calendar, cursor.date, CivilDate(daysSinceEpoch: cursor.daysSinceEpoch + 3660))
      }.asyncMap { try await store.businessDays(of: $0.0, from: $0.1, to: $0.2) }
      var found: [CivilInstant] = []
      while found.count < invocation[Self.count] ?? 5,
        let time = job.next(after: cursor, isBusinessDay: { business?.contains($0) ?? true })
      {
        found.append(time)
        cursor = time
      }
      return found
    }
    if invocation.console.isJSON {
      try invocation.console.write(JSON.array(times.map { .string($0.description) }).lines)
    } else {
      try invocation.console.write(times.map { "\($0) UTC\n" }.joined())
    }
    return .ok
  }
}

extension Optional {
  /// `map` with a closure that waits.
  fileprivate func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async rethrows
    -> Value?
  {
    guard let self else { return nil }
    return try await transform(self)
  }
}

/// `payops jobs enable`.
struct JobsEnable: Verb {
  let name = "enable"
  let summary = "let the scheduler start a job"
  let positionals = [JobsCommand.job]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchJob(on: true)
  }
}

/// `payops jobs disable`.
struct JobsDisable: Verb {
  let name = "disable"
  let summary = "keep the scheduler from starting a job"
  let positionals = [JobsCommand.job]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchJob(on: false)
  }
}

extension Invocation {
  fileprivate func switchJob(on isOn: Bool) async throws -> ExitCode {
    let name = try required(JobsCommand.job)
    try await withConnection { connection in
      _ = try await JobsCommand.read(self, connection)
      try await connection.execute(
        "CALL set_job_enabled(?, ?)", [.text(name), .integer(isOn ? 1 : 0)])
    }
    try console.write("\(name) is \(isOn ? "on" : "off")\n")
    return .ok
  }
}

/// `payops jobs schedule`.
struct JobsSchedule: Verb {
  static let schedule = Positional(
    name: "SCHEDULE", help: "a cron expression, or every 10s, 5m, 2h, 1d", arity: .required)
  static let zone = Option.text(
    "zone", "ZONE", "time zone of a cron expression, such as Europe/Berlin (default UTC)")

  let name = "schedule"
  let summary = "set when a job runs"
  let discussion = """
    A cron expression has minute, hour, day of the month, month and day of the week, with
    the second before them when there are six fields. Where clocks change, a job of a
    named hour runs once; one of every hour runs in every hour that passes.

      payops jobs schedule create_backup "30 2 * * MON-FRI" --zone Europe/Berlin
      payops jobs schedule refresh_kpis "every 5s"
    """
  let positionals = [JobsCommand.job, schedule]
  let options = [zone.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let text = try invocation.required(Self.schedule)
    let zone = invocation[Self.zone] ?? "UTC"
    do {
      _ = try Schedule(text, timeZone: zone)
    } catch {
      throw Fault.usage(error.description, hint: "see `payops jobs schedule --help`")
    }
    let name = try invocation.required(JobsCommand.job)
    try await invocation.withConnection { connection in
      _ = try await JobsCommand.read(invocation, connection)
      try await connection.execute(
        "CALL set_job_schedule(?, ?, ?)", [.text(name), .text(text), .text(zone)])
    }
    try invocation.console.write("\(name) runs \(text)\(zone == "UTC" ? "" : " (\(zone))")\n")
    return .ok
  }
}

/// `payops jobs check`.
struct JobsCheck: Verb {
  let name = "check"
  let summary = "tell in one line whether jobs run as they should"
  let discussion = """
    Exits with 0 when a scheduler is at work, no job is late and the last run of each
    did not fail, with 1 otherwise; failed runs of the last 24 hours are counted.
    For health checks of services and containers.
    """
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let row = try await invocation.withConnection { connection in
      try await connection.query("SELECT * FROM ops_scheduler").rows.first
    }
    let holder =
      row?["is_at_work"] == "1"
      ? "\(row?["holder"] ?? "") since \(row?["acquired_at"] ?? "")" : nil
    let (troubled, failed) = (row?["troubled_jobs"], row?["failed_jobs"])
    let text =
      (holder.map { "scheduled by \($0) UTC" } ?? "no scheduler is at work")
      + (troubled.map { "; late or failing: \($0)" } ?? "; no job is late or failing")
      + (failed.map { "; failed runs in the last 24 h: \($0)" } ?? "")
    if invocation.console.isJSON {
      try invocation.console.write(
        JSON.pairs([
          "scheduler": holder.map { .string($0) } ?? .null,
          "troubled_jobs": .array(
            (troubled ?? "").split(separator: ", ").map { .string(String($0)) }),
          "failed_runs": .integer(row?.integer("failed_run_count") ?? 0),
        ]).lines)
    } else {
      try invocation.console.write(text + "\n")
    }
    return holder != nil && troubled == nil ? .ok : .finding
  }
}
