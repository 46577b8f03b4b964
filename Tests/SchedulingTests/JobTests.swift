import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Scheduling

@Suite("Jobs in the database", .timeLimit(.minutes(5)))
struct JobTests {
  /// A job that writes a row for each run that reaches its write.
  static func addJob(
    _ connection: Connection, name: String = "count_up", overlap: String = "skip",
    attempts: Int = 3, retrySeconds: Int = 0, body: String = ""
  ) async throws {
    try await connection.execute(
      "CREATE TABLE IF NOT EXISTS counted (id INT AUTO_INCREMENT PRIMARY KEY, job VARCHAR(64))")
    try await connection.execute(
      """
      CREATE OR REPLACE PROCEDURE \(name)()
      BEGIN
          START TRANSACTION;
          CALL check_job_fence();
          \(body)
          INSERT INTO counted (job) VALUES ('\(name)');
          SET @payops_job_rows = 1;
          COMMIT;
      END
      """)
    try await connection.execute(
      """
      INSERT INTO jobs (job_name, description, command_kind, command_text, schedule, overlap,
          maximum_attempts, retry_seconds)
      VALUES (?, 'test', 'sql', ?, 'every 1m', ?, ?, ?)
      """,
      [
        .text(name), .text("CALL \(name)()"), .text(overlap), .integer(Int64(attempts)),
        .integer(Int64(retrySeconds)),
      ])
  }

  static func count(_ connection: Connection, _ sql: String) async throws -> Int64 {
    try await connection.query(sql).rows.first?.integer("n") ?? -1
  }

  static func runJob(_ connection: Connection, _ job: String, _ time: String) async throws
    -> String
  {
    let results = try await connection.queryAll(
      "CALL run_job(?, ?, NULL, NULL, NULL)", [.text(job), .text(time)])
    return results.last { !$0.columns.isEmpty }?.rows.first?["outcome"] ?? ""
  }

