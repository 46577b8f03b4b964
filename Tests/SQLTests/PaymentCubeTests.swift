import MariaDBClient
import TestSupport
import Testing

@Suite("Cube of payments by day", .timeLimit(.minutes(5)))
struct PaymentCubeTests {
  private func rows(_ sql: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  /// Sums of the cube that are not those of the rollups, by day and dimension.
  private func differences(_ connection: Connection) async throws -> [String] {
    var sums: [String] = []
    for dimension in [
      "transaction_type", "merchant_category", "location", "channel", "product", "acquirer",
      "card_scheme",
    ] {
      sums.append(
        """
        SELECT '\(dimension)' AS dimension, metric_date, BINARY \(dimension) AS member,
            SUM(payment_count) AS n, SUM(payment_amount) AS a,
            SUM(IF(status = 'completed', payment_count, 0)) AS c, SUM(unconverted_count) AS u,
            SUM(answered_count) AS w, SUM(duration_sum_ms) AS d
        FROM payment_cube_day GROUP BY metric_date, \(dimension)
        """)
    }
    return try await rows(
      """
      SELECT CONCAT_WS(' ', m.dimension, m.metric_date, m.member, m.total_count, c.n)
      FROM metric_day AS m
      LEFT JOIN (\(sums.joined(separator: " UNION ALL "))) AS c
          ON c.dimension = m.dimension AND c.metric_date = m.metric_date
              AND c.member = BINARY m.member
      WHERE m.dimension IN ('transaction_type', 'merchant_category', 'location', 'channel',
              'product', 'acquirer', 'card_scheme')
          AND m.total_count <> 0
          AND NOT (c.n <=> m.total_count AND c.a <=> m.total_amount AND c.c <=> m.completed_count
              AND c.u <=> m.unconverted_count AND c.w <=> m.answered_count
              AND c.d <=> m.duration_sum_ms)
      UNION ALL
      SELECT CONCAT('all ', x.metric_date)
      FROM (SELECT metric_date, SUM(payment_count) AS n FROM payment_cube_day GROUP BY metric_date)
          AS x
      LEFT JOIN metric_day AS m ON m.dimension = 'all' AND m.metric_date = x.metric_date
      WHERE NOT (m.total_count <=> x.n)
      """, connection)
  }

  @Test("days are counted once, and again when their rollups change")
  func changes() async throws {
    try await TestServer.withSchema { connection in
      #expect(try await rows("CALL refresh_payment_cube(5)", connection) == ["0|0|0"])
      try await ViewSample.load(on: connection)
      // Four days with payments: the last two days first, here one, then the latest.
      #expect(try await rows("CALL refresh_payment_cube(1)", connection) == ["1|6|1"])
      #expect(
        try await rows("SELECT DISTINCT metric_date FROM payment_cube_day", connection)
          == ["2026-11-18"])
      #expect(try await rows("CALL refresh_payment_cube(5)", connection) == ["3|3|0"])
      #expect(try await rows("CALL refresh_payment_cube(5)", connection) == ["0|0|0"])
      #expect(try await differences(connection).isEmpty)
      #expect(
        try await rows(
          "SELECT * FROM payment_cube_day WHERE status = 'failed'", connection) == [
            "2026-11-18|failed|card_payment|food|Paris|(none)|(none)|(none)|(none)|1|50.0000|0|1"
              + "|10000|10000.000"
          ])
      for (change, days) in [
        ("UPDATE transactions SET status = 'completed' WHERE transaction_id = 8", "1"),
        ("UPDATE transactions SET location = 'Łódź' WHERE transaction_id IN (7, 10)", "2"),
        (
          "UPDATE transactions SET transaction_amount = 7, base_amount = 7 WHERE transaction_id = 1",
          "1"
        ),
        (
          "UPDATE transactions SET transaction_time = '2026-11-17 10:00:00' WHERE transaction_id = 8",
          "2"
        ),
        ("DELETE FROM settlements", "0"),
        ("DELETE FROM transactions WHERE transaction_id = 7", "1"),
        (
          "INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,"
            + " transaction_type, status) SELECT 11, '2026-11-16', 9999999999.9999, 'XXX', 'wire',"
            + " 'denied' FROM \(numbers(1...3)) AS n", "1"
        ),
      ] {
        try await connection.execute(change)
        _ = try await connection.query("CALL refresh_rollups(1000)")
        let counted = try await rows("CALL refresh_payment_cube(9)", connection)
        #expect(counted.first?.hasPrefix("\(days)|") == true, "\(change): \(counted)")
        #expect(try await differences(connection).isEmpty, "\(change)")
      }
      // Control: a row that is wrong is found, and corrected once the day changes.
      try await connection.execute("UPDATE payment_cube SET payment_count = payment_count + 1")
      #expect(try await !differences(connection).isEmpty)
    }
  }

  @Test("made-up rows, with members of four bytes and days of every century, add up")
  func madeUp() async throws {
    try await TestServer.withSchema { connection in
      try await MadeUpRows.fill(connection)
      try await connection.execute("SET @payops_as_of = '\(MadeUpRows.present)'")
      let from = try await rows("SELECT COUNT(*) FROM transactions", connection)
      #expect(from.first != "0")
      _ = try await connection.query("CALL refresh_payment_cube(100000)")
      #expect(try await rows("CALL refresh_payment_cube(100000)", connection) == ["0|0|0"])
    }
  }

  @Test("a month that moved into the archive counts as before")
  func archived() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      try await connection.execute(
        "UPDATE settings SET setting_value = '3' WHERE setting_name = 'archive_after_months'")
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, location, status)
        SELECT 11, '2026-02-10 10:00:00' + INTERVAL seq HOUR, seq, 'EUR', 'transfer',
            IF(seq MOD 2, 'Berlin', NULL), IF(seq MOD 5, 'completed', 'failed')
        FROM \(numbers(1...40)) AS n
        """)
      _ = try await connection.query("CALL refresh_rollups(1000)")
      _ = try await connection.query("CALL refresh_payment_cube(1000)")
      let sums = "SELECT COUNT(*), SUM(payment_count), SUM(payment_amount) FROM payment_cube_day"
      let before = try await rows(sums, connection)
      _ = try await connection.queryAll("CALL archive_payments(100000)")
      #expect(try await rows("SELECT COUNT(*) FROM transactions_archive", connection) == ["40"])
      #expect(try await rows("CALL refresh_payment_cube(1000)", connection) == ["0|0|0"])
      // Counted anew, from the archive.
      try await connection.execute("UPDATE payment_cube_days SET rollup_digest = 0")
      _ = try await connection.query("CALL refresh_payment_cube(1000)")
      #expect(try await rows(sums, connection) == before)
      #expect(try await differences(connection).isEmpty)
    }
  }

  @Test("amounts beyond what a rollup can hold are counted, and stop no other day")
  func huge() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 11, '2026-11-17 10:00:00', 99999999999999, 'EUR', 'transfer', 'completed'
        FROM \(numbers(1...1_500)) AS n
        """)
      _ = try await connection.query("CALL refresh_rollups(10000)")
      // A payment that the rollups do hold makes the day known.
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (11, '2026-11-17 11:00:00', 1, 'EUR', 'transfer', 'completed')
        """)
      _ = try await connection.query("CALL refresh_rollups(10000)")
      #expect(
        try await rows("CALL refresh_payment_cube(9)", connection).first?.hasPrefix("5|") == true)
      #expect(
        try await rows(
          "SELECT payment_count, payment_amount FROM payment_cube_day"
            + " WHERE metric_date = '2026-11-17'", connection) == ["1501|149999999999998501.0000"])
    }
  }

  @Test("arguments and open transactions are refused")
  func refused() async throws {
    try await TestServer.withSchema { connection in
      for (before, call, number) in [
        ("DO 0", "CALL refresh_payment_cube(NULL)", 30002),
        ("DO 0", "CALL refresh_payment_cube(0)", 30002),
        ("START TRANSACTION", "CALL refresh_payment_cube(1)", 30001),
      ] {
        try await connection.execute(before)
        let error = await #expect(throws: DatabaseError.self, "\(call)") {
          _ = try await connection.query(call)
        }
        #expect(error?.errno == UInt32(number))
      }
    }
  }
}
