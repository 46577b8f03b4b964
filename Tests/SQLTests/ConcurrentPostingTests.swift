import Foundation
import MariaDBClient
import TestSupport
import Testing

/// Many clients post at once, and are killed: no cent is lost.
@Suite("Concurrent posting", .timeLimit(.minutes(5)))
struct ConcurrentPostingTests {
  @Test("concurrent transfers keep the total, for every reader", arguments: [8, 16])
  func transfers(clients: Int) async throws {
    try await TestServer.withSchema { connection in
      let ledger = try await LedgerFixture.open(on: connection)
      let auditor = Task {
        let reader = try await Connection.open(ledger.options)
        var looks = 0
        var problems: [String] = []
        while !Task.isCancelled {
          try await reader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
          let total = try await LedgerFixture.total(on: reader)
          if total != 10_000 { problems.append("total \(total)") }
          problems += try await LedgerFixture.damage(on: reader)
          try await reader.execute("COMMIT")
          looks += 1
        }
        await reader.close()
        return (looks, problems)
      }
      let answers = try await withThrowingTaskGroup(of: [String: LedgerFixture.Answer].self) {
        group in
        for client in 0..<clients {
          group.addTask { try await ledger.run(client: client, transfers: 40) }
        }
        return try await group.reduce(into: [:]) { $0.merge($1) { one, _ in one } }
      }
      auditor.cancel()
      let (looks, problems) = try await auditor.value
      #expect(problems == [])
      #expect(looks > 0)
      #expect(answers.count == clients * 40, "a repetition got another answer")
      try await expectExactlyOnce(answers, connection)
      #expect(Set(answers.values.map(\.status)) == ["completed", "denied"])
    }
  }