  static func errno(_ body: () async throws -> Void) async -> UInt32? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? DatabaseError)?.errno
    }
  }

  @Test("one scheduled time is started once, however many schedulers claim it at once")
  func exactlyOnce() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection, overlap: "queue")
      let options = connection.options
      let outcomes = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<6 {
          group.addTask {
            let racer = try await Connection.open(options)
            var outcomes: [String] = []
            for minute in 0..<40 {
              // Busy: another scheduler's run of another minute is in progress.
              var outcome = "busy"
              while outcome == "busy" {
                outcome = try await Self.runJob(
                  racer, "count_up", "2026-11-22 10:\(minute < 10 ? "0" : "")\(minute):00")
              }
              outcomes.append(outcome)
            }
            await racer.close()
            return outcomes
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(outcomes.filter { $0 == "succeeded" }.count == 40)
      #expect(outcomes.filter { $0 == "taken" }.count == 200)
      #expect(try await Self.count(connection, "SELECT COUNT(*) AS n FROM counted") == 40)
      let done =
        "SELECT COUNT(*) AS n FROM job_runs WHERE run_state = 'succeeded' AND row_count = 1"
      #expect(try await Self.count(connection, done) == 40)
    }
  }

  @Test("a run that was replaced cannot write any more")
  func fence() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection)
      let start = "CALL start_job_run('count_up', '2026-11-22 10:00:00', 'here', 'one', 60, NULL)"
      let first = try #require(try await connection.query(start).rows.first)
      let run = try #require(first.integer("run_id"))
      let token = try #require(first.integer("fencing_token"))
      var options = connection.options
      options.jobFence = JobFence(job: "count_up", token: token)
      let worker = try await Connection.open(options)
      try await worker.execute("START TRANSACTION")
      try await worker.execute("CALL check_job_fence()")
      // While its transaction is open, no other run can replace it.
      #expect(try await connection.query(start).rows.first?["outcome"] == "busy")
      try await connection.execute("SET SESSION innodb_lock_wait_timeout = 1")
      let waits = await Self.errno {
        try await connection.execute("CALL abandon_job_run(?, 'test')", [.integer(run)])
      }
      #expect(waits == 1205)
      try await worker.execute("INSERT INTO counted (job) VALUES ('first')")
      try await worker.execute("COMMIT")
      try await connection.execute("CALL abandon_job_run(?, 'test')", [.integer(run)])
      let again = try #require(try await connection.query(start).rows.first)
      #expect(again["outcome"] == "started")
      #expect(again.integer("run_id") == run)
      #expect(again.integer("fencing_token") == token + 1)

      #expect(await Self.errno { try await worker.execute("CALL count_up()") } == 30602)
      try await worker.execute("ROLLBACK")
      #expect(
        await Self.errno { try await worker.execute("CALL refresh_rollups(10)") } == 30602)
      let finish = "CALL finish_job_run(?, ?, 'succeeded', NULL, NULL, NULL, NULL)"
      let late = await Self.errno {
        try await connection.execute(finish, [.integer(run), .integer(token)])
      }
      #expect(late == 30602)
      let sign = try await connection.query(
        "CALL renew_job_run(?, ?, 60)", [.integer(run), .integer(token)]
      ).rows.first
      #expect(sign?.integer("is_current") == 0)
      try await connection.execute(finish, [.integer(run), .integer(token + 1)])
      // A run that has ended may not write either, and no other run is affected.
      options.jobFence = JobFence(job: "count_up", token: token + 1)
      let ended = try await Connection.open(options)
      #expect(await Self.errno { try await ended.execute("CALL count_up()") } == 30602)
      try await ended.execute("ROLLBACK")
      try await connection.execute("CALL count_up()")
      #expect(try await Self.count(connection, "SELECT COUNT(*) AS n FROM counted") == 2)
      await worker.close()
      await ended.close()
    }
  }

  @Test("a run whose connection is killed is abandoned and repeated at once")
  func killed() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(
        connection, body: "DO SLEEP(IF((SELECT attempt_count FROM job_runs) = 1, 100, 0));")
      let victim = try await Connection.open(connection.options)
      async let end = Self.errno {
        _ = try await Self.runJob(victim, "count_up", "2026-11-22 10:00:00")
      }
      while try await Self.count(
        connection,
        "SELECT COUNT(*) AS n FROM information_schema.processlist"
          + " WHERE id = \(victim.connectionId) AND info LIKE '%SLEEP%'") == 0
      { try await Task.sleep(for: .milliseconds(5)) }
      #expect(try await Self.runJob(connection, "count_up", "2026-11-22 10:01:00") == "busy")
      try await connection.execute("KILL CONNECTION \(victim.connectionId)")
      #expect(await end != nil)
      // The server releases the locks of the connection a moment later.
      let lock = "SELECT IS_USED_LOCK(SHA2(CONCAT(DATABASE(), '.job.count_up'), 256)) IS NULL AS n"
      while try await Self.count(connection, lock) == 0 {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try await Self.runJob(connection, "count_up", "2026-11-22 10:00:00") == "succeeded")
      let run = try #require(try await connection.query("SELECT * FROM job_runs").rows.first)
      #expect(run["run_state"] == "succeeded")
      #expect(run.integer("attempt_count") == 2)
      #expect(try await Self.count(connection, "SELECT COUNT(*) AS n FROM counted") == 1)
    }
  }

  @Test("a failed job is retried after a wait, then raises an alert until it succeeds")
  func failures() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(
        connection, attempts: 2, retrySeconds: 100,
        body: """
          IF @works IS NULL THEN
              SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no luck';
          END IF;
          """)
      func at(_ second: Int) async throws {
        try await connection.execute("SET timestamp = \(1_795_000_000 + second)")
      }
      let alerts =
        "SELECT COUNT(*) AS n FROM ops_alerts WHERE alert_rule = 'job_failed'"
        + " AND alert_state = 'firing' AND alert_message LIKE '%no luck%'"
      try await at(0)
      let time = "2026-11-22 10:00:00"
      #expect(try await Self.runJob(connection, "count_up", time) == "failed")
      #expect(try await Self.count(connection, alerts) == 0)
      try await at(99)
      #expect(try await Self.runJob(connection, "count_up", time) == "busy")
      try await at(101)
      #expect(try await Self.runJob(connection, "count_up", time) == "failed")
      #expect(try await Self.count(connection, alerts) == 1)
      try await at(1000)
      #expect(try await Self.runJob(connection, "count_up", time) == "taken")
      let failing = "SELECT is_failing AS n FROM ops_jobs WHERE job_name = 'count_up'"
      #expect(try await Self.count(connection, failing) == 1)
      try await connection.execute("SET @works = 1")
      #expect(try await Self.runJob(connection, "count_up", "2026-11-22 10:01:00") == "succeeded")
      #expect(try await Self.count(connection, alerts) == 0)
      #expect(try await Self.count(connection, failing) == 0)
    }
  }

  @Test("a time that comes due while the job runs is skipped or queued, as the job defines")
  func overlap() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection, name: "skipping")
      try await Self.addJob(connection, name: "queueing", overlap: "queue")
      func start(_ job: String, _ minute: Int) async throws -> String? {
        try await connection.query(
          "CALL start_job_run('\(job)', '2026-11-22 10:0\(minute):00', 'here', 'one', 60, NULL)"
        ).rows.first?["outcome"]
      }
      for job in ["skipping", "queueing"] { #expect(try await start(job, 0) == "started") }
      #expect(try await start("skipping", 1) == "skipped")
      #expect(try await start("skipping", 1) == "taken")
      #expect(try await start("queueing", 1) == "busy")
      try await connection.execute(
        """
        BEGIN NOT ATOMIC
            DECLARE v_run, v_token BIGINT;
            SELECT running_run_id, fencing_token INTO v_run, v_token
            FROM job_states WHERE job_name = 'queueing';
            CALL finish_job_run(v_run, v_token, 'succeeded', NULL, NULL, NULL, NULL);
        END
        """)
      #expect(try await start("queueing", 1) == "started")
    }
  }

  @Test("the scheduler lease has one holder, and a holder that lost it starts nothing")
  func lease() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection)
      func take(_ holder: String) async throws -> Int64? {
        try await connection.query("CALL take_scheduler_lease('\(holder)', 10)")
          .rows.first?.integer("fencing_token")
      }
      func at(_ second: Int) async throws {
        try await connection.execute("SET timestamp = \(1_795_000_000 + second)")
      }
      func run(_ minute: Int, _ token: Int64) async -> UInt32? {
        await Self.errno {
          _ = try await connection.queryAll(
            "CALL run_job('count_up', '2026-11-22 10:0\(minute):00', NULL, NULL, \(token))")
        }
      }
      try await at(0)
      let first = try #require(try await take("a"))
      #expect(try await take("b") == nil)
      try await at(9)
      #expect(try await take("a") == first)
      #expect(await run(0, first) == nil)
      try await at(18)
      #expect(try await take("b") == nil)
      // Nobody has it yet, but it has expired: its holder must not start anything either.
      try await at(20)
      #expect(await run(1, first) == 30605)
      let second = try #require(try await take("b"))
      #expect(second == first + 1)
      #expect(await run(1, first) == 30605)
      #expect(try await take("a") == nil)
      #expect(await run(1, second) == nil)
      try await connection.execute("CALL release_scheduler_lease(?)", [.integer(first)])
      #expect(try await take("a") == nil)
      try await connection.execute("CALL release_scheduler_lease(?)", [.integer(second)])
      #expect(try await take("a") == second + 1)
      // The clock is set back by a day: nobody waits for a lease that seems to last.
      try await at(-86_400)
      #expect(try await take("b") == second + 2)
    }
  }

  @Test("a run changes nothing once the server is read-only, and blocks nobody else")
  func readOnly() async throws {
    try await TestServer.withPrivateSchema(options: []) { connection in
      try await Self.addJob(connection)
      try await connection.execute("SET SESSION foreign_key_checks = 0")
      try await connection.execute(
        "REPLACE INTO job_states (job_name, running_run_id, fencing_token) VALUES ('count_up', 1, 5)"
      )
      try await connection.execute(
        "SET @payops_job_name = 'count_up', @payops_fencing_token = 5")
      try await connection.execute("CALL check_job_fence()")
      try await connection.execute("SET GLOBAL read_only = 1")
      let refused = await #expect(throws: DatabaseError.self) {
        try await connection.execute("CALL check_job_fence()")
      }
      #expect(refused?.errno == 30606)
      try await connection.execute("SET @payops_job_name = NULL")
      try await connection.execute("CALL check_job_fence()")
    }
  }
}
