import MariaDBClient
import TestSupport
import Testing

@Suite("Revision of what is shown", .timeLimit(.minutes(5)))
struct RevisionTests {
  private static let parts = [
    "payment_revision", "alert_revision", "monitor_revision", "risk_revision", "job_revision",
    "audit_revision",
  ]

  /// The parts that a change changes; the whole must change with any of them.
  private func changed(
    by change: String, _ connection: Connection
  ) async throws -> Set<String> {
    let before = try #require(try await connection.query("SELECT * FROM ops_revision").rows.first)
    _ = try await connection.queryAll(change)
    let after = try #require(try await connection.query("SELECT * FROM ops_revision").rows.first)
    let found = Set(Self.parts.filter { before[$0] != after[$0] })
    #expect((before["revision"] != after["revision"]) == !found.isEmpty, "\(change)")
    return found
  }

  private static let payment = """
    INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
        transaction_type, status)
    VALUES (11, '2026-11-18 12:20:00', 5, 'EUR', 'transfer', 'pending')
    """

  private static let changes: [(sql: String, parts: Set<String>)] = [
    ("SELECT 1", []),
    ("CALL refresh_rollups(1000)", []),
    // Not yet applied, hence in no figure.
    (payment, []),
    ("CALL refresh_rollups(1000)", ["payment_revision"]),
    // An amount that changes, in the same minute.
    ("UPDATE transactions SET base_amount = 6 WHERE transaction_id = 1", []),
    ("CALL refresh_rollups(1000)", ["payment_revision"]),
    (
      "INSERT INTO login_activity (customer_id, login_time, login_status) VALUES (1, '2026-11-18 12:00:00', 'failed')",
      []
    ),
    ("CALL refresh_rollups(1000)", ["payment_revision"]),
    ("CALL rebuild_rollups('2026-11-18', '2026-11-18')", ["payment_revision"]),
    ("CALL raise_alert('r', 's', 'WARNING', 'm')", ["alert_revision"]),
    (
      "CALL change_alert((SELECT MAX(alert_id) FROM alerts), 'acknowledged', '', 'p')",
      ["alert_revision", "audit_revision"]
    ),
    (
      "CALL change_alert((SELECT MAX(alert_id) FROM alerts), 'comment', 'c', 'p')",
      ["alert_revision"]
    ),
    ("CALL resolve_alert('r', 's')", ["alert_revision"]),
    (
      "INSERT INTO monitor_state VALUES (1, '2026-11-18 12:29:00', '2026-11-18 12:30:00')",
      ["monitor_revision"]
    ),
    ("UPDATE monitor_state SET last_minute = '2026-11-18 12:30:00'", ["monitor_revision"]),
    (
      "UPDATE settings SET setting_value = '15' WHERE setting_name = 'detail_days'",
      ["audit_revision"]
    ),
    ("UPDATE rules SET is_enabled = 0 WHERE rule_id = 'A01'", ["audit_revision"]),
    ("CALL open_case(1, 'why', @case)", ["risk_revision", "audit_revision"]),
    (
      "CALL add_case_note((SELECT MAX(case_id) FROM risk_cases), 'text')",
      ["risk_revision", "audit_revision"]
    ),
    ("CALL evaluate_rules(NULL)", ["risk_revision"]),
    (
      "INSERT INTO job_runs (job_name, scheduled_for, run_state, host_name, process_name, fencing_token) VALUES ('sample_space', '2026-11-18', 'running', 'h', 'p', 1)",
      ["job_revision"]
    ),
    (
      "INSERT INTO job_states (job_name, fencing_token, running_run_id) VALUES ('sample_space', 1, 1) ON DUPLICATE KEY UPDATE running_run_id = 1, fencing_token = fencing_token + 1",
      ["job_revision"]
    ),
    ("UPDATE job_states SET running_run_id = NULL", ["job_revision"]),
    ("CALL erase_customer(2)", ["audit_revision"]),
  ]

  @Test("it changes with what is shown, and with nothing else")
  func changes() async throws {
    try await TestServer.withSchema { connection in
      #expect(try await connection.query("SELECT revision FROM ops_revision").rows.count == 1)
      try await ViewSample.load(on: connection)
      for (change, expected) in Self.changes {
        let found = try await changed(by: change, connection)
        #expect(expected.isEmpty == found.isEmpty, "\(change): \(found)")
        #expect(found.isSuperset(of: expected), "\(change): \(found)")
      }
      for harmless in [Self.payment, "SELECT COUNT(*) FROM alert_list"] {
        #expect(try await changed(by: harmless, connection).isEmpty, "\(harmless)")
      }
    }
  }

  @Test("a bulk load and a move to the archive change it")
  func bulk() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      let before = try await connection.query("SELECT payment_revision FROM ops_revision").rows
      _ = try await connection.query("CALL begin_bulk_load()")
      try await connection.execute("START TRANSACTION")
      try await connection.execute(
        """
        INSERT INTO transactions (transaction_id, account_id, transaction_time,
            transaction_amount, currency, transaction_type, status)
        VALUES (100, 11, '2026-11-18 12:20:00', 5, 'EUR', 'transfer', 'pending')
        """)
      _ = try await connection.query("CALL apply_bulk_load('transactions', 100, 100, 1)")
      try await connection.execute("COMMIT")
      let after = try await connection.query("SELECT payment_revision FROM ops_revision").rows
      #expect(before.first?["payment_revision"] != after.first?["payment_revision"])
      try await connection.execute(
        """
        INSERT INTO archive_months (month_start, archive_state, payment_count, checked_at)
        VALUES ('2025-01-01', 'moving', 10, '2026-11-18')
        """)
      let archived = try await connection.query("SELECT payment_revision FROM ops_revision").rows
      #expect(archived.first?["payment_revision"] != after.first?["payment_revision"])
    }
  }

  private func rowsRead(by query: String, _ connection: Connection) async throws -> Int64 {
    // Once before: the server reads its statistics of a table when it opens it.
    _ = try await connection.query(query)
    return try await connection.rowsRead(by: query)
  }

  @Test("reading it costs the same however much there is")
  func cost() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO alert_changes (alert_id, alert_rule, alert_subject, change_kind, severity,
            change_text, changed_by, changed_at)
        SELECT seq, 'r', 's', 'fired', 'INFO', 't', 'payops', '2026-11-18' FROM \(numbers(1...3_000)) AS n
        """)
      try await connection.execute(
        """
        INSERT INTO job_runs (job_name, scheduled_for, run_state, host_name, process_name,
            fencing_token)
        SELECT 'sample_space', '2026-01-01' + INTERVAL seq MINUTE, 'succeeded', 'h', 'p', 1
        FROM \(numbers(1...3_000)) AS n
        """)
      let read = try await rowsRead(by: "SELECT revision FROM ops_revision", connection)
      #expect((1...100).contains(read), "\(read) rows")
    }
  }
}
