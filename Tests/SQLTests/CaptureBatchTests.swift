import MariaDBClient
import TestSupport
import Testing

@Suite("Forms of a batch of changes", .timeLimit(.minutes(5)))
struct CaptureBatchTests {
  private static func add(
    _ amounts: [String], location: String = "'Berlin'", _ connection: Connection
  ) async throws {
    for amount in amounts {
      try await connection.execute(
        """
        INSERT INTO transactions (
            account_id, transaction_time, transaction_amount, currency, base_amount,
            transaction_type, location, status, requested_at, responded_at)
        VALUES (1, '2026-11-09 10:00:30', \(amount), 'EUR', \(amount), 'wire', \(location),
            'completed', '2026-11-09 10:00:30', '2026-11-09 10:00:31.250')
        """)
    }
  }

  /// Applies pending changes and checks the rollups; the column type shows the form of locations in
  /// the batch.
  private static func apply(_ connection: Connection) async throws {
    try await CaptureLedger.drain(connection)
    #expect(try await CaptureRecomputation.differences(connection) == [])
    #expect(try await CaptureLedger.differences(connection) == [])
  }

  /// The type that location has in the next compact batch.
  private static func locationType(_ connection: Connection) async throws -> String {
    try await connection.execute("CALL create_payment_batch(TRUE)")
    let row = try await connection.query("SHOW COLUMNS FROM batch_transactions LIKE 'location'")
      .rows.first
    try await connection.execute("DROP TEMPORARY TABLE batch_transactions")
    return row?.text("Type") ?? ""
  }

  @Test("amounts are exact below, at and above what a floating-point sum and 64 bits can hold")
  func amounts() async throws {
    // Without bounds: rows from before them must still add up.
    try await TestServer.withSchema { connection in
      try await BoundsRemoval.run(connection)
      try await CaptureLedger.seed(connection)
      for amounts in [
        ["0.0001", "0.0002", "12.3400"],
        // Around 9e15 units, where decimal sums begin, and beyond 2^53: the whole batch decides.
        ["899999999999.0000", "0.9998"],
        ["900000000000.0001", "0.0001"],
        ["900719925474.0993", "0.0001", "0.0001", "0.0001"],
        // 2^63 units are 922337203685477.5808.
        ["922337203685477.5807"],
        ["922337203685477.5808"],
        ["999999999999999.9999", "999999999999999.9999", "0.0001"],
      ] {
        try await Self.add(amounts, connection)
        try await Self.apply(connection)
        try await connection.execute("UPDATE transactions SET status = 'refunded' LIMIT 1")
        try await Self.apply(connection)
      }
      // Alone and negative it is the least 64-bit number, which has no absolute value.
      try await connection.execute(
        "DELETE FROM transactions WHERE base_amount = 922337203685477.5808")
      try await Self.apply(connection)
      try await connection.execute("DELETE FROM transactions")
      try await Self.apply(connection)
    }
  }

  @Test("new, odd and very many members are counted as written")
  func members() async throws {
    try await CaptureSchema.use { connection in
      try await Self.add(["1.5"], connection)
      try await Self.apply(connection)
      #expect(try await Self.locationType(connection) == "enum('=Berlin')")
      let odd = [
        "''", "'berlin'", "'Berlin '", "'O\\'Hara'", "'a,b'", "'\\\\'", "'0'", "'1'", "'\u{1F4B6}'",
        "NULL", "'(none)'",
      ]
      // Twice: first as an unknown member, then by its number.
      for _ in 0..<2 {
        for location in odd { try await Self.add(["2.25"], location: location, connection) }
        try await Self.apply(connection)
      }
      #expect(try await Self.locationType(connection).hasPrefix("enum("))
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            base_amount, transaction_type, location, status)
        SELECT 1, '2026-11-09 11:00:00', 1, 'EUR', 1, 'wire', CONCAT('place number ', seq), 'failed'
        FROM \(numbers(1...500)) AS n
        """)
      try await Self.apply(connection)
      #expect(try await Self.locationType(connection) == "varchar(65)")
      try await connection.execute("UPDATE transactions SET status = 'reversed'")
      try await Self.apply(connection)
    }
  }

  /// An ENUM reads a text of digits that is not a member as the number of a member.
  @Test("a new member of digits is not taken as the number of another")
  func membersOfDigits() async throws {
    try await CaptureSchema.use { connection in
      for location in ["'Berlin'", "'Paris'", "'05'", "'51'"] {
        try await Self.add(["1.5"], location: location, connection)
      }
      try await Self.apply(connection)
      for location in ["'2'", "'03'", "' 4'", "'+1'", "'1 '", "'=2'"] {
        // Alone: a second new member would make the whole batch plain.
        try await Self.add(["2.25"], location: location, connection)
        try await Self.apply(connection)
        let counted = try await connection.query(
          "SELECT total_count FROM metric_day WHERE dimension = 'location'"
            + " AND member = \(location)")
        #expect(counted.rows.first?.integer("total_count") == 1, "\(location)")
      }
    }
  }

  @Test("detail before its window is not stored, but its sums by hour and day are")
  func detailWindow() async throws {
    try await CaptureSchema.use { connection in
      func splitMinutes() async throws -> Int64 {
        try await connection.query(
          "SELECT COUNT(*) AS n FROM metric_minute WHERE dimension <> 'all'"
        ).rows.first?.integer("n") ?? 0
      }
      try await CaptureLedger.addPayments(300, spacingSeconds: 1800, connection)
      try await Self.apply(connection)
      let all = try await splitMinutes()
      try await CaptureLedger.keepDetail(days: 17, connection)
      try await Self.apply(connection)
      let left = try await splitMinutes()
      #expect(left > 0 && left < all)
      try await connection.execute("UPDATE transactions SET status = 'reversed'")
      try await Self.apply(connection)
      // Back over days with payments: deleted detail stays deleted, and the sums still balance.
      try await CaptureLedger.keepDetail(days: 20, connection)
      try await Self.apply(connection)
      #expect(try await splitMinutes() == left)
      try await CaptureLedger.keepDetail(days: 1, connection)
      try await Self.apply(connection)
      #expect(try await splitMinutes() == 0)
    }
  }
}
