import MariaDBClient
import TestSupport
import Testing

@Suite("Audit log", .timeLimit(.minutes(5)))
struct AuditTests {
  private static func problems(_ connection: Connection) async throws -> [String] {
    try await connection.query("CALL verify_audit()").rows.map {
      "\($0["audit_id"] ?? "") \($0["problem"] ?? "")"
    }
  }

  private static func last(_ connection: Connection) async throws -> [String: String] {
    let row = try await connection.query(
      "SELECT audit_id, actor, subject_kind, subject, audit_action, old_values, new_values"
        + " FROM audit_log ORDER BY audit_id DESC LIMIT 1"
    ).rows.first
    return ["subject_kind", "subject", "audit_action", "old_values", "new_values", "actor"]
      .reduce(into: [:]) { $0[$1] = row?[$1] }
  }

  @Test("every change of configuration and every decision is logged with who and what")
  func entries() async throws {
    try await TestServer.withSchema { connection in
      #expect(try await Self.problems(connection) == [])
      try await connection.execute(
        "UPDATE settings SET setting_value = '151000' WHERE setting_name = 'high_risk_amount'")
      let setting = try await Self.last(connection)
      #expect(setting["subject"] == "high_risk_amount")
      #expect(setting["old_values"] == #"{"setting_value": "150000"}"#)
      #expect(setting["new_values"] == #"{"setting_value": "151000"}"#)
      #expect(setting["actor"]?.hasPrefix("\(connection.options.user ?? "root")@") == true)

      // The same value again, or a text that no figure depends on, is not logged.
      let count = "SELECT COUNT(*) AS n FROM audit_log"
      let before = try await connection.query(count).rows.first?.integer("n")
      try await connection.execute("UPDATE settings SET description = 'x'")
      #expect(try await connection.query(count).rows.first?.integer("n") == before)
      // A rolled back change is not logged.
      try await connection.execute("START TRANSACTION")
      try await connection.execute("UPDATE jobs SET schedule = 'every 7m'")
      try await connection.execute("ROLLBACK")
      #expect(try await connection.query(count).rows.first?.integer("n") == before)

      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'A', 'DE', '2026-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2026-01-01');
        INSERT INTO risk_cases (case_id, customer_id, case_state, opened_at, due_at)
        VALUES (1, 1, 'open', UTC_TIMESTAMP(), UTC_TIMESTAMP());
        """)
      let actions: [(String, String)] = [
        ("UPDATE rules SET is_enabled = 0 WHERE rule_id = 'A09'", "rule A09"),
        (
          "UPDATE rule_parameters SET parameter_value = parameter_value + 1"
            + " WHERE rule_id = 'A09' LIMIT 1", "rule_parameter A09"
        ),
        ("UPDATE sla_policies SET target_pct = 12.5 LIMIT 1", "sla_policy"),
        ("CALL set_job_enabled('purge_history', FALSE)", "job purge_history"),
        (
          "CALL override_risk_score(1, 50, 'known', 1)",
          "score_override"
        ),
        ("CALL decide_case(1, 'confirmed', 'so it is')", "case_change"),
        (
          "INSERT INTO backups (backup_id, backup_sequence, schema_name, folder, state, created_at,"
            + " dump_seconds, raw_bytes, stored_bytes, is_encrypted, is_pinned, recorded_at)"
            + " VALUES ('b', 1, 's', 'f', 'unverified', UTC_TIMESTAMP(), 1, 1, 1, 0, 0,"
            + " UTC_TIMESTAMP())", "backup b"
        ),
        ("UPDATE backups SET is_pinned = 1", "backup b"), ("DELETE FROM backups", "backup b"),
      ]
      for (statement, expected) in actions {
        _ = try await connection.queryAll(statement)
        let entry = try await Self.last(connection)
        let name = "\(entry["subject_kind"] ?? "") \(entry["subject"] ?? "")"
        #expect(name.hasPrefix(expected), "\(statement): \(entry)")
      }
      #expect(try await Self.problems(connection) == [])
    }
  }

  @Test("an edit, a deletion in the middle or at the end, a swap and a lost head are found")
  func tampering() async throws {
    try await TestServer.withSchema { connection in
      for statement in ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log"] {
        do {
          try await connection.execute(statement)
          Issue.record("\(statement) was accepted")
        } catch { #expect((error as? DatabaseError)?.errno == 30710) }
      }
      // An account that may drop triggers can do all this; the chain shows it.
      for trigger in ["update", "delete"] {
        try await connection.execute("DROP TRIGGER audit_log_before_\(trigger)_refuse")
      }
      try await connection.execute("CREATE TABLE kept AS SELECT * FROM audit_log")
      try await connection.execute("CREATE TABLE kept_head AS SELECT * FROM audit_head")
      let last = try #require(
        try await connection.query("SELECT MAX(audit_id) AS n FROM kept").rows.first?.integer("n"))
      #expect(last > 100)
      let edits = [
        "actor = 'nobody'", "recorded_at = recorded_at + INTERVAL 1 MICROSECOND",
        "subject = CONCAT(subject, 'x')", "audit_action = 'deleted'", "old_values = ''",
        "new_values = NULL", "subject_kind = 'x'", "previous_hash = REPEAT('a', 64)",
        "entry_hash = REPEAT('a', 64)",
        // A character that moves from one value to the next.
        "subject = CONCAT(subject, LEFT(audit_action, 1)), audit_action = SUBSTRING(audit_action, 2)",
      ].map { ("UPDATE audit_log SET \($0) WHERE audit_id = 50", 50) }
      let harms =
        edits + [
          ("DELETE FROM audit_log WHERE audit_id = 50", 51),
          ("DELETE FROM audit_log WHERE audit_id = 1", 2),
          ("DELETE FROM audit_log WHERE audit_id = \(last)", Int(last)),
          (
            "UPDATE audit_log SET audit_id = IF(audit_id = 50, -51, -50) WHERE audit_id IN (50, 51);"
              + "UPDATE audit_log SET audit_id = -audit_id WHERE audit_id < 0", 50
          ),
          ("DELETE FROM audit_head", Int(last)),
          ("UPDATE audit_head SET audit_id = audit_id - 1", Int(last)),
        ]
      for (harm, place) in harms {
        try await connection.runScript(harm)
        let found = try await Self.problems(connection)
        #expect(found.contains { $0.hasPrefix("\(place) ") }, "\(harm): \(found)")
        try await connection.runScript(
          """
          DELETE FROM audit_log;
          INSERT INTO audit_log SELECT * FROM kept;
          DELETE FROM audit_head;
          INSERT INTO audit_head SELECT * FROM kept_head
          """)
        #expect(try await Self.problems(connection) == [])
      }
    }
  }

  @Test("the clock of a session does not date an entry, and a backdated one is found")
  func clock() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET timestamp = UNIX_TIMESTAMP('2011-01-01 00:00:00')")
      try await connection.execute(
        "UPDATE settings SET setting_value = '151000' WHERE setting_name = 'high_risk_amount'")
      try await connection.execute("SET timestamp = DEFAULT")
      #expect(
        try await connection.query(
          "SELECT ABS(TIMESTAMPDIFF(SECOND, recorded_at, UTC_TIMESTAMP())) < 600 AS is_now"
            + " FROM audit_log ORDER BY audit_id DESC LIMIT 1"
        ).rows.first?["is_now"] == "1")
      #expect(try await Self.problems(connection) == [])

      // An account that may drop triggers writes an entry with the right hash and an old date.
      func forge(_ time: String) async throws {
        try await connection.runScript(
          """
          START TRANSACTION;
          INSERT INTO audit_log
          SELECT h.audit_id + 1, \(time), 'a@b', 'setting', 'x', 'changed', NULL, NULL, h.entry_hash,
              audit_hash(h.audit_id + 1, \(time), 'a@b', 'setting', 'x', 'changed', NULL, NULL,
                  h.entry_hash)
          FROM audit_head AS h INNER JOIN audit_log AS a ON a.audit_id = h.audit_id;
          UPDATE audit_head AS h INNER JOIN audit_log AS a ON a.audit_id = h.audit_id + 1
          SET h.entry_hash = a.entry_hash, h.audit_id = a.audit_id;
          COMMIT
          """)
      }
      try await forge("a.recorded_at - INTERVAL 1 SECOND")
      #expect(try await Self.problems(connection) == [])
      try await forge("a.recorded_at - INTERVAL 1000001 MICROSECOND")
      let found = try await Self.problems(connection)
      #expect(found.count == 1)
      #expect(found.first?.hasSuffix("its time is before that of the entry before it") == true)
    }
  }

  @Test("the hash of an entry covers the entry before it and every value, and nothing else")
  func hash() async throws {
    try await TestServer.withSchema { connection in
      let plain = [
        "7", "'2026-11-22 10:00:00.000001'", "'a@b'", "'setting'", "'x'", "'changed'", "'old'",
        "'new'", "REPEAT('0', 64)",
      ]
      let other = [
        "8", "'2026-11-22 10:00:00.000002'", "'a@c'", "'rule'", "'y'", "'created'", "NULL", "NULL",
        "REPEAT('1', 64)",
      ]
      func hash(_ arguments: [String]) async throws -> String {
        try await LedgerFixture.texts(
          "SELECT audit_hash(\(arguments.joined(separator: ", ")))", on: connection)[0]
      }
      var seen = [try await hash(plain)]
      for index in plain.indices {
        var changed = plain
        changed[index] = other[index]
        seen.append(try await hash(changed))
      }
      #expect(Set(seen).count == plain.count + 1)
      // An independent computation: lengths in bytes, the previous entry first.
      #expect(
        try await LedgerFixture.texts(
          """
          SELECT SHA2(CONCAT('64:', REPEAT('0', 64), '1:7', '26:2026-11-22 10:00:00.000001',
              '3:a@b', '7:setting', '1:x', '7:changed', '3:old', '3:new'), 256)
          """, on: connection)[0] == seen[0])
    }
  }
}
