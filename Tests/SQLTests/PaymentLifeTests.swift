import MariaDBClient
import TestSupport
import Testing

@Suite("Life of a posted payment", .timeLimit(.minutes(5)))
struct PaymentLifeTests {
  private func withLedger(_ body: (LedgerFixture, Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await body(try await LedgerFixture.open(on: connection), connection)
    }
  }

  /// Calls a procedure and gives its results as texts, `-` for NULL.
  private func call(
    _ procedure: String, _ arguments: String, on connection: Connection
  ) async throws -> [String] {
    try await LedgerFixture.call(procedure, arguments, on: connection)
  }

  private func errno(_ body: () async throws -> Void) async -> UInt32? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? DatabaseError).map { UInt32($0.errno) }
    }
  }

  private func balances(_ connection: Connection) async throws -> [String] {
    try await LedgerFixture.texts(
      "SELECT CAST(balance AS DECIMAL(19,2)) FROM accounts WHERE account_id <= 3 ORDER BY account_id",
      on: connection)
  }

  private func states(of payment: String, _ connection: Connection) async throws -> [String] {
    try await LedgerFixture.texts(
      "SELECT CONCAT_WS(' ', COALESCE(from_state, '-'), to_state, operation)"
        + " FROM posting_state_changes WHERE transaction_id = \(payment) ORDER BY request_id",
      on: connection)
  }

  // MARK: - Holds

  @Test("an authorization holds its amount until capture, and the rest is released")
  func capture() async throws {
    try await withLedger { _, connection in
      let held = try await call(
        "authorize_payment", "'a', 1, NULL, 900, 'EUR', 'card_payment', 'CARD', NULL",
        on: connection)
      #expect(Array(held.dropFirst()) == ["authorized", "-"])
      #expect(try await balances(connection) == ["1000.00", "1000.00", "1000.00"])
      let tooMuch = try await LedgerFixture.post(
        "'b', 1, 2, 100.01, 'EUR', 'transfer', NULL", on: connection)
      #expect(tooMuch.reason == "insufficient_funds")
      let second = try await call(
        "authorize_payment", "'c', 1, 2, 100.01, 'EUR', 'transfer', NULL, 60", on: connection)
      #expect(Array(second.dropFirst()) == ["denied", "insufficient_funds"])
      #expect(
        try await call("capture_payment", "'d', \(held[0]), 900.01", on: connection)
          == ["authorized", "amount_above_hold"])
      #expect(
        try await call("capture_payment", "'e', \(held[0]), 250", on: connection)
          == ["completed", "-"])
      #expect(try await balances(connection) == ["750.00", "1000.00", "1000.00"])
      #expect(
        try await call("capture_payment", "'f', \(held[0]), 1", on: connection)
          == ["completed", "not_authorized"])
      #expect(
        try await call("void_payment", "'g', \(held[0])", on: connection)
          == ["completed", "not_authorized"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', t.status, t.transaction_amount, t.balance_after, t.base_amount,"
            + " s.settlement_amount, h.held_amount, h.captured_amount, h.outcome)"
            + " FROM transactions AS t INNER JOIN payment_holds AS h USING (transaction_id)"
            + " INNER JOIN settlements AS s USING (transaction_id)", on: connection)
          == ["completed 250.0000 750.0000 250.0000 250.0000 900.0000 250.0000 captured"])
      #expect(
        try await states(of: held[0], connection) == [
          "- authorized authorize_payment", "authorized completed capture_payment",
        ])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', operation, payment_status, refusal_reason) FROM posting_refusals"
            + " ORDER BY request_id", on: connection) == [
            "post_payment denied insufficient_funds",
            "authorize_payment denied insufficient_funds",
            "capture_payment authorized amount_above_hold",
            "capture_payment completed not_authorized",
            "void_payment completed not_authorized",
          ])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("a voided or expired hold is released, and a late capture is refused")
  func release() async throws {
    try await withLedger { _, connection in
      var held: [String] = []
      for key in ["void", "expire", "late"] {
        let answer = try await call(
          "authorize_payment", "'\(key)', 1, 2, 300, 'EUR', 'transfer', NULL, 3600",
          on: connection)
        held.append(answer[0])
      }
      #expect(
        try await call("void_payment", "'v', \(held[0])", on: connection) == ["cancelled", "-"])
      #expect(try await call("expire_payments", "10", on: connection) == ["0"])
      try await connection.execute(
        "UPDATE payment_holds SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND"
          + " WHERE transaction_id <> \(held[0])")
      #expect(
        try await call("capture_payment", "'l', \(held[2]), NULL", on: connection)
          == ["authorized", "hold_expired"])
      #expect(try await call("expire_payments", "1", on: connection) == ["1"])
      #expect(try await call("expire_payments", "10", on: connection) == ["1"])
      #expect(try await call("expire_payments", "10", on: connection) == ["0"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT(outcome, ' ', status) FROM payment_holds INNER JOIN transactions"
            + " USING (transaction_id) ORDER BY transaction_id", on: connection)
          == ["voided cancelled", "expired cancelled", "expired cancelled"])
      #expect(
        try await LedgerFixture.post("'all', 1, 2, 1000, 'EUR', 'transfer', NULL", on: connection)
          .status
          == "completed")
      #expect(
        try await states(of: held[1], connection) == [
          "- authorized authorize_payment", "authorized cancelled expire_payments",
        ])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("a block after the authorization does not stop a capture, a closed account does")
  func captureAndBlocks() async throws {
    try await withLedger { _, connection in
      let payer = try await call(
        "authorize_payment", "'a', 1, 2, 10, 'EUR', 'transfer', NULL, NULL", on: connection)
      let payee = try await call(
        "authorize_payment", "'b', 3, 2, 10, 'EUR', 'transfer', NULL, NULL", on: connection)
      _ = try await call("block_account", "1, 'stolen'", on: connection)
      #expect(
        try await call("capture_payment", "'c', \(payer[0]), NULL", on: connection)
          == ["completed", "-"])
      _ = try await call("block_account", "2, 'stolen'", on: connection)
      #expect(
        try await call("capture_payment", "'d', \(payee[0]), NULL", on: connection)
          == ["authorized", "counterparty_not_active"])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  // MARK: - Returns

  @Test("a reversal returns everything and cancels the settlement")
  func reverse() async throws {
    try await withLedger { _, connection in
      let inside = try await LedgerFixture.post(
        "'a', 1, 2, 400, 'EUR', 'transfer', NULL", on: connection)
      let out = try await LedgerFixture.post(
        "'b', 1, NULL, 100, 'EUR', 'transfer', 'SEPA_CT'", on: connection)
      let into = try await LedgerFixture.post(
        "'c', 3, NULL, 100, 'EUR', 'deposit', 'SEPA_CT'", on: connection)
      #expect(try await balances(connection) == ["500.00", "1400.00", "1100.00"])
      for (key, payment) in [("d", inside), ("e", out), ("f", into)] {
        #expect(
          try await call("reverse_payment", "'\(key)', \(payment.transactionId)", on: connection)
            == ["reversed", "-"])
        #expect(
          try await call("reverse_payment", "'\(key)2', \(payment.transactionId)", on: connection)
            == ["reversed", "not_completed"])
      }
      #expect(try await balances(connection) == ["1000.00", "1000.00", "1000.00"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT DISTINCT settlement_status FROM settlements", on: connection)
          == ["failed"])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("settled, returned or foreign payments are not reversed, nor without funds")
  func reversalRefused() async throws {
    try await withLedger { _, connection in
      let settled = try await LedgerFixture.post(
        "'a', 1, NULL, 100, 'EUR', 'transfer', 'SEPA_CT'", on: connection)
      _ = try await call("settle_batch", "'s', 'SEPA_CT', '2100-01-01'", on: connection)
      let spent = try await LedgerFixture.post(
        "'b', 1, 2, 500, 'EUR', 'transfer', NULL", on: connection)
      _ = try await LedgerFixture.post("'c', 2, 3, 1400, 'EUR', 'transfer', NULL", on: connection)
      let refunded = try await LedgerFixture.post(
        "'d', 3, 1, 100, 'EUR', 'transfer', NULL", on: connection)
      let refund = try await call(
        "refund_payment", "'e', \(refunded.transactionId), 1", on: connection)
      let denied = try await LedgerFixture.post(
        "'f', 1, 2, 9999, 'EUR', 'transfer', NULL", on: connection)
      try await connection.execute(
        "INSERT INTO transactions (transaction_id, account_id, transaction_time,"
          + " transaction_amount, currency, transaction_type, status)"
          + " VALUES (900, 1, UTC_TIMESTAMP(), 5, 'EUR', 'transfer', 'completed')")
      for (payment, answer) in [
        ("\(settled.transactionId)", ["completed", "already_settled"]),
        ("\(spent.transactionId)", ["completed", "insufficient_funds"]),
        ("\(refunded.transactionId)", ["completed", "already_refunded"]),
        (refund[0], ["completed", "already_refunded"]),
        ("\(denied.transactionId)", ["denied", "not_completed"]),
        ("900", ["completed", "not_posted"]),
      ] {
        #expect(
          try await call("reverse_payment", "'r\(payment)', \(payment)", on: connection) == answer)
      }
      let unknown = await errno {
        _ = try await call("reverse_payment", "'r', 77", on: connection)
      }
      #expect(unknown == 30403)
      _ = try await call("block_account", "2, 'stolen'", on: connection)
      #expect(
        try await call("reverse_payment", "'x', \(spent.transactionId)", on: connection)
          == ["completed", "counterparty_not_active"])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("refunds are separate payments, up to the paid amount")
  func refund() async throws {
    try await withLedger { _, connection in
      let inside = try await LedgerFixture.post(
        "'a', 1, 2, 100, 'EUR', 'transfer', NULL", on: connection)
      let out = try await LedgerFixture.post(
        "'b', 3, NULL, 80, 'EUR', 'card_payment', 'CARD'", on: connection)
      let into = try await LedgerFixture.post(
        "'c', 3, NULL, 20, 'EUR', 'deposit', 'SEPA_CT'", on: connection)
      let payment = "\(inside.transactionId)"
      let first = try await call("refund_payment", "'d', \(payment), 30", on: connection)
      #expect(Array(first.dropFirst()) == ["completed", "-"])
      #expect(
        try await call("refund_payment", "'e', \(payment), 70.01", on: connection)
          == ["-", "-", "amount_above_payment"])
      #expect(
        try await call("refund_payment", "'e', \(payment), 70.01", on: connection)
          == ["-", "-", "amount_above_payment"])
      #expect(try await states(of: payment, connection).count == 1)
      let rest = try await call("refund_payment", "'f', \(payment), NULL", on: connection)
      #expect(Array(rest.dropFirst()) == ["completed", "-"])
      #expect(
        try await states(of: payment, connection) == [
          "- completed post_payment", "completed refunded mark_refunded",
        ])
      #expect(
        try await call("refund_payment", "'g', \(payment), 1", on: connection)
          == ["-", "-", "not_completed"])
      _ = try await call("refund_payment", "'h', \(out.transactionId), 80", on: connection)
      #expect(
        try await call("refund_payment", "'i', \(into.transactionId), 1", on: connection)
          == ["-", "-", "not_refundable"])
      #expect(
        try await call("refund_payment", "'j', \(rest[0]), 1", on: connection)
          == ["-", "-", "not_refundable"])
      #expect(try await balances(connection) == ["1000.00", "1000.00", "1020.00"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', account_id, transaction_amount, status, counterparty_account_id)"
            + " FROM transactions WHERE transaction_type = 'refund' ORDER BY transaction_id",
          on: connection) == [
            "1 30.0000 completed 2", "1 70.0000 completed 2", "3 80.0000 completed",
          ])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  // MARK: - Settlement

  @Test("a batch settles due payments once, and their money leaves the clearing account")
  func settle() async throws {
    try await withLedger { _, connection in
      for (key, arguments) in [
        ("a", "1, NULL, 100, 'EUR', 'transfer', 'SEPA_CT'"),
        ("b", "2, NULL, 30, 'EUR', 'deposit', 'SEPA_CT'"),
        ("c", "3, NULL, 5, 'EUR', 'card_payment', 'CARD'"),
      ] { try await LedgerFixture.post("'\(key)', \(arguments)", on: connection) }
      #expect(
        try await call("settle_batch", "'early', 'SEPA_CT', '2020-01-01'", on: connection)[1]
          == "0")
      let batch = try await call(
        "settle_batch", "'s', 'SEPA_CT', '2100-01-01'", on: connection)
      #expect(batch[1] == "2")
      #expect(
        try await call("settle_batch", "'s', 'SEPA_CT', '2100-01-01'", on: connection) == batch)
      #expect(
        try await call("settle_batch", "'t', 'SEPA_CT', '2100-01-01'", on: connection)[1] == "0")
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT(internal_account, ' ', SUM(entry_amount)) FROM ledger_entries"
            + " WHERE internal_account IS NOT NULL GROUP BY internal_account ORDER BY 1",
          on: connection) == [
            "clearing:CARD 5.0000", "clearing:SEPA_CT 0.0000", "nostro:SEPA_CT 70.0000",
          ])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT(rail, ' ', settlement_status) FROM settlements ORDER BY settlement_id",
          on: connection) == ["SEPA_CT settled", "SEPA_CT settled", "CARD pending"])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  // MARK: - Accounts

  @Test("accounts are blocked, released and closed, with who did it and why")
  func accountStatus() async throws {
    try await withLedger { _, connection in
      #expect(
        try await call("block_account", "1, 'stolen'", on: connection) == ["blocked", "-"])
      #expect(
        try await call("block_account", "1, 'stolen'", on: connection) == ["blocked", "-"])
      #expect(
        try await LedgerFixture.post("'a', 1, 2, 1, 'EUR', 'transfer', NULL", on: connection).reason
          == "account_not_active")
      #expect(
        try await call("unblock_account", "1, 'found'", on: connection) == ["active", "-"])
      #expect(
        try await call("close_account", "1, 'asked'", on: connection)
          == ["active", "balance_not_zero"])
      try await LedgerFixture.post("'b', 1, 2, 1000, 'EUR', 'transfer', NULL", on: connection)
      #expect(try await call("close_account", "1, 'asked'", on: connection) == ["closed", "-"])
      for procedure in ["block_account", "unblock_account"] {
        #expect(
          try await call(procedure, "1, 'again'", on: connection) == ["closed", "account_closed"])
      }
      // Holds and payments in progress keep an account open.
      let overdrawn = "INSERT INTO account_ledgers VALUES (3, 1000, 5000, NULL, UTC_TIMESTAMP())"
      try await connection.execute(overdrawn)
      try await LedgerFixture.post("'c', 3, 2, 1000, 'EUR', 'transfer', NULL", on: connection)
      let held = try await call(
        "authorize_payment", "'d', 3, 2, 5, 'EUR', 'transfer', NULL, NULL", on: connection)
      #expect(
        try await call("close_account", "3, 'asked'", on: connection) == ["active", "open_holds"])
      _ = try await call("void_payment", "'e', \(held[0])", on: connection)
      try await connection.execute(
        "INSERT INTO transactions (transaction_id, account_id, transaction_time,"
          + " transaction_amount, currency, transaction_type, status)"
          + " VALUES (900, 3, UTC_TIMESTAMP(), 5, 'EUR', 'transfer', 'pending')")
      #expect(
        try await call("close_account", "3, 'asked'", on: connection)
          == ["active", "open_payments"])
      try await connection.execute(
        "UPDATE accounts SET account_status = 'dormant' WHERE account_id = 4")
      #expect(
        try await call("unblock_account", "4, 'why'", on: connection) == ["dormant", "not_blocked"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', account_id, from_status, to_status, reason, refusal_reason)"
            + " FROM account_status_changes WHERE changed_by LIKE '%@%' ORDER BY change_id LIMIT 6",
          on: connection) == [
            "1 active blocked stolen", "1 blocked active found",
            "1 active active asked balance_not_zero", "1 active closed asked",
            "1 closed closed again account_closed", "1 closed closed again account_closed",
          ])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("a balance is adjusted against the bank's account, unless the account is closed")
  func adjust() async throws {
    try await withLedger { _, connection in
      #expect(
        try await call("adjust_balance", "'a', 1, -1200.5, 'fee'", on: connection)
          == ["-200.5000", "-"])
      #expect(
        try await call("adjust_balance", "'b', 1, 200.5, 'goodwill'", on: connection)
          == ["0.0000", "-"])
      // The first answer, not the present balance.
      #expect(
        try await call("adjust_balance", "'a', 1, -1200.5, 'fee'", on: connection)
          == ["-200.5000", "-"])
      _ = try await call("close_account", "1, 'asked'", on: connection)
      #expect(
        try await call("adjust_balance", "'c', 1, 1, 'late'", on: connection)
          == ["0.0000", "account_closed"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT reason FROM balance_adjustments ORDER BY request_id", on: connection)
          == ["fee", "goodwill", "late"])
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }
}
