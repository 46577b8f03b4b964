import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Health
@testable import payops

@Suite("Doctor", .timeLimit(.minutes(10)))
struct DoctorTests {
  /// The finding of one check.
  private func finding(
    _ name: String, _ connection: Connection, database: String
  ) async throws -> Finding {
    let checks = Check.all.filter { $0.name == name }
    let results = try await Check.results(
      of: checks, on: Examination(of: connection, database: database))
    return try #require(results.first, "no check \(name)").finding
  }

  private func database(_ connection: Connection) async throws -> String {
    let rows = try await connection.query("SELECT DATABASE() AS name").rows
    return try #require(rows.first?["name"])
  }

  /// A planted cause on the server or in the schema, and the expected verdict.
  private struct Cause {
    let check: String
    let verdict: Verdict
    let plant: [String]
    var undo: [String] = []
    var mentions = ""
  }

  private func expect(
    _ causes: [Cause], _ connection: Connection, database: String
  ) async throws {
    for cause in causes {
      let before = try await finding(cause.check, connection, database: database)
      #expect(before.verdict == .ok, "\(cause.check) before: \(before.sentence)")
      for statement in cause.plant { try await connection.execute(statement) }
      let planted = try await finding(cause.check, connection, database: database)
      #expect(planted.verdict == cause.verdict, "\(cause.check): \(planted.sentence)")
      #expect(
        cause.mentions.isEmpty || planted.sentence.contains(cause.mentions),
        "\(cause.check): \(planted.sentence)")
      #expect(planted.verdict == .unknown || planted.remedy != nil, "\(cause.check)")
      for statement in cause.undo { try await connection.execute(statement) }
      let after = try await finding(cause.check, connection, database: database)
      #expect(after.verdict == .ok, "\(cause.check) after: \(after.sentence)")
    }
  }

  @Test("the doctor finds wrong settings of the server")
  func settings() async throws {
    let server = try await TestServer.privateServer(options: [
      "--log-bin", "--binlog-format=ROW", "--log-bin-trust-function-creators=ON",
      "--innodb-flush-log-at-trx-commit=1", "--event-scheduler=ON",
    ])
    let connection = try await Connection.open(server.connectionOptions)
    try await connection.execute("CREATE DATABASE settings CHARACTER SET utf8mb4")
    func global(_ name: String, _ bad: String, _ good: String) -> (plant: [String], undo: [String])
    {
      (["SET GLOBAL \(name) = \(bad)"], ["SET GLOBAL \(name) = \(good)"])
    }
    func cause(
      _ check: String, _ verdict: Verdict, _ change: (plant: [String], undo: [String])
    ) -> Cause {
      Cause(check: check, verdict: verdict, plant: change.plant, undo: change.undo)
    }
    try await expect(
      [
        cause("writable", .failure, global("read_only", "ON", "OFF")),
        cause("sql mode", .failure, global("sql_mode", "''", "'STRICT_TRANS_TABLES'")),
        cause("time zone", .warning, global("time_zone", "'+02:00'", "'+00:00'")),
        cause(
          "commit durability", .failure, global("innodb_flush_log_at_trx_commit", "0", "1")),
        cause("binary log", .failure, global("binlog_format", "'STATEMENT'", "'ROW'")),
        cause("bulk loading", .failure, global("local_infile", "0", "1")),
        cause("packet size", .failure, global("max_allowed_packet", "1048576", "67108864")),
        cause("temporary tables", .warning, global("tmp_table_size", "1048576", "67108864")),
        cause("event scheduler", .warning, global("event_scheduler", "OFF", "ON")),
        Cause(
          check: "event scheduler", verdict: .failure,
          plant: [
            "CREATE EVENT tick ON SCHEDULE EVERY 1 DAY DO SELECT 1",
            "SET GLOBAL event_scheduler = OFF",
          ], undo: ["SET GLOBAL event_scheduler = ON", "DROP EVENT tick"]),
        Cause(
          check: "character set", verdict: .failure,
          plant: ["ALTER DATABASE settings CHARACTER SET latin1"],
          undo: ["ALTER DATABASE settings CHARACTER SET utf8mb4"]),
      ], connection, database: "settings")
    #expect(try await finding("disk space", connection, database: "settings").verdict != .unknown)
    #expect(try await finding("buffer pool", connection, database: "settings").verdict == .ok)

    // The administrator has SUPER; an account of the schema does not.
    try await connection.execute("SET GLOBAL log_bin_trust_function_creators = OFF")
    #expect(try await finding("routine creation", connection, database: "settings").verdict == .ok)
    try await connection.execute("CREATE USER worker@localhost IDENTIFIED BY 'a'")
    try await connection.execute("GRANT ALL PRIVILEGES ON settings.* TO worker@localhost")
    var options = server.connectionOptions
    (options.user, options.password) = ("worker", Secret("a"))
    let worker = try await Connection.open(options)
    #expect(try await finding("routine creation", worker, database: "settings").verdict == .failure)
    await worker.close()
    await connection.close()
    try await server.remove()
  }

  @Test("the doctor names each missing privilege, and never fails on what it may not read")
  func privileges() async throws {
    let server = try await TestServer.privateServer()
    var options = server.connectionOptions
    let owner = try await Connection.open(options)
    try await owner.runScript(
      """
      CREATE DATABASE pay_ops CHARACTER SET utf8mb4;
      CREATE TABLE pay_ops.deployed_objects (object_path INT);
      INSERT INTO pay_ops.deployed_objects VALUES (1);
      CREATE ROLE operator;
      GRANT ALL PRIVILEGES ON `pay\\_ops`.* TO operator;
      CREATE USER worker@localhost IDENTIFIED BY 'a';
      """)
    (options.user, options.password) = ("worker", Secret("a"))
    func look(_ check: String) async throws -> Finding {
      let worker = try await Connection.open(options)
      let found = try await finding(check, worker, database: "pay_ops")
      await worker.close()
      return found
    }
    #expect(try await look("deployment").verdict != .ok)
    #expect(try await look("privileges").verdict == .failure)
    #expect(try await look("drift").verdict == .unknown)

    try await owner.execute("GRANT ALL PRIVILEGES ON `pay\\_ops`.* TO worker@localhost")
    #expect(try await look("privileges").verdict == .ok)
    try await owner.execute("REVOKE TRIGGER, DELETE ON `pay\\_ops`.* FROM worker@localhost")
    let lacking = try await look("privileges")
    #expect(lacking.verdict == .failure)
    #expect(lacking.sentence == "missing on pay_ops: DELETE, TRIGGER")
    #expect(try await look("drift").verdict == .unknown)
    #expect(try await look("definers").verdict == .unknown)

    // A role counts when it is active.
    try await owner.execute("GRANT operator TO worker@localhost")
    #expect(try await look("privileges").verdict == .failure)
    try await owner.execute("SET DEFAULT ROLE operator FOR worker@localhost")
    #expect(try await look("privileges").verdict == .ok)
    try await owner.execute("SET DEFAULT ROLE NONE FOR worker@localhost")

    try await owner.execute("GRANT ALL PRIVILEGES ON `pay\\_ops`.* TO worker@localhost")
    try await owner.execute("REVOKE ALTER ROUTINE ON `pay\\_ops`.* FROM worker@localhost")
    let warned = try await look("privileges")
    #expect(warned.verdict == .warning)
    #expect(warned.sentence.contains("ALTER ROUTINE"))

    // Without any rights every check still gives an answer.
    try await owner.execute("REVOKE ALL PRIVILEGES, GRANT OPTION FROM worker@localhost")
    let worker = try await Connection.open(options)
    let all = try await Check.results(on: Examination(of: worker, database: "pay_ops"))
    #expect(all.map(\.name) == Check.all.map(\.name))
    #expect(all.contains { $0.name == "deployment" && $0.finding.verdict == .failure })
    await worker.close()
    await owner.close()
    try await server.remove()
  }

  @Test("the doctor finds what is wrong with the objects and the data of a schema")
  func schema() async throws {
    try await TestServer.withSchema { connection in
      let name = try await database(connection)
      // Objects that the server's administrator deployed as its own run with all its rights.
      let exposed = try await finding("definers", connection, database: name)
      #expect(exposed.verdict == .failure)
      #expect(
        exposed.sentence.contains("run with privileges outside of \(name)"), "\(exposed.sentence)")
      let deployed = try await ProgramRun.payops(
        ["deploy", "--socket", try #require(connection.options.socket), "--database", name],
        deadline: .seconds(120))
      #expect(deployed.status == 0, "\(deployed.errors)")
      let owner = "`\(name)_owner`@localhost"
      let fresh = try await Check.results(on: Examination(of: connection, database: name))
      // The shared server of the tests runs no events.
      let red = fresh.filter { [.failure, .unknown].contains($0.finding.verdict) }
      #expect(red.map(\.name) == ["event scheduler"], "\(red)")

      let view = try #require(
        try await connection.query("SHOW CREATE VIEW ops_import_runs").rows.first?["Create View"])
      let trigger = try #require(
        try await connection.query("SHOW CREATE TRIGGER transactions_after_insert_capture").rows
          .first?["SQL Original Statement"])
      try await expect(
        [
          Cause(
            check: "drift", verdict: .failure,
            plant: ["DROP TRIGGER transactions_after_insert_capture"], undo: [trigger],
            mentions: "trigger transactions_after_insert_capture missing"),
          Cause(
            check: "drift", verdict: .warning, plant: ["CREATE TABLE notes (n INT)"],
            undo: ["DROP TABLE notes"], mentions: "table notes extra"),
          Cause(
            check: "views", verdict: .failure,
            plant: ["RENAME TABLE import_runs TO import_runs_away"],
            undo: ["RENAME TABLE import_runs_away TO import_runs"], mentions: "ops_import_runs"),
          Cause(
            check: "definers", verdict: .failure,
            plant: [
              "CREATE USER 'gone \(name)'@localhost",
              "CREATE OR REPLACE"
                + view.dropFirst(6).replacing(
                  #/DEFINER=`[^`]*`@`[^`]*`/#, with: "DEFINER='gone \(name)'@localhost"),
              "DROP USER 'gone \(name)'@localhost",
            ],
            undo: ["CREATE OR REPLACE" + view.dropFirst(6)], mentions: "gone \(name)@localhost"),
          Cause(
            check: "definers", verdict: .failure, plant: ["GRANT PROCESS ON *.* TO \(owner)"],
            undo: ["REVOKE PROCESS ON *.* FROM \(owner)"], mentions: "PROCESS ON *.*"),
          Cause(
            check: "definers", verdict: .failure,
            plant: ["GRANT SELECT ON mysql.proc TO \(owner)"],
            undo: ["REVOKE SELECT ON mysql.proc FROM \(owner)"], mentions: "`mysql`.`proc`"),
          Cause(
            check: "rollups", verdict: .warning,
            plant: [
              """
              INSERT INTO login_changes (change_sign, captured_at, login_time, login_status)
              VALUES (1, UTC_TIMESTAMP() - INTERVAL 1 HOUR, UTC_TIMESTAMP(), 'failed')
              """
            ], undo: ["DELETE FROM login_changes"], mentions: "1 changes wait"),
          Cause(
            check: "routine errors", verdict: .warning,
            plant: [
              """
              INSERT INTO routine_errors
                (routine_name, error_number, sql_state, error_message, failed_at)
              VALUES ('refresh_rollups', 1213, '40001', 'deadlock', UTC_TIMESTAMP()),
                ('x', 1, 'HY000', 'old', UTC_TIMESTAMP() - INTERVAL 25 HOUR)
              """
            ], undo: ["DELETE FROM routine_errors"],
            mentions: "1 in the last day: refresh_rollups (error 1213)"),
          Cause(
            check: "exchange rates", verdict: .failure,
            plant: [
              "INSERT INTO currencies (currency, currency_name, minor_unit) VALUES ('XTS', 'x', 2)",
              """
              INSERT INTO customers (customer_id, name, country, account_open_date)
              VALUES (1, 'x', 'DE', '2026-01-01')
              """,
              """
              INSERT INTO accounts (customer_id, account_type, currency, opened_at)
              VALUES (1, 'personal', 'XTS', '2026-01-01')
              """,
            ], undo: ["DELETE FROM accounts"], mentions: "XTS"),
          Cause(
            check: "imports", verdict: .warning,
            plant: [
              """
              INSERT INTO import_runs (file_name, source_name, mapping_name, state, started_at)
              VALUES ('a.csv', 'cards', 'cards', 'running', UTC_TIMESTAMP())
              """
            ], undo: ["DO GET_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 16), '.import.cards'), 0)"],
            mentions: "a.csv"),
          Cause(
            check: "calendars", verdict: .warning,
            plant: [
              "CREATE TABLE kept AS SELECT * FROM settlement_windows",
              """
              DELETE FROM settlement_windows
              WHERE rail = 'WIRE' AND value_date > UTC_DATE() + INTERVAL 100 DAY
              """,
            ],
            undo: ["REPLACE INTO settlement_windows SELECT * FROM kept", "DROP TABLE kept"],
            mentions: "settlement windows of WIRE end in"),
        ], connection, database: name)

      try await connection.execute("DELETE FROM deployed_objects")
      let bare = try await Check.results(on: Examination(of: connection, database: name))
      #expect(bare.first { $0.name == "deployment" }?.finding.verdict == .failure)
      #expect(bare.first { $0.name == "calendars" }?.finding.verdict == .unknown)
      try await connection.execute("DROP USER \(owner)")
    }
  }

  @Test("the doctor finds that backups are missing, stale or failed")
  func backups() async throws {
    try await TestServer.withSchema { connection in
      let name = try await database(connection)
      let none = try await finding("backups", connection, database: name)
      #expect(none.verdict == .warning)
      #expect(none.sentence == "no backup of the schema is known")
      func insert(_ sequence: Int, _ state: String, hours: Int) async throws {
        try await connection.execute(
          """
          INSERT INTO backups (backup_id, backup_sequence, schema_name, folder, state, dump_seconds,
            restore_seconds, raw_bytes, stored_bytes, is_encrypted, is_pinned, created_at,
            verified_at)
          VALUES ('b\(sequence)', \(sequence), 'x', '/x', '\(state)', 1, 1, 1, 1, 0, 0,
            UTC_TIMESTAMP() - INTERVAL \(hours) HOUR,
            IF('\(state)' = 'unverified', NULL, UTC_TIMESTAMP()))
          """)
      }
      let steps: [(state: String, hours: Int, verdict: Verdict, text: String)] = [
        ("unverified", 300, .failure, "none of 1 backups is verified"),
        ("verified", 200, .failure, "b2 is verified, 8 days old"),
        ("verified", 30, .warning, "b3 is verified, 30 h old"),
        ("verified", 2, .ok, "b4 is verified"), ("failed", 1, .failure, "b5 FAILED"),
        ("verified", -2, .warning, "b6 is dated in the future"),
        ("verified", 0, .ok, "b7 is verified"),
      ]
      for (place, step) in steps.enumerated() {
        try await insert(place + 1, step.state, hours: step.hours)
        let found = try await finding("backups", connection, database: name)
        #expect(found.verdict == step.verdict, "\(step.text): \(found.sentence)")
        #expect(found.sentence.contains(step.text), "\(found.sentence)")
      }
      try await connection.execute(
        """
        INSERT INTO job_runs (job_name, scheduled_for, run_state, host_name, process_name,
          fencing_token, started_at, ended_at, error_message)
        VALUES ('create_backup', UTC_TIMESTAMP(), 'failed', 'here', 'test', 1, UTC_TIMESTAMP(),
          UTC_TIMESTAMP(), 'no room left')
        """)
      let failing = try await finding("backups", connection, database: name)
      #expect(failing.verdict == .failure)
      #expect(failing.sentence.contains("create_backup ended as failed: no room left"))
    }
  }

  @Test("the doctor exits with 1 and says to deploy when there is no schema")
  func missing() async throws {
    let options = try await TestServer.shared()
    let socket = try #require(options.socket)
    let run = try await ProgramRun.payops([
      "doctor", "--socket", socket, "--database", "payops_nowhere",
    ])
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains("deployment         failure  there is no schema payops_nowhere\n"))
    #expect(run.output.contains("  deployment: run `payops deploy`\n"))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let json = try await ProgramRun.payops([
      "doctor", "--json", "--socket", socket, "--database", "payops_nowhere",
    ])
    #expect(json.status == 1)
    let rows = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(rows?.count == Check.all.count)
  }
}
