import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Posting of payments", .timeLimit(.minutes(5)))
struct PostingTests {
  private func withLedger(_ body: (LedgerFixture, Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await body(try await LedgerFixture.open(on: connection), connection)
    }
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
    try await connection.query(
      "SELECT CAST(balance AS DECIMAL(19,2)) AS balance FROM accounts ORDER BY account_id LIMIT 3"
    ).rows.compactMap { $0["balance"] }
  }

  @Test("a transfer moves the money in two entries")
  func transfer() async throws {
    try await withLedger { _, connection in
      let answer = try await LedgerFixture.post(
        "'k', 1, 2, 10.25, 'EUR', 'transfer', NULL", on: connection)
      #expect(answer.status == "completed")
      #expect(answer.reason == nil)
      #expect(try await balances(connection) == ["989.75", "1010.25", "1000.00"])
      let payment = try await connection.query(
        "SELECT * FROM transactions WHERE transaction_id = \(answer.transactionId)"
      ).rows.first
      #expect(payment?["status"] == "completed")
      #expect(payment?["response_code"] == "00")
      #expect(payment?["balance_after"] == "989.7500")
      #expect(payment?["counterparty_account_id"] == "2")
      #expect(payment?["idempotency_key"] == "k")
      let entries = try await connection.query(
        "SELECT account_id, entry_amount FROM ledger_entries ORDER BY account_id"
      ).rows.map { "\($0["account_id"] ?? "") \($0["entry_amount"] ?? "")" }
      #expect(entries == ["1 -10.2500", "2 10.2500"])
      let request = try await connection.query("SELECT * FROM payment_requests").rows
      #expect(request.count == 1)
      #expect(request.first?["payment_status"] == "completed")
      #expect(request.first?["transaction_id"] == "\(answer.transactionId)")
      #expect(request.first?["requested_by"]?.contains("@") == true)
      #expect(try await LedgerFixture.damage(on: connection) == [])
      // It is a payment like any other for the rollups.
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transaction_changes", on: connection)
          == 1)
    }
  }

  @Test("a payment over a rail moves money to a clearing account until its settlement")
  func rail() async throws {
    try await withLedger { _, connection in
      let out = try await LedgerFixture.post(
        "'out', 1, NULL, 100, 'EUR', 'transfer', 'SEPA_CT'", on: connection)
      let into = try await LedgerFixture.post(
        "'in', 2, NULL, 40, 'EUR', 'deposit', 'SEPA_CT'", on: connection)
      #expect([out.status, into.status] == ["completed", "completed"])
      #expect(try await balances(connection) == ["900.00", "1040.00", "1000.00"])
      #expect(
        try await LedgerFixture.number(
          "SELECT SUM(entry_amount) FROM ledger_entries WHERE internal_account = 'clearing:SEPA_CT'",
          on: connection) == 60)
      let settlements = try await connection.query(
        "SELECT transaction_id, rail, due_at IS NOT NULL AS is_due FROM settlements ORDER BY 1"
      ).rows
      #expect(
        settlements.map { $0["transaction_id"] } == [
          "\(out.transactionId)", "\(into.transactionId)",
        ])
      #expect(settlements.allSatisfy { $0["rail"] == "SEPA_CT" && $0["is_due"] == "1" })
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("the same key has one answer, and never one for another request")
  func keys() async throws {
    try await withLedger { _, connection in
      let request = "'k', 1, 2, 10, 'EUR', 'transfer', NULL"
      let first = try await LedgerFixture.post(request, on: connection)
      #expect(try await LedgerFixture.post(request, on: connection) == first)
      let refused = "'r', 1, 2, 5000, 'EUR', 'transfer', NULL"
      let second = try await LedgerFixture.post(refused, on: connection)
      #expect(second.reason == "insufficient_funds")
      // The account has funds meanwhile; the answer stays the same.
      try await LedgerFixture.post(
        "'more', 1, NULL, 9000, 'EUR', 'deposit', 'SEPA_CT'", on: connection)
      #expect(try await LedgerFixture.post(refused, on: connection) == second)
      for other in [
        "'k', 1, 2, 10.01, 'EUR', 'transfer', NULL", "'k', 1, 3, 10, 'EUR', 'transfer', NULL",
        "'k', 2, 1, 10, 'EUR', 'transfer', NULL", "'k', 1, 2, 10, 'USD', 'transfer', NULL",
        "'k', 1, 2, 10, 'EUR', 'instant_transfer', NULL",
        "'k', 1, NULL, 10, 'EUR', 'transfer', 'SEPA_CT'",
      ] {
        #expect(
          await errno { try await LedgerFixture.post(other, on: connection) } == 30402, "\(other)")
      }
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM routine_errors WHERE error_number = 30402", on: connection) == 6)
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions", on: connection) == 3)
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test(
    "a transfer that the accounts do not allow is denied with its reason and recorded",
    arguments: [
      ("", "1, 2, 1000.01, 'EUR', 'transfer', NULL", "insufficient_funds", "51"),
      (
        "UPDATE accounts SET account_status = 'blocked' WHERE account_id = 1",
        "1, 2, 1, 'EUR', 'transfer', NULL", "account_not_active", "62"
      ),
      (
        "UPDATE accounts SET account_status = 'dormant' WHERE account_id = 1",
        "1, 2, 1, 'EUR', 'transfer', NULL", "account_not_active", "62"
      ),
      (
        "UPDATE accounts SET account_status = 'closed' WHERE account_id = 1",
        "1, NULL, 1, 'EUR', 'deposit', 'SEPA_CT'", "account_not_active", "62"
      ),
      (
        "UPDATE accounts SET account_status = 'closed' WHERE account_id = 2",
        "1, 2, 1, 'EUR', 'transfer', NULL", "counterparty_not_active", "62"
      ),
      ("", "1, 2, 1, 'USD', 'transfer', NULL", "currency_mismatch", "12"),
      (
        "UPDATE accounts SET currency = 'USD' WHERE account_id = 2",
        "1, 2, 1, 'EUR', 'transfer', NULL", "currency_mismatch", "12"
      ),
      (
        "INSERT INTO account_ledgers VALUES (1, 1000, 0, 50, UTC_TIMESTAMP())",
        "1, 2, 50.01, 'EUR', 'transfer', NULL", "payment_limit", "61"
      ),
    ])
  func refusals(setup: String, request: String, reason: String, code: String) async throws {
    try await withLedger { _, connection in
      if !setup.isEmpty { try await connection.execute(setup) }
      let answer = try await LedgerFixture.post("'k', \(request)", on: connection)
      #expect(answer.status == "denied")
      #expect(answer.reason == reason)
      #expect(try await balances(connection) == ["1000.00", "1000.00", "1000.00"])
      let payment = try await connection.query("SELECT * FROM transactions").rows.first
      #expect(payment?["status"] == "denied")
      #expect(payment?["response_code"] == code)
      #expect(payment?["balance_after"] == "1000.0000")
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM ledger_entries", on: connection) == 0)
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test(
    "a transfer at the exact limit is carried out",
    arguments: [
      ("", "1, 2, 1000, 'EUR', 'transfer', NULL"),
      (
        "INSERT INTO account_ledgers VALUES (1, 1000, 500, 1500, UTC_TIMESTAMP())",
        "1, 2, 1500, 'EUR', 'transfer', NULL"
      ),
      (
        "UPDATE accounts SET account_status = 'dormant' WHERE account_id = 2",
        "1, 2, 1, 'EUR', 'transfer', NULL"
      ),
      (
        "UPDATE accounts SET account_status = 'dormant' WHERE account_id = 1",
        "1, NULL, 1, 'EUR', 'deposit', 'SEPA_CT'"
      ),
    ])
  func nearMisses(setup: String, request: String) async throws {
    try await withLedger { _, connection in
      if !setup.isEmpty { try await connection.execute(setup) }
      #expect(try await LedgerFixture.post("'k', \(request)", on: connection).status == "completed")
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test(
    "arguments that make no valid payment are errors and leave only a row in routine_errors",
    arguments: [
      ("NULL, 1, 2, 1, 'EUR', 'transfer', NULL", 30002),
      ("'', 1, 2, 1, 'EUR', 'transfer', NULL", 30002),
      ("'k', NULL, 2, 1, 'EUR', 'transfer', NULL", 30002),
      ("'k', 1, 2, 0, 'EUR', 'transfer', NULL", 30002),
      ("'k', 1, 2, -1, 'EUR', 'transfer', NULL", 30002),
      ("'k', 1, 2, NULL, 'EUR', 'transfer', NULL", 30002),
      ("'k', 1, 2, 1, NULL, 'transfer', NULL", 30002),
      ("'k', 1, 1, 1, 'EUR', 'transfer', NULL", 30002),
      ("'k', 1, NULL, 1, 'EUR', 'transfer', NULL", 30002),
      ("'k', 1, 2, 1, 'EUR', 'transfer', 'SEPA_CT'", 30002),
      ("'k', 1, 2, 1, 'EUR', 'barter', NULL", 30002),
      ("'k', 1, 2, 1, 'EUR', 'deposit', NULL", 30002),
      ("'k', 1, 77, 1, 'EUR', 'transfer', NULL", 30401),
      ("'k', 77, 1, 1, 'EUR', 'transfer', NULL", 30401),
      ("'k', 77, NULL, 1, 'EUR', 'transfer', 'SEPA_CT'", 30401),
      ("'k', 1, NULL, 1, 'EUR', 'transfer', 'PIGEON'", 30010),
    ])
  func wrongArguments(request: String, number: UInt32) async throws {
    try await withLedger { (_: LedgerFixture, connection: Connection) async throws in
      #expect(await errno { try await LedgerFixture.post(request, on: connection) } == number)
      for table in ["transactions", "ledger_entries", "payment_requests", "settlements"] {
        #expect(
          try await LedgerFixture.number("SELECT COUNT(*) FROM \(table)", on: connection) == 0,
          "\(table)")
      }
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM routine_errors", on: connection)
          == (number == 30002 ? 0 : 1))
      #expect(try await balances(connection) == ["1000.00", "1000.00", "1000.00"])
    }
  }

  @Test("posting inside an open transaction is refused, and the transaction stays open")
  func openTransaction() async throws {
    try await withLedger { _, connection in
      try await connection.execute("START TRANSACTION")
      try await connection.execute("UPDATE accounts SET balance = 1 WHERE account_id = 9")
      let number = await errno {
        try await LedgerFixture.post("'k', 1, 2, 1, 'EUR', 'transfer', NULL", on: connection)
      }
      #expect(number == 30001)
      try await connection.execute("ROLLBACK")
      #expect(try await LedgerFixture.total(on: connection) == 10_000)
    }
  }

  @Test("a lock timeout undoes everything, and the same key can then be posted")
  func lockWait() async throws {
    try await withLedger { ledger, connection in
      let holder = try await Connection.open(ledger.options)
      try await holder.execute("START TRANSACTION")
      try await holder.execute("UPDATE accounts SET balance = balance WHERE account_id = 2")
      try await connection.execute("SET SESSION innodb_lock_wait_timeout = 1")
      let request = "'k', 1, 2, 10, 'EUR', 'transfer', NULL"
      #expect(await errno { try await LedgerFixture.post(request, on: connection) } == 1205)
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM payment_requests", on: connection) == 0
      )
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions", on: connection) == 0)
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM routine_errors WHERE error_number = 1205", on: connection) == 1)
      try await holder.execute("ROLLBACK")
      await holder.close()
      #expect(try await LedgerFixture.post(request, on: connection).status == "completed")
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("a deadlock undoes everything, and the same key can then be posted")
  func deadlock() async throws {
    try await withLedger { ledger, connection in
      let other = try await Connection.open(ledger.options)
      try await other.execute("START TRANSACTION")
      // The server chooses the transaction that has written less as the victim.
      try await other.execute(
        "INSERT INTO customers (name, country, account_open_date)"
          + " SELECT seq, 'DE', '2020-01-01' FROM \(numbers(1...500)) AS n")
      try await other.execute("UPDATE accounts SET balance = balance WHERE account_id = 2")
      let request = "'k', 1, 2, 10, 'EUR', 'transfer', NULL"
      async let victim = errno { try await LedgerFixture.post(request, on: connection) }
      // It holds account 1 and waits for account 2.
      let watcher = try await Connection.open(ledger.options)
      try await RowLockWait.begins(of: connection.connectionId, seenBy: watcher)
      try await other.execute("UPDATE accounts SET balance = balance WHERE account_id = 1")
      #expect(await victim == 1213)
      try await other.execute("ROLLBACK")
      await other.close()
      await watcher.close()
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM payment_requests", on: connection) == 0
      )
      #expect(try await LedgerFixture.post(request, on: connection).status == "completed")
      #expect(try await LedgerFixture.damage(on: connection) == [])
    }
  }

  @Test("the integrity views find every violation of the ledger")
  func integrity() async throws {
    try await withLedger { _, connection in
      for (number, request) in [
        "1, 2, 10, 'EUR', 'transfer', NULL", "3, NULL, 10, 'EUR', 'transfer', 'SEPA_CT'",
        "4, 5, 9999, 'EUR', 'transfer', NULL", "5, 6, 1, 'EUR', 'transfer', NULL",
      ].enumerated() {
        try await LedgerFixture.post("'k\(number)', \(request)", on: connection)
      }
      #expect(try await LedgerFixture.damage(on: connection) == [])
      for (damage, view) in [
        (
          "UPDATE accounts SET balance = balance + 0.0001 WHERE account_id = 2",
          "integrity_ledger_balances"
        ),
        ("DELETE FROM ledger_entries WHERE account_id = 6", "integrity_ledger_balances"),
        ("DELETE FROM ledger_entries WHERE account_id = 6", "integrity_ledger_postings"),
        (
          "UPDATE ledger_entries SET entry_amount = 11 WHERE account_id = 2",
          "integrity_ledger_postings"
        ),
        (
          "UPDATE ledger_entries SET currency = 'USD' WHERE account_id = 2",
          "integrity_ledger_postings"
        ),
        (
          "DELETE e FROM ledger_entries AS e INNER JOIN payment_requests AS r USING (request_id)"
            + " WHERE r.idempotency_key = 'k0'", "integrity_ledger_postings"
        ),
        (
          "UPDATE payment_requests SET payment_status = 'denied' WHERE idempotency_key = 'k0'",
          "integrity_payment_paths"
        ),
        (
          "UPDATE payment_requests SET refusal_reason = 'why' WHERE idempotency_key = 'k0'",
          "integrity_ledger_postings"
        ),
        ("DELETE FROM settlements", "integrity_posted_settlements"),
      ] {
        try await connection.execute("START TRANSACTION")
        try await connection.execute(damage)
        let found = try await LedgerFixture.damage(on: connection)
        #expect(found.contains { $0.hasPrefix(view) }, "\(damage): \(found)")
        try await connection.execute("ROLLBACK")
      }
    }
  }
}
