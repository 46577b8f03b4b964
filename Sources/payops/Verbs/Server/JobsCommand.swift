import EmbeddedServer
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

  /// Runs a piece of work with the jobs of the database.
  static func withStore<Value: Sendable>(
    _ invocation: Invocation, _ body: (DatabaseJobStore) async throws -> Value
  ) async throws -> Value {
    try await invocation.withConnection { try await body(DatabaseJobStore($0, host: Host.name)) }
  }
}

/// `payops jobs list`.
struct JobsList: DatabaseVerb {
  let name = "list"
  let summary = "print every job with its last and its next run"
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.show(empty: "no jobs") {
      try await JobTables.jobs(isWide: $1, on: $0)
    }
  }
}

/// `payops jobs run`.
struct JobsRun: DatabaseVerb {
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

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let target = try DatabaseTarget(for: invocation)
    let job = try invocation.required(JobsCommand.job)
    let report = try await JobReport.run(
      job, isNow: invocation[Self.now], on: try await target.connect(),
      by: DatabaseJobRunner(
        options: try await target.connectionOptions(), host: Host.name,
        program: { invocation.commandLine($0) }))
    try invocation.console.write(report.text, json: report.json)
    return switch report.outcome {
    case .succeeded, .taken, .skipped: .ok
    case .failed, .timedOut: .finding
    case .busy: .temporary
    }
  }
}

/// `payops jobs history`.
struct JobsHistory: DatabaseVerb {
  static let job = Positional(name: "JOB", help: "only runs of this job", arity: .optional)
  static let limit = Option.count("limit", "N", from: 1, "most runs to print (default 20)")

  let name = "history"
  let summary = "print what became of runs, the latest first"
  let positionals = [job]
  let options = [limit.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let job = invocation[Self.job]
    if let job {
      _ = try await JobsCommand.withStore(invocation) { try await $0.known(job) }
    }
    return try await invocation.show(
      empty: job.map { "\($0) has not run yet" } ?? "no job has run yet"
    ) {
      try await JobTables.runs(
        of: job, limit: invocation[Self.limit] ?? 20, isWide: $1, on: $0)
    }
  }
}

/// `payops jobs next`.
struct JobsNext: DatabaseVerb {
  static let count = Option.integer(
    "count", "N", in: 1...1000, "how many times to print (default 5)")

  let name = "next"
  let summary = "print the next times of a job's schedule"
  let positionals = [JobsCommand.job]
  let options = [count.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let name = try invocation.required(JobsCommand.job)
    let times = try await JobsCommand.withStore(invocation) { store in
      try await store.nextTimes(
        of: try await store.known(name).job, count: invocation[Self.count] ?? 5)
    }
    try invocation.console.write(
      times.map { "\($0) UTC\n" }.joined(),
      json: JSON.array(times.map { .string($0.description) }))
    return .ok
  }
}

/// `payops jobs enable`.
struct JobsEnable: DatabaseVerb {
  let name = "enable"
  let summary = "let the scheduler start a job"
  let positionals = [JobsCommand.job]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchJob(on: true)
  }
}

/// `payops jobs disable`.
struct JobsDisable: DatabaseVerb {
  let name = "disable"
  let summary = "keep the scheduler from starting a job"
  let positionals = [JobsCommand.job]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchJob(on: false)
  }
}

extension Invocation {
  fileprivate func switchJob(on isOn: Bool) async throws -> ExitCode {
    let name = try required(JobsCommand.job)
    try await JobsCommand.withStore(self) { try await $0.setEnabled(name, isOn) }
    try console.write("\(name) is \(isOn ? "on" : "off")\n")
    return .ok
  }
}

/// `payops jobs schedule`.
struct JobsSchedule: DatabaseVerb {
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

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let text = try invocation.required(Self.schedule)
    let zone = invocation[Self.zone] ?? "UTC"
    let name = try invocation.required(JobsCommand.job)
    try await JobsCommand.withStore(invocation) {
      try await $0.setSchedule(name, text, zone: zone)
    }
    try invocation.console.write("\(name) runs \(text)\(zone == "UTC" ? "" : " (\(zone))")\n")
    return .ok
  }
}

/// `payops jobs check`.
struct JobsCheck: DatabaseVerb {
  let name = "check"
  let summary = "say in one line whether jobs run as they should"
  let discussion = """
    Exits with 0 when a scheduler is running, no job is late and the last run of each
    did not fail, with 1 otherwise; failed runs of the last 24 hours are counted.
    For health checks of services and containers.
    """

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let status = try await invocation.withConnection { try await SchedulerStatus.read(on: $0) }
    try invocation.console.write(status.text, json: status.json)
    return status.isGood ? .ok : .finding
  }
}