  /// Checks that each acknowledged payment exists once, and that the money adds up.
  private func expectExactlyOnce(
    _ answers: [String: LedgerFixture.Answer], _ connection: Connection
  ) async throws {
    let rows = try await connection.query(
      "SELECT idempotency_key, transaction_id, status FROM transactions"
    ).rows
    var found: [String: LedgerFixture.Answer] = [:]
    for row in rows {
      let key = row["idempotency_key"] ?? ""
      #expect(found[key] == nil, "\(key) is there twice")
      found[key] = LedgerFixture.Answer(
        transactionId: row.integer("transaction_id") ?? 0, status: row["status"] ?? "",
        reason: answers[key]?.reason)
    }
    #expect(found == answers)
    #expect(
      try await LedgerFixture.number(
        "SELECT COUNT(*) FROM accounts WHERE balance < 0", on: connection) == 0)
    #expect(try await LedgerFixture.total(on: connection) == 10_000)
    #expect(try await LedgerFixture.damage(on: connection) == [])
  }

  @Test("read, compute and write loses money, and the same checks find it")
  func naive() async throws {
    try await TestServer.withSchema { connection in
      let ledger = try await LedgerFixture.open(on: connection)
      // Both accounts have a ledger.
      try await LedgerFixture.post("'k', 1, 2, 1, 'EUR', 'transfer', NULL", on: connection)
      let other = try await Connection.open(ledger.options)
      for client in [connection, other] {
        // With the default of MariaDB 11.8 the second UPDATE would fail with error 1020.
        if client.serverVersion.isMariaDB {
          try await client.execute("SET SESSION innodb_snapshot_isolation = OFF")
        }
        try await client.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        try await client.execute("START TRANSACTION")
      }
      var balances: [Int64] = []
      for client in [connection, other] {
        balances.append(
          try await LedgerFixture.number(
            "SELECT balance FROM accounts WHERE account_id = 1", on: client))
      }
      for (client, balance) in zip([connection, other], balances) {
        try await client.execute(
          "UPDATE accounts SET balance = \(balance) + 100 WHERE account_id = 1")
        try await client.execute(
          "UPDATE accounts SET balance = balance - 100 WHERE account_id = 2")
        try await client.execute("COMMIT")
      }
      await other.close()
      #expect(try await LedgerFixture.total(on: connection) == 9_900)
      #expect(
        try await LedgerFixture.damage(on: connection).contains {
          $0.hasPrefix("integrity_ledger_balances")
        }
      )
    }
  }

  @Test("kills of a client and of the server lose and double nothing, by the idempotency key")
  func kills() async throws {
    let server = try await TestServer.privateServer()
    var options = server.connectionOptions
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE bank \(TextDefaults.clause)")
    await administrator.close()
    options.database = "bank"
    var connection = try await Connection.open(options)
    try await CaptureDeployment.deploy(connection)
    let ledger = try await LedgerFixture.open(on: connection)

    // kill -9 of a client in the middle of its work.
    let script = (0..<20_000).map {
      "CALL post_payment('script-\($0)', \(1 + $0 % 9), 10, 1, 'EUR', 'transfer', NULL, @i, @s, @r);"
    }.joined(separator: "\n")
    let file = try TemporaryDirectory.make("script").appending(path: "calls.sql").path
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    let client = try TestProcess(
      "/usr/bin/mariadb",
      [
        "--no-defaults", "--socket=\(try #require(options.socket))", "-e", "source \(file)", "bank",
      ])
    while try await LedgerFixture.number("SELECT COUNT(*) FROM payment_requests", on: connection)
      < 200
    {
      try await Task.sleep(for: .milliseconds(2))
    }
    client.signal(SIGKILL)
    await client.end()
    #expect(try await LedgerFixture.total(on: connection) == 10_000)
    #expect(try await LedgerFixture.damage(on: connection) == [])

    // kill -9 of the server under eight clients.
    let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
      for number in 0..<8 { group.addTask { try await Self.untilLost(ledger, number) } }
      while try await LedgerFixture.number(
        "SELECT COUNT(*) FROM payment_requests WHERE idempotency_key LIKE 'lost-%'", on: connection
      ) < 300 { try await Task.sleep(for: .milliseconds(2)) }
      try await server.kill()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    await connection.close()
    try await server.restart()
    connection = try await Connection.open(options)
    #expect(try await LedgerFixture.total(on: connection) == 10_000)
    #expect(try await LedgerFixture.damage(on: connection) == [])
    for outcome in outcomes {
      for (key, answer) in outcome.answers {
        let row = try await connection.query(
          "SELECT transaction_id, payment_status FROM payment_requests WHERE idempotency_key = '\(key)'"
        ).rows.first
        #expect(row?.integer("transaction_id") == answer.transactionId, "\(key) is lost")
        #expect(row?["payment_status"] == answer.status)
      }
      // The answer was lost: the key decides.
      try await LedgerFixture.post(outcome.unknown, on: connection)
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM transactions WHERE idempotency_key = '\(outcome.unknown.key)'",
          on: connection) == 1)
    }
    #expect(try await LedgerFixture.total(on: connection) == 10_000)
    #expect(try await LedgerFixture.damage(on: connection) == [])
    await connection.close()
    try await server.remove()
  }

  /// Whether an error means that the client has lost the server.
  private struct Outcome: Sendable {
    var answers: [String: LedgerFixture.Answer] = [:]
    var unknown: LedgerFixture.Transfer
  }

  private static func untilLost(_ ledger: LedgerFixture, _ client: Int) async throws -> Outcome {
    let connection = try await Connection.open(ledger.options)
    var outcome = Outcome(unknown: LedgerFixture.Transfer(key: "", from: 1, to: 2, amount: 1))
    var number = 0
    while true {
      number += 1
      outcome.unknown = LedgerFixture.Transfer(
        key: "lost-\(client)-\(number)", from: 1 + (client + number) % 10,
        to: 1 + (client + number * 3 + 1) % 10, amount: 1)
      if outcome.unknown.from == outcome.unknown.to { continue }
      do {
        outcome.answers[outcome.unknown.key] = try await LedgerFixture.post(
          outcome.unknown, on: connection)
      } catch {
        await connection.close()
        return outcome
      }
    }
  }
}
