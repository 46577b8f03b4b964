internal import Foundation
package import MariaDBClient
package import PayopsCore
internal import Processes

/// Runs jobs: a CALL on a connection of its own, a program as a child process.
///
/// A lock conflict is temporary: `run_job` calls the command again, and a program that ends with 75
/// (temporary) is started again, both within the same run.
package struct DatabaseJobRunner: JobRunner {
  private let options: ConnectionOptions
  private let host: String
  private let program: @Sendable ([String]) -> [String]
  private let aliveSeconds: Int
  private let retryPause: Duration

  /// The exit status of a program that asks to be run again.
  private static let temporaryStatus: Int32 = 75
  /// How often it is started in one run at most.
  private static let programStarts = 3
  /// How often a call that claims or ends a run is made at most, when locks conflict.
  private static let callAttempts = 5

  /// - Parameters:
  ///   - options: how to connect, with the schema.
  ///   - host: name of this host, as recorded in runs.
  ///   - aliveSeconds: how long a program counts as alive without a sign of life; three are sent in
  ///     this time.
  ///   - retryPause: pause before a program that asks to be run again is started again.
  ///   - program: turns the words of a command into a command line, the program's path first.
  package init(
    options: ConnectionOptions, host: String, aliveSeconds: Int = 60,
    retryPause: Duration = .seconds(1), program: @escaping @Sendable ([String]) -> [String]
  ) {
    self.options = options
    self.host = host
    self.aliveSeconds = aliveSeconds
    self.retryPause = retryPause
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
    // The limit is enforced here: max_statement_time has no effect inside procedures.
    let watch = Task {
      try await Task.sleep(for: .seconds(job.timeoutSeconds))
      try await connection.cancelRunningStatement()
    }
    defer { watch.cancel() }
    do {
      let results = try await withTaskCancellationHandler {
        try await Self.trying {
          try await connection.queryAll("CALL run_job(?, ?, ?, ?, ?)", values)
        }
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

  /// Repeats a call that ended in a lock conflict; all calls here may be made twice.
  private static func trying<T: Sendable>(
    _ call: () async throws -> T
  ) async throws -> T {
    for _ in 1..<callAttempts {
      do {
        return try await call()
      } catch let error as DatabaseError where error.isLockConflict {
        continue
      }
    }
    return try await call()
  }

  /// Ends the run for a time from outside.
  private func finish(_ job: Job, _ time: CivilInstant, _ state: String, message: String)
    async throws
  {
    let options = options
    let values: [SQLValue] = [.text(job.name), .text(time.description)]
    // In a separate task, as this one may be cancelled.
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
    let claim: [SQLValue] = [
      .text(job.name), .text(time.description), .text(host), .text(ProcessName.current.text),
      .integer(Int64(aliveSeconds)), lease.map { .integer($0) } ?? .null,
    ]
    let row = try await Self.trying {
      try await connection.query("CALL start_job_run(?, ?, ?, ?, ?, ?)", claim).rows.first
    }
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
      let clock = ContinuousClock()
      let deadline = clock.now + .seconds(job.timeoutSeconds)
      var end = End.stopped
      for attempt in 1...Self.programStarts {
        let child = try ChildProcess(
          ["/usr/bin/env", "\(JobFence.variable)=\(fence.text)"] + program(words),
          output: .file(output))
        end = try await wait(
          for: child, until: deadline, limit: job.timeoutSeconds, run: run, fence: fence,
          connection)
        guard case .exited(Self.temporaryStatus) = end, attempt < Self.programStarts else { break }
        try? await Task.sleep(for: retryPause * attempt)
      }
      let tail = String(LogTail.read(output, lines: 50).suffix(4000))
      try await finish(run, fence, end, tail: tail)
      return end.outcome
    } catch let error as ProcessError {
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

    /// Why it did not succeed, with the program's last error line.
    func message(_ tail: String) -> String? {
      switch self {
      case .exited(0): nil
      case .exited(let status):
        "ended with status \(status)"
          + (Self.lastError(in: tail).map { ": \($0)" } ?? "")
      case .late(let seconds): "took longer than \(seconds) s"
      case .stopped: "the scheduler was stopped"
      case .replaced: "was given up for dead and replaced"
      case .refused(let message): message
      }
    }

    /// The last error line, else the last line.
    private static func lastError(in tail: String) -> String? {
      let lines = tail.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty && !$0.hasPrefix("hint:") }
      return (lines.last { $0.contains("error:") } ?? lines.last).map { String($0.prefix(400)) }
    }
  }

  /// Waits for a program, sends its signs of life, and ends it when it must stop.
  private func wait(
    for child: ChildProcess, until deadline: ContinuousClock.Instant, limit: Int, run: Int64,
    fence: JobFence, _ connection: Connection
  ) async throws -> End {
    let clock = ContinuousClock()
    var lastSign = clock.now
    var nextSign = clock.now + .seconds(aliveSeconds) / 3
    while true {
      if let status = child.exitStatus() { return .exited(status) }
      if clock.now >= deadline {
        await child.stop()
        return .late(limit)
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
          // Without a database no other scheduler can start the job, until this run counts as dead.
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
      end.message(tail).map { .text($0) } ?? .null, .text(tail),
    ]
    let options = options
    // On a new connection in a separate task: the first one may be lost, this task cancelled.
    try await Task {
      let connection = try await Connection.open(options)
      _ = try await Self.trying {
        try await connection.execute("CALL finish_job_run(?, ?, ?, NULL, ?, ?, ?)", values)
      }
      await connection.close()
    }.value
  }
}
