import MariaDBClient
import TestSupport
import Testing

@Suite("Posting under faults", .timeLimit(.minutes(5)))
struct PaymentFaultTests {
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

  // MARK: - Keys, arguments, failures

  /// Every procedure with a key, its prerequisites, and a different request.
  private static let requests: [(call: String, arguments: String, other: String)] = [
    (
      "authorize_payment", "'k', 1, 2, 10, 'EUR', 'transfer', NULL, NULL",
      "'k', 1, 2, 10, 'EUR', 'transfer', NULL, 5"
    ),
    ("capture_payment", "'k', 1, NULL", "'k', 1, 10"),
    ("void_payment", "'k', 1", "'k', 2"),
    ("reverse_payment", "'k', 2", "'k', 1"),
    ("refund_payment", "'k', 2, 3", "'k', 2, 4"),
    ("settle_batch", "'k', 'SEPA_CT', '2100-01-01'", "'k', 'CARD', '2100-01-01'"),
    ("adjust_balance", "'k', 1, 5, 'why'", "'k', 1, 5, 'why not'"),
  ]

  /// An authorized payment 1, a completed payment 2 and one over a rail, 3.
  private func prepare(_ connection: Connection) async throws {
    let held = try await call(
      "authorize_payment", "'1', 1, 2, 10, 'EUR', 'transfer', NULL, NULL", on: connection)
    let paid = try await LedgerFixture.post(
      "'2', 1, 2, 20, 'EUR', 'transfer', NULL", on: connection)
    try await LedgerFixture.post("'3', 1, NULL, 30, 'EUR', 'transfer', 'SEPA_CT'", on: connection)
    #expect([held[0], "\(paid.transactionId)"] == ["1", "2"])
  }

