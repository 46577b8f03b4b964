import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("Quarantine of changes", .timeLimit(.minutes(10)))
struct QuarantineTests {
  func number(_ sql: String, _ connection: Connection) async throws -> Int64? {
    try await connection.query("SELECT (\(sql)) AS n").rows.first?.integer("n")
  }

  func quarantined(_ connection: Connection) async throws -> Int64? {
    try await number("SELECT COUNT(*) FROM change_quarantine", connection)
  }

  func openAlerts(_ connection: Connection) async throws -> Int64? {
    try await number(
      "SELECT COUNT(*) FROM alerts WHERE open_key = 'changes_quarantined/rollups'", connection)
  }

  /// The full range of dates that a rollup can hold.
  func differences(_ connection: Connection) async throws -> [String] {
    try await connection.query("CALL reconcile_rollups('1000-01-01', '9999-12-31')").rows.map {
      $0.values.map { $0 ?? "NULL" }.joined(separator: " ")
    }
  }

  func unbounded(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await BoundsRemoval.run(connection)
      try await CaptureLedger.seed(connection)
      try await body(connection)
    }
  }

  static let poison = [
    """
    INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
        transaction_type, status, location, title)
    SELECT 1 + seq,
        ELT(seq, '9999-12-31', '0000-00-00', '2026-00-10', '2026-11-01', '2026-10-31'),
        IF(seq >= 4, 999999999999999, 5), 'EUR', 'wire', 'completed', 'Nowhere', 'poison'
    FROM \(numbers(1...5)) AS n
    """,
    """
    INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, base_amount,
        accepted_at, due_at, settlement_status, settlement_date)
    SELECT (SELECT MIN(transaction_id) FROM transactions), 'CARD', 5, 'EUR', 5,
        IF(seq = 2, '9999-12-31', '2026-11-10'), IF(seq = 1, '9999-12-31', '2026-11-11'),
        'settled', IF(seq = 3, '9999-12-31 23:00:00', '2026-11-12')
    FROM \(numbers(1...3)) AS n
    """,
    """
    INSERT INTO login_activity (customer_id, login_time, login_status)
    VALUES (1, '9999-12-31 23:59:59', 'failed'), (1, '0000-00-00', 'failed')
    """,
  ]

  /// Rows that any client may write, in a loose SQL mode.
  static let late = [
    """
    INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
        transaction_type, status, title)
    VALUES (1, '9999-12-31', 5, 'EUR', 'wire', 'completed', 'poison'),
        (2, '2026-11-10', 500000000000000, 'EUR', 'wire', 'completed', 'poison')
    """,
    """
    INSERT INTO login_activity (customer_id, login_time, login_status)
    VALUES (1, '9999-12-31 23:59:59', 'failed')
    """,
  ]

  @Test(
    "changes that cannot be applied are quarantined with an alert, and the others applied",
    .onMariaDB("rows with days like 0000-00-00 are from versions that never ran on MySQL"))
  func poisonedLogs() async throws {
    try await unbounded { connection in
      try await CaptureLedger.addPayments(40, connection)
      for statement in Self.poison { try await connection.execute(statement) }
      try await CaptureLedger.addPayments(20, from: "2026-11-09", connection)
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 10)
      let reasons = try await connection.query(
        """
        SELECT CONCAT_WS(' ', change_log, reason, COUNT(*)) AS r FROM ops_change_quarantine
        GROUP BY change_log, reason ORDER BY 1
        """
      ).rows.compactMap { $0.text("r") }
      #expect(
        reasons == [
          "login_changes impossible_date 2", "settlement_changes impossible_date 3",
          "transaction_changes amount_above_bound 2", "transaction_changes impossible_date 3",
        ])
      #expect(try await openAlerts(connection) == 1)
      #expect(
        try await number(
          "SELECT SUM(total_count) FROM metric_day WHERE dimension = 'all'", connection) == 60)
      #expect(try await number("SELECT COUNT(*) FROM routine_errors", connection) == 0)
      #expect(try await differences(connection) == [])
      _ = try await connection.query("CALL rebuild_rollups('1000-01-01', '9999-12-31')")
      #expect(try await differences(connection) == [])

      // A change that still cannot be applied is quarantined again; a discarded one stays recorded.
      _ = try await connection.query("CALL retry_quarantined_changes(NULL)")
      #expect(try await quarantined(connection) == 10)
      #expect(try await openAlerts(connection) == 1)
      _ = try await connection.query("CALL discard_quarantined_changes(NULL)")
      #expect(try await openAlerts(connection) == 0)
      #expect(try await differences(connection) == [])

      try await connection.execute(
        "DELETE FROM settlements WHERE base_amount = 5 AND rail = 'CARD'")
      try await connection.execute("DELETE FROM transactions WHERE title = 'poison'")
      try await connection.execute(
        "DELETE FROM login_activity WHERE login_time < '2000-01-01' OR login_time > '2999-01-01'")
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 0)
      #expect(try await differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test(
    "equal payments, one applied and one quarantined, are each undone in their own place",
    .onMariaDB("rows with days like 0000-00-00 are from versions that never ran on MySQL"))
  func equalContents() async throws {
    try await unbounded { connection in
      let payment = """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (1, '2026-11-10', 500000000000000, 'EUR', 'wire', 'completed')
        """
      try await connection.execute(payment)
      try await CaptureLedger.drain(connection)
      try await connection.execute(payment)
      for statement in Self.poison.prefix(1) { try await connection.execute(statement) }
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 6)
      try await connection.execute("DELETE FROM transactions WHERE transaction_amount > 1e14")
      try await connection.execute("DELETE FROM transactions WHERE title = 'poison'")
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 0)
      #expect(try await openAlerts(connection) == 0)
      #expect(
        try await number("SELECT COALESCE(SUM(total_count), 0) FROM metric_day", connection) == 0)
      #expect(try await differences(connection) == [])
    }
  }

  @Test(
    "a quarantined version and its end cancel each other, and nothing else",
    .onMariaDB("rows with days like 0000-00-00 are from versions that never ran on MySQL"))
  func pairs() async throws {
    try await unbounded { connection in
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status, title)
        SELECT seq, '9999-12-31', 5 + seq MOD 3, 'EUR', 'wire', 'completed', seq
        FROM \(numbers(1...6)) AS n
        """)
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 6)
      // Two of the six differ only in the account.
      try await connection.execute("DELETE FROM transactions WHERE title IN ('2', '6')")
      try await CaptureLedger.drain(connection)
      let left = try await connection.query(
        "SELECT account_id AS id FROM change_quarantine ORDER BY account_id"
      ).rows.map { $0["id"] }
      #expect(left == ["1", "3", "4", "5"])
      #expect(try await openAlerts(connection) == 1)
      #expect(try await differences(connection) == [])
    }
  }

  @Test("changes that only the server refuses are found by halving and retried later")
  func refusedByServer() async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await connection.execute(
        """
        CREATE TRIGGER account_day_before_insert_fail BEFORE INSERT ON account_day FOR EACH ROW
        IF NEW.account_id = 7 THEN
            SIGNAL SQLSTATE '22003' SET MYSQL_ERRNO = 1264, MESSAGE_TEXT = 'seven is too many';
        END IF
        """)
      try await CaptureLedger.addPayments(400, connection)
      let waiting = try await CaptureLedger.pending(connection)
      let applied = try await CaptureLedger.drain(connection)
      #expect(applied == waiting)
      #expect(try await quarantined(connection) == 10)
      #expect(
        try await number(
          "SELECT COUNT(*) FROM change_quarantine WHERE account_id = 7 AND error_number = 1264"
            + " AND reason = 'refused' AND error_message = 'seven is too many'", connection) == 10)
      #expect(try await differences(connection) == [])
      // Changes of a quarantined payment are undone in the quarantine, and its new version waits
      // there.
      try await connection.execute(
        "UPDATE transactions SET status = 'reversed' WHERE account_id = 7")
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 10)
      #expect(try await differences(connection) == [])

      try await connection.execute("DROP TRIGGER account_day_before_insert_fail")
      // A version that ends later ends in the quarantine, not in the rollups.
      try await connection.execute("DELETE FROM transactions WHERE account_id = 7 LIMIT 3")
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 7)
      #expect(try await differences(connection) == [])
      let one = try await number("SELECT MIN(quarantine_id) FROM change_quarantine", connection)
      _ = try await connection.query("CALL discard_quarantined_changes(?)", [.integer(one ?? 0)])
      _ = try await connection.query("CALL retry_quarantined_changes(NULL)")
      #expect(try await quarantined(connection) == 1)
      #expect(try await openAlerts(connection) == 0)
      #expect(try await differences(connection) == [])
      _ = try await connection.query("CALL retry_quarantined_changes(?)", [.integer(one ?? 0)])
      #expect(try await quarantined(connection) == 0)
      #expect(try await differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test(
    "a bulk load and a rebuild with quarantined changes go through the logs",
    .onMariaDB("rows with days like 0000-00-00 are from versions that never ran on MySQL"))
  func bulkAndRebuild() async throws {
    try await unbounded { connection in
      let limits = """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status, title)
        SELECT 1 + seq % 40, '2026-11-10' + INTERVAL seq SECOND,
            IF(seq % 2, 999999999999999, seq), 'EUR', 'wire', 'completed', IF(seq % 2, 'poison', NULL)
        FROM \(numbers(1...400)) AS n
        """
      try await connection.execute("CALL begin_bulk_load()")
      try await connection.execute("START TRANSACTION")
      try await connection.execute(limits)
      try await connection.execute(
        "CALL apply_bulk_load('transactions', (SELECT MIN(transaction_id) FROM transactions),"
          + " (SELECT MAX(transaction_id) FROM transactions), 400)")
      try await connection.execute("COMMIT")
      try await connection.execute("SET @payops_bulk_load = NULL")
      #expect(try await CaptureLedger.pending(connection) == 400)
      #expect(try await differences(connection) == [])
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 200)
      let good = "SELECT SUM(total_count) FROM metric_day WHERE dimension = 'all'"
      #expect(try await number(good, connection) == 200)
      #expect(try await differences(connection) == [])

      // The rollups do not include the second load.
      try await connection.execute("CALL begin_bulk_load()")
      try await connection.execute(limits)
      try await connection.execute("SET @payops_bulk_load = NULL")
      #expect(try await number(good, connection) == 200)
      let rebuilt = try await connection.query("CALL rebuild_rollups('2026-11-01', '2026-11-30')")
      #expect(rebuilt.rows.first?.integer("logged_days") == 1)
      #expect(try await differences(connection) == [])
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 400)
      #expect(try await number(good, connection) == 400)
      #expect(try await differences(connection) == [])
      try await connection.execute("DELETE FROM transactions WHERE title = 'poison'")
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 0)
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("thirty-day sums and sums of all accounts of a customer fit, however large a day is")
  func windows() async throws {
    try await unbounded { connection in
      // The maximum of one account in a day, on the following days.
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT ELT(1 + seq % 2, 1, 21), '2026-11-26' + INTERVAL seq % 3 DAY, 999999999999999, 'EUR',
            'wire', 'completed'
        FROM \(numbers(1...270)) AS n
        """)
      try await CaptureLedger.drain(connection)
      #expect(try await quarantined(connection) == 0)
      try await connection.execute("SET @payops_as_of = '2026-11-29 12:00:00'")
      try await CaptureLedger.addPayments(20, connection)
      try await CaptureLedger.drain(connection)
      #expect(try await differences(connection) == [])
      _ = try await connection.query("CALL rebuild_rollups('2026-11-01', '2026-11-30')")
      #expect(try await differences(connection) == [])
    }
  }

  @Test("the cost of reconciliation depends on existing days, not on days of the calendar")
  func emptyDays() async throws {
    try await CaptureSchema.use { connection in
      for day in ["2002-03-01", "2026-11-10"] {
        try await connection.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status)
          VALUES (1, '\(day)', 5, 'EUR', 'wire', 'completed')
          """)
      }
      try await CaptureLedger.drain(connection)
      func commits() async throws -> Int64 {
        try await connection.query("SHOW SESSION STATUS LIKE 'Com_commit'").rows.first?.integer(
          "Value") ?? -1
      }
      let before = try await commits()
      #expect(try await differences(connection) == [])
      _ = try await connection.query("CALL rebuild_rollups('1000-01-01', '4999-12-31')")
      // On MySQL a COMMIT comes before each transaction as well, for sessions with autocommit off.
      let made = try await commits() - before
      #expect(made < (TestServer.isMySQL ? 22 : 12), "\(made)")
      // A day that exists only in a rollup, and one only in a table.
      try await connection.execute("UPDATE metric_day SET metric_date = '2010-01-01' LIMIT 1")
      try await connection.execute(
        "UPDATE login_hour SET login_hour = '2011-01-01' LIMIT 1")
      try await connection.execute("CALL begin_bulk_load()")
      try await connection.execute(
        "INSERT INTO login_activity (customer_id, login_time, login_status)"
          + " VALUES (1, '2012-01-01', 'failed')")
      try await connection.execute("SET @payops_bulk_load = NULL")
      let found = try await differences(connection)
      #expect(found.contains { $0.contains("2010-01-01") })
      #expect(found.contains { $0.contains("2012-01-01") })
    }
  }
}
