import MariaDBClient
import TestSupport
import Testing

/// What a posting procedure sees and waits for while others work on the same accounts.
@Suite("Locks of posting", .timeLimit(.minutes(5)))
struct PostingLockTests {
  private func withLedger(_ body: (LedgerFixture, Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await body(try await LedgerFixture.open(on: connection), connection)
    }
  }

  @Test(
    "money that was held while a payment waited for the account is not there",
    arguments: [(payer: 1, other: 2), (payer: 2, other: 1)], ["post_payment", "authorize_payment"])
  func holdsOfOthers(accounts: (payer: Int, other: Int), procedure: String) async throws {
    try await withLedger { ledger, connection in
      let (payer, other) = accounts
      try await LedgerFixture.post("'k', 1, 2, 1, 'EUR', 'transfer', NULL", on: connection)
      let holder = try await Connection.open(ledger.options)
      let watcher = try await Connection.open(ledger.options)
      // What authorize_payment does, and commits while the other waits.
      try await holder.execute("START TRANSACTION")
      try await holder.execute(
        "SELECT COUNT(*) FROM accounts WHERE account_id = \(payer) FOR UPDATE")
      try await holder.execute(
        """
        INSERT INTO payment_holds (transaction_id, account_id, held_amount, authorized_at, expires_at)
        SELECT MIN(transaction_id), \(payer), 900, UTC_TIMESTAMP(3), '2100-01-01' FROM transactions
        """)
      let arguments =
        "'late', \(payer), \(other), 200, 'EUR', 'transfer', NULL"
        + (procedure == "authorize_payment" ? ", NULL" : "")
      async let answer = LedgerFixture.call(procedure, arguments, on: connection)
      try await RowLockWait.begins(of: connection.connectionId, seenBy: watcher)
      try await holder.execute("COMMIT")
      #expect(try await answer.dropFirst() == ["denied", "insufficient_funds"])
      await holder.close()
      await watcher.close()
    }
  }

  @Test("a limit that was changed while a payment waited for the account holds")
  func limitsOfOthers() async throws {
    try await withLedger { ledger, connection in
      try await LedgerFixture.post("'k', 1, 2, 1, 'EUR', 'transfer', NULL", on: connection)
      let holder = try await Connection.open(ledger.options)
      let watcher = try await Connection.open(ledger.options)
      try await holder.execute("START TRANSACTION")
      try await holder.execute("UPDATE account_ledgers SET payment_limit = 5 WHERE account_id = 2")
      async let answer = LedgerFixture.call(
        "post_payment", "'late', 2, 1, 200, 'EUR', 'transfer', NULL", on: connection)
      try await RowLockWait.begins(of: connection.connectionId, seenBy: watcher)
      try await holder.execute("COMMIT")
      #expect(try await answer.dropFirst() == ["denied", "payment_limit"])
      await holder.close()
      await watcher.close()
    }
  }

  @Test("no payment waits for what payments of its type or currency have in common")
  func referenceData() async throws {
    try await withLedger { ledger, connection in
      let held = try await LedgerFixture.call(
        "authorize_payment", "'1', 1, 2, 10, 'EUR', 'transfer', NULL, NULL", on: connection)[0]
      let free = try await LedgerFixture.call(
        "authorize_payment", "'2', 1, 2, 10, 'EUR', 'transfer', NULL, NULL", on: connection)[0]
      let paid = try await LedgerFixture.post(
        "'3', 1, 2, 20, 'EUR', 'transfer', NULL", on: connection
      ).transactionId
      let wrong = try await LedgerFixture.post(
        "'4', 1, NULL, 30, 'EUR', 'transfer', 'SEPA_CT'", on: connection
      ).transactionId
      let holder = try await Connection.open(ledger.options)
      try await holder.execute("START TRANSACTION")
      for table in ["transaction_types", "currencies", "payment_transitions", "fx_rates"] {
        _ = try await holder.query("SELECT * FROM \(table) FOR UPDATE")
      }
      try await connection.execute("SET SESSION innodb_lock_wait_timeout = 1")
      for (procedure, arguments) in [
        ("post_payment", "'a', 1, 2, 1, 'EUR', 'transfer', NULL"),
        ("authorize_payment", "'b', 1, 2, 1, 'EUR', 'transfer', NULL, NULL"),
        ("capture_payment", "'c', \(held), 5"), ("void_payment", "'d', \(free)"),
        ("refund_payment", "'e', \(paid), 1"), ("reverse_payment", "'f', \(wrong)"),
      ] {
        let answer = try await LedgerFixture.call(procedure, arguments, on: connection)
        #expect(answer.last == "-", "\(procedure): \(answer)")
      }
      try await holder.execute("ROLLBACK")
      await holder.close()
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("posted amounts in the base currency are those of fx_rate, in every currency")
  func baseAmounts() async throws {
    try await withLedger { _, connection in
      try await connection.execute(
        """
        INSERT INTO accounts (customer_id, account_type, currency, balance, opened_at)
        SELECT 1, 'personal', currency, 1000, '2020-01-01' FROM currencies WHERE minor_unit = 2
        """)
      let accounts = try await LedgerFixture.texts(
        "SELECT CONCAT(account_id, ', NULL, ', account_id + 0.37, ', ''', currency, '''')"
          + " FROM accounts WHERE account_id > \(LedgerFixture.accounts)", on: connection)
      #expect(accounts.count > 100)
      for (number, payment) in accounts.enumerated() {
        try await LedgerFixture.post(
          "'\(number)', \(payment), 'transfer', 'SEPA_CT'", on: connection)
      }
      #expect(
        try await LedgerFixture.texts(
          """
          SELECT CONCAT(t.currency, ' ', t.base_amount, ' ', s.base_amount)
          FROM transactions AS t
          LEFT JOIN settlements AS s ON s.transaction_id = t.transaction_id
          WHERE NOT (t.base_amount <=> ROUND(
                  t.transaction_amount * fx_rate(t.currency, DATE(t.transaction_time)), 4))
              OR (s.settlement_id IS NOT NULL AND NOT (s.base_amount <=> ROUND(
                  s.settlement_amount * fx_rate(s.currency, DATE(s.accepted_at)), 4)))
          """, on: connection) == [])
      #expect(
        try await LedgerFixture.texts(
          "SELECT problem FROM integrity_missing_fx_rates", on: connection
        )
        .contains("base_rate_not_one") == false)
      try await connection.execute("UPDATE fx_rates SET rate_to_base = 2 WHERE currency = 'EUR'")
      #expect(
        try await LedgerFixture.texts(
          "SELECT problem FROM integrity_missing_fx_rates", on: connection
        )
        .contains("base_rate_not_one"))
    }
  }
}
