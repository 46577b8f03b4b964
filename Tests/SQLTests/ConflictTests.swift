import MariaDBClient
import TestSupport
import Testing

@Suite("Retries after a conflict", .timeLimit(.minutes(3)))
struct ConflictTests {
  /// Makes writes of a table fail with an error, as often as the session variable @faults says,
  /// which a rollback does not undo.
  private static func fail(_ event: String, on table: String, _ connection: Connection) async throws
  {
    try await connection.execute(
      """
      CREATE TRIGGER fault BEFORE \(event) ON \(table) FOR EACH ROW
      BEGIN
          IF @faults > 0 THEN
              SET @faults = @faults - 1;
              SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1020, MESSAGE_TEXT = 'conflict';
          END IF;
      END
      """)
  }

  /// Calls a routine with one failure too many, then with as many as allowed.
  private static func call(_ call: String, _ connection: Connection) async throws {
    try await connection.execute("SET @faults = 5")
    let error = await #expect(throws: DatabaseError.self) { try await connection.execute(call) }
    #expect(error?.errno == 1020)
    try await connection.execute("SET @faults = 4")
    try await connection.execute(call)
    let left = try await connection.query("SELECT @faults AS n").rows.first
    #expect(left?.integer("n") == 0)
  }

  @Test("a rebuild of days and windows is tried at most five times after conflicts")
  func rebuild() async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await CaptureLedger.addPayments(20, connection)
      try await connection.execute("CALL refresh_rollups(100000)")
      let days = try await connection.query(
        "SELECT DATE(MIN(transaction_time)) AS a, DATE(MAX(transaction_time)) AS b FROM transactions"
      ).rows.first
      let call = "CALL rebuild_rollups('\(days?["a"] ?? "")', '\(days?["b"] ?? "")')"
      try await connection.execute("UPDATE metric_day SET total_count = total_count + 1")
      try await Self.fail("UPDATE", on: "rollup_state", connection)
      try await Self.call(call, connection)
      #expect(try await CaptureLedger.differences(connection) == [])

      try await connection.execute("DROP TRIGGER fault")
      try await connection.execute("UPDATE customer_window SET total_count = total_count + 1")
      try await Self.fail("INSERT", on: "customer_window", connection)
      try await Self.call(call, connection)
      #expect(try await CaptureLedger.differences(connection) == [])
    }
  }

  @Test("a chunk of the archive is retried after a conflict, and moves every payment once")
  func archive() async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'A', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 1, IF(seq > 700, UTC_TIMESTAMP(),
            DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL 5 MONTH, '%Y-%m-10') + INTERVAL seq MINUTE),
            seq, 'EUR', 'card_payment', 'completed'
        FROM \(numbers(1...710)) AS n;
        UPDATE settings SET setting_value = '3' WHERE setting_name = 'archive_after_months';
        CALL refresh_rollups(100000);
        """)
      try await Self.fail("INSERT", on: "transactions_archive", connection)
      try await Self.call("CALL archive_payments(100000)", connection)
      let counts = try await connection.query(
        "SELECT (SELECT COUNT(*) FROM transactions) AS here, COUNT(*) AS there,"
          + " COUNT(DISTINCT transaction_id) AS ids FROM transactions_archive"
      ).rows.first
      #expect(counts?.values == ["10", "700", "700"])
    }
  }
}
