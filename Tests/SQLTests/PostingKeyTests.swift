import MariaDBClient
import Schema
import TestSupport
import Testing

@Suite("Keys, amounts and sessions of posting", .timeLimit(.minutes(5)))
struct PostingKeyTests {
  private func withLedger(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      _ = try await LedgerFixture.open(on: connection)
      try await body(connection)
    }
  }

  private func errno(_ sql: String, on connection: Connection) async -> UInt32? {
    do {
      _ = try await connection.queryAll(sql)
      return nil
    } catch {
      return UInt32(error.errno)
    }
  }

  private func post(
    _ key: String, amount: String = "10.50", currency: String = "'EUR'",
    type: String = "'transfer'", rail: String = "NULL"
  ) -> String {
    let other = rail == "NULL" ? "2" : "NULL"
    return "CALL post_payment(\(key), 1, \(other), \(amount), \(currency), \(type), \(rail),"
      + " @id, @status, @reason)"
  }

  @Test(
    "a posting by a client with autocommit off is committed", arguments: [false, true])
  func autocommitOff(hasRead: Bool) async throws {
    try await withLedger { connection in
      try await connection.execute("SET autocommit = 0")
      let calls = [
        post("'a'"), post("'b'", rail: "'SEPA_CT'"),
        "CALL authorize_payment('c', 1, NULL, 20, 'EUR', 'card_payment', 'CARD', NULL,"
          + " @held, @status, @reason)",
        "CALL authorize_payment('d', 1, NULL, 20, 'EUR', 'card_payment', 'CARD', 60,"
          + " @void, @status, @reason)",
        "CALL capture_payment('e', @held, 15, @status, @reason)",
        "CALL void_payment('f', @void, @status, @reason)",
        "CALL refund_payment('g', @held, 5, @back, @status, @reason)",
        "CALL reverse_payment('h', @id, @status, @reason)",
        "CALL settle_batch('i', 'SEPA_CT', NULL, @batch, @count)",
        "CALL adjust_balance('j', 3, -1, 'fee', @balance, @reason)",
        "CALL block_account(4, 'stolen card', @status, @reason)",
        "CALL unblock_account(4, 'found', @status, @reason)",
        "CALL close_account(5, 'moved away', @status, @reason)",
        "CALL expire_payments(10, @count)",
      ]
      for call in calls {
        #expect(await errno(call, on: connection) == nil, "\(call)")
        // No transaction is left open, and nothing can be rolled back.
        #expect(
          try await LedgerFixture.number("SELECT \(connection.openTransaction)", on: connection)
            == 0,
          "\(call)")
        if hasRead {
          _ = try await connection.query("SELECT COUNT(*) FROM transactions")
          #expect(await errno(post("'late'"), on: connection) == 30001)
        }
        try await connection.execute("ROLLBACK")
      }
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM payment_requests", on: connection)
          == 10)
      try await connection.execute("ROLLBACK")
      // A failure is logged there, too.
      #expect(
        await errno("CALL void_payment('k', 999, @status, @reason)", on: connection) == 30403)
      try await connection.execute("ROLLBACK")
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM routine_errors WHERE error_number = 30403", on: connection) == 1)
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("a key is never cut, and two keys are equal only byte for byte", arguments: ["", "strict"])
  func keys(mode: String) async throws {
    try await withLedger { connection in
      if mode.isEmpty { try await connection.execute("SET sql_mode = ''") }
      let long = String(repeating: "k", count: 64)
      for key in ["'order'", "'order '", "'Order'", "'ORDER'", "'order\t'", "'\(long)'", "'a b'"] {
        #expect(await errno(post(key), on: connection) == nil, "\(key)")
      }
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions", on: connection) == 7)
      // Repeated: each has its own answer.
      try await connection.execute(post("'order '"))
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT(idempotency_key, '|') FROM payment_requests WHERE transaction_id = @id",
          on: connection) == ["order |"])
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions", on: connection) == 7)
      for key in [
        "'\(long)1'", "'\(long)2'", "'\(long) '", "'clé'", "'cle\u{301}'", "X'636CE9'", "''",
        "NULL",
        "'payops:x'", "'🙂'",
      ] {
        let number = await errno(post(key), on: connection)
        #expect(number == 30002 || (mode == "strict" && number == 1406), "\(key): \(number ?? 0)")
      }
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions", on: connection) == 7)
    }
  }

  @Test(
    "a migration makes stored keys exact and keeps their answers",
    .onMariaDB("MySQL begins with the present version"))
  func migratedKeys() async throws {
    try await withLedger { connection in
      try await connection.execute(
        """
        ALTER TABLE payment_requests MODIFY idempotency_key
            VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        """)
      try await connection.execute(
        """
        INSERT INTO payment_requests (idempotency_key, request_hash, operation, requested_by,
            requested_at, payment_status)
        VALUES ('old ', UNHEX(SHA2('post_payment|1|2|10.5000|EUR|transfer|-', 256)),
            'post_payment', 'a@b', UTC_TIMESTAMP(), 'denied')
        """)
      let migration = try #require(
        try Manifest.embedded().objects.first { $0.name == "0003_payment_requests_byte_keys" })
      for _ in 1...2 {
        for statement in migration.statements { try await connection.execute(statement) }
      }
      try await connection.execute(post("'old '"))
      #expect(try await LedgerFixture.texts("SELECT @status", on: connection) == ["denied"])
      try await connection.execute(post("'old'"))
      #expect(try await LedgerFixture.texts("SELECT @status", on: connection) == ["completed"])
    }
  }

  @Test(
    "an amount finer than the smallest unit of its currency is refused", arguments: ["", "strict"])
  func minorUnits(mode: String) async throws {
    try await withLedger { connection in
      for (number, currency) in ["JPY", "KWD", "CLF", "XAU"].enumerated() {
        try await connection.execute(
          """
          INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)
          VALUES (\(20 + 2 * number), 1, 'personal', '\(currency)', 100, '2020-01-01'),
              (\(21 + 2 * number), 1, 'personal', '\(currency)', 100, '2020-01-01')
          """)
      }
      if mode.isEmpty { try await connection.execute("SET sql_mode = ''") }
      let fits: [(Int, String, String)] = [
        (1, "EUR", "1.01"), (1, "EUR", "1.0100000000"), (1, "EUR", "'2.5'"), (1, "EUR", "1.5e0"),
        (20, "JPY", "3"), (20, "JPY", "3.000"), (22, "KWD", "1.234"), (24, "CLF", "0.0001"),
        (26, "XAU", "0.1251"),
      ]
      for (index, (account, currency, amount)) in fits.enumerated() {
        let call =
          "CALL post_payment('fit\(index)', \(account), \(account + 1), \(amount), '\(currency)',"
          + " 'transfer', NULL, @id, @status, @reason)"
        #expect(await errno(call, on: connection) == nil, "\(currency) \(amount)")
        #expect(try await LedgerFixture.texts("SELECT @status", on: connection) == ["completed"])
      }
      let finer: [(String, String, UInt32)] = [
        ("EUR", "1.011", 30406), ("EUR", "1.01000000001", 30406), ("EUR", "0.1e0 + 0.2e0", 30406),
        ("EUR", "'0.0000000000000000000000000000001'", 30406), ("JPY", "0.5", 30406),
        ("KWD", "1.2345", 30406), ("CLF", "0.00001", 30406), ("EUR", "'1,000.50'", 30002),
        ("EUR", "'12x'", 30002), ("EUR", "'x'", 30002), ("EUR", "''", 30002), ("EUR", "-1", 30002),
        ("EUR", "0", 30002), ("EUR", "NULL", 30002), ("EUR", "1e15", 30002), ("EUR", "1e40", 30002),
        ("EURO", "1", 30002), ("ZZZ", "1", 30002), ("", "1", 30002),
      ]
      for (currency, amount, number) in finer {
        let found = await errno(
          post("'no'", amount: amount, currency: "'\(currency)'"), on: connection)
        #expect(
          found == number || (mode == "strict" && found == 1406),
          "\(currency) \(amount): \(found ?? 0)")
        let held = await errno(
          "CALL authorize_payment('no', 1, 2, \(amount), '\(currency)', 'transfer', NULL, NULL,"
            + " @id, @status, @reason)", on: connection)
        #expect(held == found, "\(currency) \(amount): \(held ?? 0)")
      }
      try await connection.execute(
        "CALL authorize_payment('hold', 1, 2, 20, 'EUR', 'transfer', NULL, NULL, @id, @s, @r)")
      for call in [
        "CALL capture_payment('c', @id, 1.005, @s, @r)",
        "CALL adjust_balance('a', 1, -0.001, 'rounding', @b, @r)",
        "CALL adjust_balance('a', 20, 0.5, 'rounding', @b, @r)",
      ] {
        #expect(await errno(call, on: connection) == 30406, "\(call)")
      }
      try await connection.execute("CALL capture_payment('c', @id, 19.99, @s, @r)")
      #expect(
        await errno(
          "CALL refund_payment('r', @id, 0.001, @back, @s, @r)", on: connection) == 30406)
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions", on: connection)
          == Int64(fits.count + 1))
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }
}