  @Test("every key has one answer, and never one for another request", arguments: requests.indices)
  func keys(number: Int) async throws {
    let request = Self.requests[number]
    try await withLedger { _, connection in
      try await prepare(connection)
      let first = try await call(request.call, request.arguments, on: connection)
      let before = try await LedgerFixture.everything(on: connection)
      #expect(try await call(request.call, request.arguments, on: connection) == first)
      #expect(try await LedgerFixture.everything(on: connection) == before)
      let number = await errno {
        _ = try await call(request.call, request.other, on: connection)
      }
      #expect(number == 30402)
      #expect(try await LedgerFixture.everything(on: connection) == before)
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test(
    "a failure in the last step undoes everything, and the key is free again",
    arguments: requests.indices)
  func failure(number: Int) async throws {
    let request = Self.requests[number]
    try await withLedger { _, connection in
      try await prepare(connection)
      let before = try await LedgerFixture.everything(on: connection)
      // Each writes one of these last, or next to last.
      let tables = ["payment_requests UPDATE", "ledger_entries INSERT", "settlements UPDATE"]
      for table in tables.map({ $0.split(separator: " ") }) {
        try await connection.execute(
          "CREATE TRIGGER sabotage BEFORE \(table[1]) ON \(table[0]) FOR EACH ROW"
            + " SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31999, MESSAGE_TEXT = 'sabotage'")
        let isWritten = await errno {
          _ = try await call(request.call, request.arguments, on: connection)
        }
        try await connection.execute("DROP TRIGGER sabotage")
        if isWritten == nil {
          // This one does not write that table, so it has succeeded.
          #expect(table[0] != "payment_requests" || request.call == "settle_batch")
          break
        }
        #expect(isWritten == 31999)
        #expect(try await LedgerFixture.everything(on: connection) == before)
        #expect(
          try await LedgerFixture.number(
            "SELECT COUNT(*) > 0 FROM routine_errors WHERE error_number = 31999"
              + " AND routine_name = '\(request.call)'", on: connection) == 1)
      }
      _ = try await call(request.call, request.arguments, on: connection)
      #expect(try await LedgerFixture.everything(on: connection) != before)
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  private static let wrong: [(procedure: String, arguments: String)] = [
    ("authorize_payment", "NULL, 1, 2, 1, 'EUR', 'transfer', NULL, NULL"),
    ("authorize_payment", "'payops:x', 1, 2, 1, 'EUR', 'transfer', NULL, NULL"),
    ("authorize_payment", "'k', 1, 2, 0, 'EUR', 'transfer', NULL, NULL"),
    ("authorize_payment", "'k', 1, 2, 1, 'EUR', 'transfer', NULL, 0"),
    ("authorize_payment", "'k', 1, NULL, 1, 'EUR', 'deposit', 'SEPA_CT', NULL"),
    ("authorize_payment", "'k', 1, 2, 1, 'EUR', 'refund', NULL, NULL"),
    ("authorize_payment", "'k', 1, NULL, 1, 'EUR', 'transfer', 'PIGEON', NULL"),
    ("capture_payment", "'k', NULL, NULL"), ("capture_payment", "'k', 1, 0"),
    ("capture_payment", "'k', 1, -1"), ("void_payment", "'k', NULL"),
    ("void_payment", "'', 1"), ("reverse_payment", "'k', NULL"),
    ("refund_payment", "'k', NULL, 1"), ("refund_payment", "'k', 1, 0"),
    ("settle_batch", "'k', NULL, NULL"), ("settle_batch", "'k', 'PIGEON', NULL"),
    ("adjust_balance", "'k', 1, 0, 'why'"), ("adjust_balance", "'k', 1, NULL, 'why'"),
    ("adjust_balance", "'k', 1, 1, ''"), ("adjust_balance", "'k', NULL, 1, 'why'"),
    ("expire_payments", "0"), ("expire_payments", "NULL"),
    ("block_account", "NULL, 'why'"), ("block_account", "1, NULL"),
    ("close_account", "1, ''"), ("unblock_account", "NULL, NULL"),
  ]

  @Test("arguments that make no valid request are errors and leave nothing")
  func wrongArguments() async throws {
    try await withLedger { (_: LedgerFixture, connection: Connection) async throws in
      let before = try await LedgerFixture.everything(on: connection)
      for (procedure, arguments) in Self.wrong {
        let number = await errno { _ = try await call(procedure, arguments, on: connection) }
        #expect(number == 30002, "\(procedure) \(arguments)")
        #expect(try await LedgerFixture.everything(on: connection) == before)
      }
      try await connection.execute("START TRANSACTION")
      let open = await errno { _ = try await call("void_payment", "'k', 1", on: connection) }
      #expect(open == 30001)
      try await connection.execute("ROLLBACK")
    }
  }

  @Test("procedures follow the catalogue of state transitions")
  func catalogue() async throws {
    try await withLedger { _, connection in
      try await prepare(connection)
      try await connection.execute(
        "DELETE FROM payment_transitions WHERE from_state = 'authorized' AND to_state = 'cancelled'"
      )
      let before = try await LedgerFixture.everything(on: connection)
      let number = await errno { _ = try await call("void_payment", "'v', 1", on: connection) }
      #expect(number == 30404)
      #expect(try await LedgerFixture.everything(on: connection) == before)
    }
  }

  // MARK: - Concurrency

  @Test("clients that do everything at once lose no money and make only legal transitions")
  func everythingAtOnce() async throws {
    try await withLedger { ledger, connection in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in 0..<8 {
          group.addTask { try await Self.live(client: client, ledger, requests: 60) }
        }
        try await group.waitForAll()
      }
      #expect(try await LedgerFixture.damage(on: connection) == [])
      // The total of customers and bank is unchanged.
      #expect(
        try await LedgerFixture.texts(
          "SELECT (SELECT SUM(balance) FROM accounts) + COALESCE(SUM(entry_amount), 0)"
            + " FROM ledger_entries WHERE internal_account IS NOT NULL", on: connection)
          == ["10000.0000"])
      let operations = try await LedgerFixture.number(
        "SELECT COUNT(DISTINCT operation) FROM payment_requests WHERE refusal_reason IS NULL",
        on: connection)
      #expect(operations >= 8)
    }
  }

  private static func live(client: Int, _ ledger: LedgerFixture, requests: Int) async throws {
    let connection = try await Connection.open(ledger.options)
    var random = SystemRandomNumberGenerator()
    for number in 0..<requests {
      let key = "'c\(client)-\(number)'"
      let account = Int.random(in: 1...LedgerFixture.accounts, using: &random)
      let other = account % LedgerFixture.accounts + 1
      let amount = Int.random(in: 1...300, using: &random)
      let payment = Int.random(in: 1...(client + number * 6 + 1), using: &random)
      let side = Bool.random() ? "\(other)" : "NULL"
      let rail = side == "NULL" ? "'SEPA_CT'" : "NULL"
      let pay = "\(key), \(account), \(side), \(amount), 'EUR', 'transfer', \(rail)"
      let (procedure, arguments) =
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5: ("post_payment", pay)
        case 5..<9: ("authorize_payment", "\(pay), \(Bool.random() ? "1" : "NULL")")
        case 9..<12: ("capture_payment", "\(key), \(payment), NULL")
        case 12: ("void_payment", "\(key), \(payment)")
        case 13..<15: ("reverse_payment", "\(key), \(payment)")
        case 15..<17: ("refund_payment", "\(key), \(payment), \(Bool.random() ? "1" : "NULL")")
        case 17: ("settle_batch", "\(key), 'SEPA_CT', '2100-01-01'")
        case 18: ("expire_payments", "10")
        default: ("adjust_balance", "\(key), \(account), \(amount - 150), 'why'")
        }
      var answer: [String]?
      // After a deadlock or a lost answer the same request is repeated; unknown payments are
      // errors.
      for _ in 0..<20 where answer == nil {
        do {
          answer = try await LedgerFixture.call(procedure, arguments, on: connection)
        } catch let error as DatabaseError {
          if error.errno == 30403 || error.errno == 30002 {
            answer = []
          } else if ![1213, 1205, 1020].contains(error.errno) {
            throw error
          }
        }
      }
      if let answer, !answer.isEmpty, procedure != "expire_payments", number % 5 == 0 {
        let again = try await LedgerFixture.call(procedure, arguments, on: connection)
        if again != answer { Issue.record("\(procedure) \(arguments): \(answer), then \(again)") }
      }
    }
    await connection.close()
  }

