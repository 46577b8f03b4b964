internal import EmbeddedServer
internal import Foundation
package import MariaDBClient
package import PayopsCore

/// Runs jobs: a CALL on a connection of its own, a program as a child process.
package struct DatabaseJobRunner: JobRunner {
  private let options: ConnectionOptions
  private let host: String
  private let program: @Sendable ([String]) -> [String]
  private let aliveSeconds: Int

  /// - Parameters:
  ///   - options: how to connect, with the schema.
  ///   - host: name of this host, as runs carry it.
  ///   - aliveSeconds: how long a program counts as alive without a sign; one is given three times
  ///     as often.
  ///   - program: makes a command line, the path of the program first, of the words of a command.
  package init(
    options: ConnectionOptions, host: String, aliveSeconds: Int = 60,
    program: @escaping @Sendable ([String]) -> [String]
  ) {
    self.options = options
    self.host = host
    self.aliveSeconds = aliveSeconds
    self.program = program
  }

  package func run(_ job: Job, for time: CivilInstant, lease: Int64?) async throws -> RunOutcome {
    let connection = try await Connection.open(options)
    do {
      let outcome =
        switch job.command {
        case .sql: try await call(job, time, lease, on: connection)
        case .payops(let words): try await start(words, of: job, time, lease, on: connection)
        }
      await connection.close()
      return outcome
    } catch {
      await connection.close()
      throw error
    }
  }

  // MARK: - CALL

  private func call(
    _ job: Job, _ time: CivilInstant, _ lease: Int64?, on connection: Connection
  ) async throws -> RunOutcome {
    let values: [SQLValue] = [
      .text(job.name), .text(time.description), .text(host), .text(ProcessName.current.text),
      lease.map { .integer($0) } ?? .null,
    ]
    // The limit is kept here: max_statement_time does nothing inside procedures.
    let watch = Task {
      try await Task.sleep(for: .seconds(job.timeoutSeconds))
      try await connection.cancelRunningStatement()
    }
    defer { watch.cancel() }
    do {
      let results = try await withTaskCancellationHandler {
        try await connection.queryAll("CALL run_job(?, ?, ?, ?, ?)", values)
      } onCancel: {
        Task { try? await connection.cancelRunningStatement() }
      }
      let outcome = results.last { !$0.columns.isEmpty }?.rows.first?["outcome"]
      return outcome.flatMap(RunOutcome.init) ?? .failed
    } catch let error as DatabaseError {
      guard error.errno == 1317 else { throw error }
      // A handler inside the procedure does not see that the statement was cancelled.
      let isLate = !Task.isCancelled
      try await finish(
        job, time, isLate ? "timed_out" : "failed",
        message: isLate
          ? "took longer than \(job.timeoutSeconds) s" : "the scheduler was stopped")
      return isLate ? .timedOut : .failed
    }
  }

  /// Ends the run of a time from outside.
  private func finish(_ job: Job, _ time: CivilInstant, _ state: String, message: String)
    async throws
  {
    let options = options
    let values: [SQLValue] = [.text(job.name), .text(time.description)]
    // In a task of its own, for this one may be cancelled.
    try await Task {
      let connection = try await Connection.open(options)
      let row = try await connection.query(
        "SELECT run_id, fencing_token FROM job_runs WHERE job_name = ? AND scheduled_for = ?"
          + " AND run_state = 'running'", values
      ).rows.first
      if let run = row?.integer("run_id"), let token = row?.integer("fencing_token") {
        try await connection.execute(
          "CALL finish_job_run(?, ?, ?, NULL, 1317, ?, NULL)",
          [.integer(run), .integer(token), .text(state), .text(message)])
      }
      await connection.close()
    }.value
  }

  // MARK: - Programs

  private func start(
    _ words: [String], of job: Job, _ time: CivilInstant, _ lease: Int64?,
    on connection: Connection
  ) async throws -> RunOutcome {
    let row = try await connection.query(
      "CALL start_job_run(?, ?, ?, ?, ?, ?)",
      [
        .text(job.name), .text(time.description), .text(host), .text(ProcessName.current.text),
        .integer(Int64(aliveSeconds)), lease.map { .integer($0) } ?? .null,
      ]
    ).rows.first
    guard row?["outcome"] == "started", let run = row?.integer("run_id"),
      let token = row?.integer("fencing_token")
    else { return row?["outcome"].flatMap(RunOutcome.init) ?? .busy }
    let fence = JobFence(job: job.name, token: token)
    let output = NSTemporaryDirectory() + "/payops-job-\(UUID().uuidString)"
    defer { unlink(output) }
    if let reason = JobWords.refusal(words) {
      try await finish(run, fence, .refused(reason), tail: "")
      return .failed
    }
    do {
      let child = try ChildProcess(
        ["/usr/bin/env", "\(JobFence.variable)=\(fence.text)"] + program(words), outputPath: output)
      let end = try await wait(
        for: child, limit: .seconds(job.timeoutSeconds), run: run, fence: fence, connection)
      let tail = String(ChildProcess.tail(of: output).suffix(4000))
      try await finish(run, fence, end, tail: tail)
      return end.outcome
    } catch let error as EmbeddedServerError {
      try await finish(run, fence, .refused(error.message), tail: "")
      return .failed
    }
  }

  /// How a program ended.
  private enum End {
    case exited(Int32)
    case late(Int)
    case stopped
    case replaced
    case refused(String)

    var outcome: RunOutcome {
      switch self {
      case .exited(0): .succeeded
      case .late: .timedOut
      default: .failed
      }
    }

    var message: String? {
      switch self {
      case .exited(0): nil
      case .exited(let status): "ended with status \(status)"
      case .late(let seconds): "took longer than \(seconds) s"
      case .stopped: "the scheduler was stopped"
      case .replaced: "was given up for dead and replaced"
      case .refused(let message): message
      }
    }
  }

  /// Waits for a program, shows that it lives, and ends it when it must stop.
  private func wait(
    for child: ChildProcess, limit: Duration, run: Int64, fence: JobFence, _ connection: Connection
  ) async throws -> End {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var lastSign = clock.now
    var nextSign = clock.now + .seconds(aliveSeconds) / 3
    while true {
      if let status = child.exitStatus() { return .exited(status) }
      if clock.now >= deadline {
        await child.stop()
        return .late(Int(limit.components.seconds))
      }
      if Task.isCancelled {
        await child.stop()
        return .stopped
      }
      if clock.now >= nextSign {
        nextSign = clock.now + .seconds(aliveSeconds) / 3
        do {
          let row = try await connection.query(
            "CALL renew_job_run(?, ?, ?)",
            [.integer(run), .integer(fence.token), .integer(Int64(aliveSeconds))]
          ).rows.first
          guard row?.integer("is_current") == 1 else {
            await child.stop()
            return .replaced
          }
          lastSign = clock.now
        } catch {
          // Without a database nobody else can start the job either, until it counts as dead.
          if clock.now - lastSign > .seconds(aliveSeconds) {
            await child.stop()
            return .replaced
          }
        }
      }
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  private func finish(_ run: Int64, _ fence: JobFence, _ end: End, tail: String) async throws {
    if case .replaced = end { return }
    var status: SQLValue = .null
    if case .exited(let code) = end, code != 0 { status = .integer(Int64(code)) }
    let values: [SQLValue] = [
      .integer(run), .integer(fence.token), .text(end.outcome.rawValue), status,
      end.message.map { .text($0) } ?? .null, .text(tail),
    ]
    let options = options
    // On a connection and in a task of its own: the first may be lost, this one cancelled.
    try await Task {
      let connection = try await Connection.open(options)
      try await connection.execute("CALL finish_job_run(?, ?, ?, NULL, ?, ?, ?)", values)
      await connection.close()
    }.value
  }
}
