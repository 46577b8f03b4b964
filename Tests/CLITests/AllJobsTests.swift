import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("All jobs at once", .timeLimit(.minutes(60)))
struct AllJobsTests {
  /// How often each job must have run: a few times, or in `make test-long` for about an hour.
  private static var runs: Int {
    ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] == nil ? 3 : 200
  }

  @Test("no run of a built-in job fails beside a live load, and jobs check passes")
  func allAtOnce() async throws {
    let server = try await TestServer.privateServer()
    var options = server.connectionOptions
    options.database = "payops"
    let place =
      ["--socket", try #require(options.socket), "--database", "payops"]
      + (options.user.map { ["--user", $0] } ?? [])
    for arguments in [
      ["deploy"], ["generate", "--transactions", "2000", "--days", "20", "--seed", "5", "--quiet"],
    ] {
      let run = try await ProgramRun.payops(arguments + place, deadline: .seconds(200))
      try #require(run.status == 0, "\(run.errors)")
    }
    let connection = try await Connection.open(options)
    // Backups verify on private servers for minutes, and have their own tests.
    try await connection.execute(
      "UPDATE jobs SET is_enabled = 0 WHERE command_text LIKE 'backup %'")
    try await connection.execute(
      "UPDATE jobs SET schedule = 'every 1s', time_zone = 'UTC' WHERE is_enabled = 1")
    let load = Task {
      try await ProgramRun.run(
        try ProgramRun.binary, ["generate", "--live", "100", "--updates", "50", "--quiet"] + place,
        deadline: .seconds(3000),
        whileRunning: { pid in
          while !Task.isCancelled {
            let ended = try? await connection.query(
              "SELECT 1 FROM jobs WHERE job_name = 'refresh_kpis' AND is_enabled = 0")
            if ended.map({ !$0.rows.isEmpty }) ?? true { break }
            try? await Task.sleep(for: .milliseconds(50))
          }
          kill(pid, SIGTERM)
        })
    }
    let missing = """
      SELECT j.job_name FROM jobs AS j
      LEFT JOIN job_runs AS r ON r.job_name = j.job_name AND r.run_state = 'succeeded'
      WHERE j.is_enabled = 1
      GROUP BY j.job_name HAVING COUNT(r.run_id) < \(Self.runs)
      """
    let failed = """
      SELECT CONCAT_WS(' ', job_name, run_state, error_number, error_message, output_tail) AS e
      FROM job_runs
      WHERE run_state IN ('failed', 'timed_out', 'abandoned')
      """
    let daemon = try await ProgramRun.run(
      try ProgramRun.binary, ["run"] + place, deadline: .seconds(3000),
      whileRunning: { pid in
        do {
          while try await !connection.query(missing).rows.isEmpty,
            try await connection.query(failed).rows.isEmpty
          {
            try await Task.sleep(for: .milliseconds(50))
          }
          // Read before the daemon ends the runs in progress.
          let failures = try await connection.query(failed).rows.compactMap { $0["e"] }
          #expect(failures == [])
          let check = try await ProgramRun.payops(["jobs", "check"] + place)
          #expect(check.status == 0, "\(check)")
          #expect(!check.output.contains("failed runs"), "\(check)")
          try await connection.execute("UPDATE jobs SET is_enabled = 0")
        } catch {
          Issue.record(error)
        }
        kill(pid, SIGTERM)
      })
    #expect(daemon.status == 0 || daemon.status == 143, "\(daemon)")
    _ = try await load.value

    // Control: a failed run is reported with the server's message.
    try await connection.execute(
      "INSERT INTO jobs (job_name, description, command_kind, command_text, schedule,"
        + " maximum_attempts) VALUES ('broken', 'test', 'sql', 'CALL no_such_routine()',"
        + " 'every 1h', 3)")
    _ = try await ProgramRun.payops(["jobs", "run", "broken", "--now"] + place)
    let check = try await ProgramRun.payops(["jobs", "check"] + place)
    #expect(check.status == 1 && check.output.contains("late or failing: broken"), "\(check)")
    #expect(check.output.contains("failed runs in the last 24 h: broken 1"), "\(check)")
    let message = try await connection.query(
      "SELECT error_message AS m FROM ops_job_runs WHERE job_name = 'broken'"
    ).rows.first?["m"]
    #expect(message?.contains("no_such_routine") == true)
    await connection.close()
    try await server.remove()
  }
}
