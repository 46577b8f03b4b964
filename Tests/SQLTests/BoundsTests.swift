import MariaDBClient
import TestSupport
import Testing

@Suite("Bounds of times and amounts", .timeLimit(.minutes(5)))
struct BoundsTests {
  private func errno(_ statement: String, _ connection: Connection) async -> Int? {
    do {
      try await connection.execute(statement)
      return nil
    } catch { return Int(error.errno) }
  }

  private static let impossible = [
    "0000-00-00", "2026-00-10", "2026-11-00", "1000-01-01", "1970-01-01", "1989-12-31 23:59:59",
    "2100-01-01", "9999-12-31 23:59:59",
  ]

  private static func payment(
    _ time: String, _ amount: String, _ currency: String = "EUR"
  ) -> String {
    """
    INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
        transaction_type, status)
    VALUES (1, '\(time)', \(amount), '\(currency)', 'wire', 'completed')
    """
  }

  @Test("invalid times and the usual placeholders are refused on every path")
  func times() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(10, connection)
      let before = try await CaptureLedger.state(connection)
      try await connection.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'")
      for time in Self.impossible {
        let statements = [
          Self.payment(time, "5"),
          "UPDATE transactions SET transaction_time = '\(time)' LIMIT 1",
          """
          INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at,
              due_at) SELECT MIN(transaction_id), 'CARD', 5, 'EUR', '\(time)', '2026-11-20'
          FROM transactions
          """,
          """
          INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at,
              due_at) SELECT MIN(transaction_id), 'CARD', 5, 'EUR', '2026-11-20', '\(time)'
          FROM transactions
          """,
          "UPDATE settlements SET accepted_at = '\(time)' LIMIT 1",
          "UPDATE settlements SET due_at = '\(time)' LIMIT 1",
          "UPDATE settlements SET settlement_date = '\(time)', settlement_status = 'failed' LIMIT 1",
          """
          INSERT INTO login_activity (customer_id, login_time, login_status)
          VALUES (1, '\(time)', 'failed')
          """,
          "UPDATE login_activity SET login_time = '\(time)' LIMIT 1",
        ]
        for flag in ["SET @payops_bulk_load = NULL", "CALL begin_bulk_load()"] {
          try await connection.execute(flag)
          for statement in statements {
            #expect(await errno(statement, connection) == 30011, "\(statement)")
          }
        }
        try await connection.execute("SET @payops_bulk_load = NULL")
      }
      let after = try await CaptureLedger.state(connection)
      for table in before.keys { #expect(after[table] == before[table], "\(table)") }
      for time in ["1990-01-01", "2099-12-31 23:59:59"] {
        #expect(await errno(Self.payment(time, "5"), connection) == nil)
      }
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("amounts too large for ten thousand of them in a rollup are refused")
  func amounts() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(10, connection)
      try await connection.execute(
        "INSERT INTO fx_rates (currency, rate_date, rate_to_base, rate_source)"
          + " VALUES ('USD', '2026-11-01', 999999999, 'test') ON DUPLICATE KEY UPDATE rate_to_base = 999999999"
      )
      let statements = [
        Self.payment("2026-11-10", "100000000000000"),
        Self.payment("2026-11-10", "999999999999999", "GBP"),
        Self.payment("2026-11-10", "999999999999999", "USD"),
        "UPDATE transactions SET transaction_amount = 100000000000000 LIMIT 1",
        "UPDATE transactions SET base_amount = 100000000000000 LIMIT 1",
        "UPDATE transactions SET base_amount = -100000000000000 LIMIT 1",
        """
        INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
        SELECT MIN(transaction_id), 'CARD', 999999999999999, 'USD', '2026-11-20' FROM transactions
        """,
        "UPDATE settlements SET settlement_amount = 100000000000000 LIMIT 1",
      ]
      for statement in statements {
        #expect(await errno(statement, connection) == 30012, "\(statement)")
      }
      #expect(await errno(Self.payment("2026-11-10", "99999999999999.9999"), connection) == nil)
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureLedger.differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("posting returns the error number of a bound and leaves nothing behind")
  func posting() async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await connection.execute("SET autocommit = 1")
      let calls = [
        "CALL post_payment('p', 1, 2, 999999999999999, 'EUR', 'transfer', NULL, @i, @s, @r)",
        "CALL authorize_payment('a', 1, NULL, 100000000000000, 'EUR', 'card_payment', 'CARD', NULL,"
          + " @i, @s, @r)",
      ]
      for call in calls {
        #expect(await errno(call, connection) == 30012, "\(call)")
        #expect(await connection.isInTransaction == false)
      }
      let left = try await connection.query(
        "SELECT (SELECT COUNT(*) FROM transactions) + (SELECT COUNT(*) FROM payment_requests) AS n")
      #expect(left.rows.first?.integer("n") == 0)
    }
  }

  @Test("an answer after years counts as 24 days, and its row can be changed and deleted")
  func durations() async throws {
    try await CaptureSchema.use { connection in
      for days in [24, 25, 3_000] {
        try await connection.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status, requested_at, responded_at)
          VALUES (1, '2026-11-10', 5, 'EUR', 'wire', 'pending', '2026-11-10',
              '2026-11-10' + INTERVAL \(days) DAY)
          """)
      }
      try await CaptureLedger.drain(connection)
      let sum = try await connection.query(
        "SELECT duration_sum_ms AS n FROM metric_day WHERE dimension = 'all'")
      let expected: Int64 = 24 * 86_400_000 + 2 * 2_147_483_647
      #expect(sum.rows.first?.integer("n") == expected)
      #expect(try await CaptureLedger.differences(connection) == [])
      try await connection.execute("UPDATE transactions SET status = 'failed'")
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureLedger.differences(connection) == [])
      try await connection.execute("DELETE FROM transactions")
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureLedger.differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test(
    "a row from before the bounds can be changed, corrected and deleted",
    .onMariaDB("rows with days like 0000-00-00 are from versions that never ran on MySQL"))
  func olderRows() async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      let bounded = try await BoundsRemoval.triggers(connection)
      try await BoundsRemoval.run(connection)
      try await connection.execute(Self.payment("1985-06-01", "5"))
      try await connection.execute(Self.payment("2026-11-10", "500000000000000"))
      try await CaptureLedger.drain(connection)
      try await connection.execute(Self.payment("9999-12-31", "5"))
      try await CaptureLedger.drain(connection)
      for (name, text) in bounded {
        try await connection.execute("DROP TRIGGER \(name)")
        try await connection.execute(text)
      }

      // Changes of applied rows are applied; changes of quarantined rows stay in the quarantine.
      for condition in ["<", ">"] {
        try await connection.execute(
          "UPDATE transactions SET status = 'reversed', title = 'x'"
            + " WHERE transaction_time \(condition) '9000-01-01'")
        try await CaptureLedger.drain(connection)
        #expect(try await CaptureLedger.differences(connection) == [])
      }
      let counted = try await connection.query(
        "SELECT SUM(reversed_count) AS n FROM metric_day WHERE dimension = 'all'")
      #expect(counted.rows.first?.integer("n") == 2)
      let aside = try await connection.query("SELECT state AS s FROM ops_change_quarantine")
      #expect(aside.rows.map { $0.text("s") } == ["reversed"])

      try await connection.execute(
        "UPDATE transactions SET transaction_time = '2026-11-11'"
          + " WHERE transaction_time > '9000-01-01'")
      try await connection.execute("DELETE FROM transactions WHERE transaction_time < '1990-01-01'")
      try await CaptureLedger.drain(connection)
      let left = try await connection.query("SELECT COUNT(*) AS n FROM change_quarantine")
      #expect(left.rows.first?.integer("n") == 0)
      #expect(try await CaptureLedger.differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("texts of four bytes a character are stored in every dimension that may hold them")
  func fourByteTexts() async throws {
    try await CaptureSchema.use { connection in
      for round in 0..<2 {
        try await connection.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status, merchant_category, location, product, acquirer)
          SELECT 1, '2026-11-10', seq, 'EUR', 'wire', 'completed', REPEAT('🍕', 40),
              REPEAT('😀', 64), CONCAT('🚀', seq), CONCAT('Zürich 🏦', seq)
          FROM \(numbers(1...5)) AS n
          """)
        try await CaptureLedger.drain(connection)
        #expect(try await CaptureLedger.differences(connection) == [], "\(round)")
        #expect(try await CaptureRecomputation.differences(connection) == [], "\(round)")
      }
      let members = try await connection.query(
        """
        SELECT COUNT(*) AS n FROM metric_day
        WHERE member IN (REPEAT('🍕', 40), REPEAT('😀', 64), '🚀3', 'Zürich 🏦5')
        """)
      #expect(members.rows.first?.integer("n") == 4)
    }
  }
}
