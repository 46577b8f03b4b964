import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Simulation

/// Moving old months to the archive, on generated payments: no published figure may change.
@Suite("Archive of closed months", .timeLimit(.minutes(10)))
struct ArchiveTests {
  /// The history ends in the middle of January, so the last days of September are old enough.
  private static let parameters = SimulationParameters(
    transactions: 2500, days: 112, end: Sample.end, seed: 5, customers: 100)

  /// Views about the archive itself, about objects, or that leave the archive out and say so.
  private static let tellOfItself: Set<String> = [
    "ops_archive_months", "ops_revision", "ops_space_forecast", "payment_list",
    "settlement_list",
  ]

  private func number(_ sql: String, on connection: Connection) async throws -> Int64? {
    try await connection.query(sql).rows.first?.text(at: 0).flatMap { Int64($0) }
  }

  /// The rows of all published views, each view's in a fixed order.
  private func published(on connection: Connection) async throws -> [String: [String]] {
    let views = try await connection.query(
      """
      SELECT table_name AS name FROM information_schema.views
      WHERE table_schema = DATABASE() AND table_name NOT LIKE 'int\\_%'
      """
    ).rows.compactMap { $0["name"] }
    var shown: [String: [String]] = [:]
    for view in views where !Self.tellOfItself.contains(view) {
      shown[view] = try await connection.query("SELECT * FROM \(view)").rows
        .map { $0.values.map { $0 ?? "NULL" }.joined(separator: "|") }.sorted()
    }
    return shown
  }