  // MARK: - Integrity

  @Test("the integrity views find every violation, and check_integrity records it")
  func integrity() async throws {
    try await withLedger { _, connection in
      try await prepare(connection)
      _ = try await call("capture_payment", "'c', 1, NULL", on: connection)
      #expect(try await LedgerFixture.damage(on: connection) == [])
      for (damage, view) in [
        (
          "UPDATE transactions SET status = 'charged_back' WHERE transaction_id = 2",
          "integrity_payment_paths"
        ),
        (
          "UPDATE payment_requests SET payment_status = 'reversed' WHERE idempotency_key = 'c'",
          "integrity_payment_paths"
        ),
        (
          "DELETE FROM payment_transitions WHERE from_state = 'authorized'",
          "integrity_payment_paths"
        ),
        ("UPDATE payment_holds SET ended_at = NULL, outcome = NULL", "integrity_payment_holds"),
        ("UPDATE payment_holds SET captured_amount = NULL", "integrity_payment_holds"),
        (
          "UPDATE settlements SET settlement_status = 'settled', settlement_date = UTC_TIMESTAMP()",
          "integrity_clearing_balances"
        ),
        (
          "UPDATE settlements SET settlement_status = 'settled', settlement_date = UTC_TIMESTAMP()"
            + " WHERE transaction_id = 3", "integrity_clearing_balances"
        ),
        (
          "UPDATE ledger_entries SET entry_amount = entry_amount - 1 WHERE entry_amount > 0",
          "integrity_ledger_postings"
        ),
        (
          "INSERT INTO ledger_entries (request_id, account_id, currency, entry_amount)"
            + " SELECT request_id, 1, 'EUR', 1 FROM payment_requests WHERE idempotency_key = '1'",
          "integrity_ledger_postings"
        ),
      ] {
        try await connection.execute("START TRANSACTION")
        try await connection.execute(damage)
        let found = try await LedgerFixture.damage(on: connection)
        #expect(found.contains { $0.hasPrefix(view) }, "\(damage): \(found)")
        try await connection.execute("ROLLBACK")
      }

      #expect(try await call("check_integrity", "", on: connection) == ["0"])
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM ops_integrity_checks WHERE is_clean = 0 OR checked_at IS NULL",
          on: connection) == 0)
      try await connection.execute("UPDATE accounts SET balance = 1 WHERE account_id IN (1, 2)")
      #expect(try await call("check_integrity", "", on: connection) == ["2"])
      try await connection.execute(
        "UPDATE integrity_checks SET found_since = '2020-01-01' WHERE finding_count = 2")
      // A view that cannot be read does not hide the others.
      try await connection.execute("DROP VIEW integrity_payment_holds")
      #expect(try await call("check_integrity", "", on: connection) == ["5"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', view_name, finding_count, error_message IS NOT NULL,"
            + " found_since = '2020-01-01') FROM ops_integrity_checks WHERE is_clean = 0"
            + " ORDER BY view_name", on: connection)
          == [
            "integrity_catalog 2 0 0", "integrity_ledger_balances 2 0 1",
            "integrity_payment_holds 1 0",
          ])
      let open = await errno {
        try await connection.execute("START TRANSACTION")
        _ = try await call("check_integrity", "", on: connection)
      }
      #expect(open == 30001)
      try await connection.execute("ROLLBACK")
    }
  }
}