  /// A schema with generated payments, its clock at their end, nothing open in the oldest month.
  private func withPayments(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      _ = try await SimulationLoader(options: connection.options, parameters: Self.parameters)
        .run(now: Sample.end)
      try await connection.execute("SET @payops_as_of = '2026-01-15 12:00:00'")
      try await connection.execute(
        "UPDATE settings SET setting_value = 3 WHERE setting_name = 'archive_after_months'")
      try await connection.execute(
        """
        UPDATE settlements AS s
        INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
        SET s.settlement_status = 'settled', s.settlement_date = s.due_at
        WHERE s.settlement_status = 'pending' AND t.transaction_time < '2025-10-01'
        """)
      try await connection.execute(
        """
        UPDATE transactions SET status = 'failed'
        WHERE status IN ('created', 'pending', 'authorized') AND transaction_time < '2025-10-01'
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(100000)")
      try await body(connection)
    }
  }

  @Test("the oldest month is archived in chunks, and no published view changes")
  func nothingChanges() async throws {
    try await withPayments { connection in
      let old = "transaction_time < '2025-10-01'"
      let payments = try #require(
        try await number("SELECT COUNT(*) FROM transactions WHERE \(old)", on: connection))
      let all = try await number("SELECT COUNT(*) FROM transactions", on: connection)
      #expect(payments > 60)
      let before = try await published(on: connection)
      #expect(before["risk_payments_after_failed_login"]?.isEmpty == false)

      // Stopped after 50 payments; the next call continues.
      for rows in [50, 1_000_000] {
        _ = try await connection.queryAll("CALL archive_payments(\(rows))")
        let left = try await number(
          "SELECT COUNT(*) FROM transactions WHERE \(old)", on: connection)
        #expect(left == (rows == 50 ? payments - 50 : 0))
        #expect(
          try await number("SELECT COUNT(*) FROM transactions_all", on: connection) == all)
        let after = try await published(on: connection)
        for (view, rows) in before { #expect(after[view] == rows, "\(view)") }
        #expect(try await number("SELECT COUNT(*) FROM transaction_changes", on: connection) == 0)
        #expect(try await number("SELECT COUNT(*) FROM settlement_changes", on: connection) == 0)
      }
      let month = try await connection.query("SELECT * FROM ops_archive_months").rows
      #expect(month.map { $0["archive_state"] } == ["archived"])
      #expect(month.first?["payment_count"] == "\(payments)")
      // The check of the rollups spans archive and live tables, and finds a loss in either.
      _ = try await connection.queryAll("CALL reconcile_rollups('2025-09-28', '2025-10-02')")
      #expect(try await number("SELECT @payops_rollup_differences", on: connection) == 0)
      try await connection.execute(
        "DELETE FROM transactions_archive WHERE transaction_time >= '2025-09-28' LIMIT 1")
      _ = try await connection.queryAll("CALL reconcile_rollups('2025-09-28', '2025-10-02')")
      #expect(try await number("SELECT @payops_rollup_differences", on: connection) != 0)
      #expect(try await number("SELECT @@foreign_key_checks", on: connection) == 1)
    }
  }

  @Test("an open payment keeps its month out of the archive, with a message")
  func openMonths() async throws {
    try await withPayments { connection in
      func state() async throws -> [String?] {
        _ = try await connection.queryAll("CALL archive_payments(1000000)")
        let rows = try await connection.query(
          "SELECT archive_state, waiting_reason FROM ops_archive_months ORDER BY month_start"
        ).rows
        return rows.first.map { [$0["archive_state"], $0["waiting_reason"]] } ?? []
      }
      let id = try #require(
        try await number("SELECT MIN(transaction_id) FROM transactions", on: connection))
      let old = try await connection.query(
        "SELECT status FROM transactions WHERE transaction_id = \(id)"
      ).rows.first?["status"]
      try await connection.execute(
        "UPDATE transactions SET status = 'pending' WHERE transaction_id = \(id)")
      #expect(try await state() == ["waiting", "1 payments are open"])
      try await connection.execute(
        "UPDATE transactions SET status = '\(old ?? "")' WHERE transaction_id = \(id)")
      let settlement = try #require(
        try await number("SELECT MIN(settlement_id) FROM settlements", on: connection))
      try await connection.execute(
        """
        UPDATE settlements SET settlement_status = 'pending', settlement_date = NULL
        WHERE settlement_id = \(settlement)
        """)
      #expect(try await state() == ["waiting", "1 settlements are pending"])
      try await connection.execute(
        """
        UPDATE settlements SET settlement_status = 'settled', settlement_date = due_at
        WHERE settlement_id = \(settlement)
        """)
      try await connection.execute(
        """
        INSERT INTO risk_cases (case_id, customer_id, case_state, opened_at, due_at)
        SELECT 1, MIN(customer_id), 'open', '2025-09-20', '2025-10-20' FROM customers
        """)
      try await connection.execute(
        """
        INSERT INTO risk_hits (hit_id, rule_id, rule_version, subject, window_from, window_to,
            customer_id, measured_value, threshold_value, points, evidence, first_found_at,
            last_found_at)
        SELECT 1, 'A01', 1, 'customer:1', '2025-09-10', '2025-09-11', MIN(customer_id), 1, 1, 1, 'x',
            '2025-09-11', '2025-09-11'
        FROM customers
        """)
      try await connection.execute("INSERT INTO risk_case_hits VALUES (1, 1, '2025-09-20')")
      #expect(try await state() == ["waiting", "1 cases with hits of the month are open"])
      try await connection.execute("DELETE FROM risk_case_hits")
      _ = try await connection.queryAll("CALL refresh_rollups(100000)")
      try await connection.execute(
        "UPDATE metric_day SET total_count = total_count + 1"
          + " WHERE dimension = 'all' AND metric_date < '2025-10-01' LIMIT 1")
      #expect(try await state()[0] == "waiting")
      #expect(try await number("SELECT COUNT(*) FROM transactions_archive", on: connection) == 0)
      try await connection.execute(
        "UPDATE metric_day SET total_count = total_count - 1"
          + " WHERE dimension = 'all' AND metric_date < '2025-10-01' LIMIT 1")
      #expect(try await state() == ["archived", nil])
      // Months younger than the setting stay, and a setting of less than three is refused.
      #expect(
        try await number(
          "SELECT COUNT(*) FROM transactions WHERE transaction_time < '2025-11-01'",
          on: connection) != 0)
      try await connection.execute(
        "UPDATE settings SET setting_value = 2 WHERE setting_name = 'archive_after_months'")
      let refused = await #expect(throws: DatabaseError.self) {
        _ = try await connection.queryAll("CALL archive_payments(1)")
      }
      #expect(refused?.errno == 30002)
    }
  }

  @Test("a failure in the middle of a chunk changes neither the archive nor the live tables")
  func failure() async throws {
    try await withPayments { connection in
      let count =
        "SELECT CONCAT((SELECT COUNT(*) FROM transactions), '/',"
        + " (SELECT COUNT(*) FROM settlements), '/', (SELECT COUNT(*) FROM transactions_archive))"
      let before = try await connection.query(count).rows.first?.text(at: 0)
      for table in ["transactions", "settlements"] {
        try await connection.execute(
          """
          CREATE TRIGGER sabotage AFTER DELETE ON \(table) FOR EACH ROW
          SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30999, MESSAGE_TEXT = 'sabotage'
          """)
        let failure = await #expect(throws: DatabaseError.self) {
          _ = try await connection.queryAll("CALL archive_payments(1000)")
        }
        #expect(failure?.errno == 30999)
        try await connection.execute("DROP TRIGGER sabotage")
        #expect(try await connection.query(count).rows.first?.text(at: 0) == before)
        #expect(try await number("SELECT @@foreign_key_checks", on: connection) == 1)
      }
      _ = try await connection.queryAll("CALL archive_payments(1000000)")
      #expect(
        try await number("SELECT COUNT(*) FROM transactions_archive", on: connection) != 0)
    }
  }

  @Test(
    "archived payments cannot change, are erased with their customer, and have no rules")
  func archivedPayments() async throws {
    try await withPayments { connection in
      _ = try await connection.queryAll("CALL archive_payments(1000000)")
      let payment = try await connection.query(
        "SELECT a.transaction_id AS id, o.customer_id AS owner FROM transactions_archive AS a"
          + " INNER JOIN accounts AS o ON o.account_id = a.account_id LIMIT 1"
      ).rows.first
      let id = try #require(payment?["id"])
      let owner = try #require(payment?["owner"])
      for (statement, number) in [
        ("CALL refund_payment('k', \(id), NULL, @a, @b, @c)", 30405),
        ("CALL rule_whatif('A01', '{}', '2025-09-15', '2025-11-30')", 30507),
      ] {
        let refused = await #expect(throws: DatabaseError.self) {
          _ = try await connection.queryAll(statement)
        }
        #expect(refused?.errno == UInt32(number), "\(statement)")
      }
      try await connection.execute(
        """
        UPDATE transactions_archive
        SET title = 'for Erika', counterparty_iban = 'DE89370400440532013000',
            counterparty_country = 'DE'
        WHERE transaction_id = \(id)
        """)
      _ = try await connection.queryAll("CALL erase_customer(\(owner))")
      #expect(
        try await number(
          "SELECT COUNT(*) FROM transactions_all WHERE title = 'for Erika'", on: connection) == 0)
    }
  }

  @Test("months are archived in any order, late payments follow, and old months are dropped")
  func partitions() async throws {
    try await withPayments { connection in
      _ = try await connection.queryAll("CALL archive_payments(1000000)")
      // A payment of a month before the first partition, and one of the month that is archived.
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT MIN(a.account_id), d.t, 10, 'EUR', 'transfer', 'completed'
        FROM accounts AS a, (
            SELECT TIMESTAMP'2025-02-03 04:05:06' AS t UNION ALL SELECT '2025-09-29 10:00:00'
        ) AS d
        GROUP BY d.t
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(100000)")
      let before = try await published(on: connection)
      _ = try await connection.queryAll("CALL archive_payments(1000000)")
      let after = try await published(on: connection)
      for (view, rows) in before { #expect(after[view] == rows, "\(view)") }
      let partitions = try await connection.query(
        """
        SELECT GROUP_CONCAT(partition_name ORDER BY partition_ordinal_position) AS names
        FROM information_schema.partitions
        WHERE table_schema = DATABASE() AND table_name = 'transactions_archive'
        """
      ).rows.first?["names"]
      #expect(partitions == "p_none,p202502,p202509")
      #expect(
        try await number(
          "SELECT COUNT(*) FROM transactions_archive PARTITION (p202502)", on: connection) == 1)

      let days = try await number("SELECT SUM(total_count) FROM metric_day", on: connection)
      try await connection.execute("SET timestamp = UNIX_TIMESTAMP('2026-01-15 12:00:00')")
      try await connection.execute(
        "UPDATE settings SET setting_value = 10 WHERE setting_name = 'archive_keep_months'")
      _ = try await connection.queryAll("CALL archive_payments(1000000)")
      #expect(
        try await connection.query(
          "SELECT GROUP_CONCAT(archive_state ORDER BY month_start) AS s FROM ops_archive_months"
        ).rows.first?["s"] == "dropped,archived")
      #expect(
        try await number(
          "SELECT COUNT(*) FROM transactions_all WHERE transaction_time < '2025-03-01'",
          on: connection) == 0)
      #expect(
        try await number("SELECT SUM(total_count) FROM metric_day", on: connection) == days)
    }
  }
}
