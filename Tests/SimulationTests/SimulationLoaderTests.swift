import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

@testable import Simulation

@Suite("Loading generated data", .timeLimit(.minutes(10)))
struct SimulationLoaderTests {
  private static let parameters = SimulationParameters(
    transactions: 4000, days: 12, end: Sample.end, seed: 11, customers: 300)

  private func options(of connection: Connection) -> ConnectionOptions { connection.options }

  private func number(_ sql: String, on connection: Connection) async throws -> Int64? {
    let row = try await connection.query(sql).rows.first
    return row?.text(at: 0).flatMap { Int64($0) }
  }

  /// Checksums of the columns that the generator decides.
  private func contents(_ connection: Connection) async throws -> [Int64?] {
    var result: [Int64?] = []
    for (table, columns) in [
      ("transactions", PaymentFormat.columns), ("settlements", SettlementFormat.columns),
      ("login_activity", LoginFormat.columns), ("accounts", CustomerFormat.accountColumns),
      ("simulation_answer_payments", ["transaction_id", "answer_number"]),
    ] {
      let cells = columns.map { "COALESCE(\($0), '-')" }.joined(separator: ", ")
      result.append(
        try await number(
          "SELECT CAST(COUNT(*) * 1000003 + SUM(CRC32(CONCAT_WS('|', \(cells)))) AS SIGNED)"
            + " FROM \(table)", on: connection))
    }
    return result
  }

  @Test("chunks of one payment load the same rows as large chunks")
  func chunksOfOne() async throws {
    try await TestServer.withSchema { connection in
      let loader = SimulationLoader(
        options: options(of: connection),
        parameters: SimulationParameters(
          transactions: 100, days: 12, end: Sample.end, seed: 3, customers: 100, incidents: [:],
          typologies: [:]), chunkLimit: 1)
      let report = try await loader.run(now: Sample.end)
      #expect(report.payments == 100)
      #expect(try await number("SELECT COUNT(*) FROM transactions", on: connection) == 100)
      #expect(try await number("SELECT SUM(total_count) FROM metric_day", on: connection) == 1000)
    }
  }

  @Test("an account that may not alter tables loads the same rows without reserving keys")
  func withoutAlter() async throws {
    try await TestServer.withSchema { connection in
      let schema = try #require(connection.options.database)
      let user = "\(schema)_load"
      try await connection.execute("CREATE USER `\(user)`@localhost IDENTIFIED BY 'secret-of-test'")
      try await connection.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES, EXECUTE, LOCK TABLES"
          + " ON `\(schema)`.* TO `\(user)`@localhost")
      var options = options(of: connection)
      options.user = user
      options.password = Secret("secret-of-test")
      let loader = SimulationLoader(
        options: options,
        parameters: SimulationParameters(
          transactions: 300, days: 12, end: Sample.end, seed: 3, customers: 100))
      let report = try await loader.run(now: Sample.end)
      #expect(report.payments == 300)
      #expect(try await number("SELECT COUNT(*) FROM transactions", on: connection) == 300)
      try await connection.execute("DROP USER `\(user)`@localhost")
    }
  }

  @Test("every generated row is loaded by the rules of the database, and the rollups agree")
  func everything() async throws {
    try await TestServer.withSchema { connection in
      let loader = SimulationLoader(
        options: options(of: connection), parameters: Self.parameters, chunkLimit: 700)
      let report = try await loader.run(now: Sample.end)
      #expect(report.payments == 4000)
      #expect(report.addedPayments == 4000)
      #expect(try await number("SELECT COUNT(*) FROM transactions", on: connection) == 4000)
      for orphans in [
        "SELECT COUNT(*) FROM transactions LEFT JOIN accounts USING (account_id)"
          + " WHERE accounts.account_id IS NULL",
        "SELECT COUNT(*) FROM accounts LEFT JOIN customers USING (customer_id)"
          + " WHERE customers.customer_id IS NULL",
        "SELECT COUNT(*) FROM settlements LEFT JOIN transactions USING (transaction_id)"
          + " WHERE transactions.transaction_id IS NULL",
        "SELECT COUNT(*) FROM login_activity LEFT JOIN customers USING (customer_id)"
          + " WHERE customers.customer_id IS NULL",
        // The columns that triggers fill in otherwise.
        "SELECT COUNT(*) FROM transactions WHERE NOT (base_amount <=> ROUND(transaction_amount"
          + " * fx_rate(currency, DATE(transaction_time)), 4))",
        "SELECT COUNT(*) FROM settlements WHERE NOT (due_at <=> settlement_due_at(rail, accepted_at))",
        "SELECT COUNT(*) FROM settlements WHERE NOT (base_amount <=> ROUND(settlement_amount"
          + " * fx_rate(currency, DATE(accepted_at)), 4))",
        // The balance of the account is that after its last payment.
        "SELECT COUNT(*) FROM accounts AS a INNER JOIN (SELECT account_id, MAX(transaction_id) AS"
          + " last_id FROM transactions GROUP BY account_id) AS l ON l.account_id = a.account_id"
          + " INNER JOIN transactions AS t ON t.transaction_id = l.last_id"
          + " WHERE t.balance_after <> a.balance",
      ] {
        #expect(try await number(orphans, on: connection) == 0, "\(orphans)")
      }
      let differences = try await connection.query(
        "CALL reconcile_rollups('2026-01-02', '2026-01-16')")
      #expect(differences.rows.isEmpty)
      #expect(
        try await number(
          "SELECT SUM(total_count) FROM metric_day WHERE dimension = 'all'", on: connection)
          == 4000)
      // Typologies need their payments in the answer key.
      #expect(
        try await number(
          "SELECT COUNT(*) FROM simulation_answer_key AS k WHERE kind = 'typology' AND NOT EXISTS"
            + " (SELECT 1 FROM simulation_answer_payments AS p"
            + " WHERE p.simulation_id = k.simulation_id AND p.answer_number = k.answer_number)",
          on: connection) == 0)

      let again = try await loader.run(now: Sample.end)
      #expect(again.wasAlreadyThere)
      #expect(again.addedPayments == 0)
      #expect(try await number("SELECT COUNT(*) FROM transactions", on: connection) == 4000)
    }
  }

  @Test("an interrupted run continues to the same content")
  func interrupted() async throws {
    let expected = try await TestServer.withSchema { connection in
      _ = try await SimulationLoader(
        options: options(of: connection), parameters: Self.parameters, workers: 1, chunkLimit: 700
      ).run(now: Sample.end)
      return try await contents(connection)
    }
    let found = try await TestServer.withSchema { connection in
      let loader = SimulationLoader(
        options: options(of: connection), parameters: Self.parameters, chunkLimit: 700)
      // The first committed chunk interrupts the run, as Ctrl-C would.
      let loading = Task {
        try await loader.run(now: Sample.end) { progress in
          if progress.payments > 0 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      await #expect(throws: (any Error).self) { try await loading.value }
      let committed = try #require(
        try await number("SELECT COUNT(*) FROM transactions", on: connection))
      #expect((1..<4000).contains(committed))
      let report = try await loader.run(now: Sample.end)
      #expect(report.addedPayments == 4000 - Int(committed))
      return try await contents(connection)
    }
    #expect(found == expected)
    #expect(found.allSatisfy { $0 != nil })
  }

  @Test("a live load is captured and its rollups agree")
  func live() async throws {
    try await TestServer.withSchema { connection in
      let options = options(of: connection)
      _ = try await SimulationLoader(options: options, parameters: Self.parameters)
        .run(now: Sample.end)
      let live = LiveLoad(
        options: options, parameters: Self.parameters, ratePerSecond: 500, updatesPerSecond: 50)
      let batches = Mutex(0)
      let done = try await live.run(duration: .seconds(2), batchInterval: .milliseconds(50)) {
        batches.withLock { $0 += 1 }
        return (Sample.end.secondsSinceEpoch + 60, 5)
      }
      // One for each interval at most, one that finds where the history ends, and some that look
      // for settlements that are due.
      #expect(batches.withLock { $0 } <= 45)
      #expect(done.payments > 0)
      #expect(done.settlements > 0)
      // Instant ones fall due within ten seconds, and no more payments come.
      let instant =
        "SELECT COUNT(*) FROM settlements AS s WHERE s.rail = 'SEPA_INST'"
        + " AND s.accepted_at > '2026-01-15 12:00:30' AND s.settlement_id % 1250 <> 0"
      #expect(try await number(instant, on: connection) ?? 0 > 0)
      #expect(
        try await number(instant + " AND s.settlement_status = 'pending'", on: connection) == 0)
      #expect(
        try await number("SELECT COUNT(*) FROM transactions", on: connection)
          == Int64(4000 + done.payments))
      #expect(try await number("SELECT COUNT(*) FROM transaction_changes", on: connection) ?? 0 > 0)
      _ = try await connection.query("CALL refresh_rollups(1000000)")
      let differences = try await connection.query(
        "CALL reconcile_rollups('2026-01-02', '2026-01-16')")
      #expect(differences.rows.isEmpty)
    }
  }

  @Test(
    "parallel live loads settle their own payments, however the server numbers rows",
    arguments: [
      ["--innodb-autoinc-lock-mode=1", "--auto-increment-increment=2"],
      ["--innodb-autoinc-lock-mode=2"],
    ])
  func liveKeys(serverOptions: [String]) async throws {
    try await TestServer.withPrivateSchema(options: serverOptions) { connection in
      let options = connection.options
      _ = try await SimulationLoader(options: options, parameters: Self.parameters)
        .run(now: Sample.end)
      let live = LiveLoad(
        options: options, parameters: Self.parameters, ratePerSecond: 400, updatesPerSecond: 50)
      @Sendable func run() async throws -> LiveProgress {
        try await live.run(duration: .seconds(2), batchInterval: .milliseconds(20)) {
          (Sample.end.secondsSinceEpoch + 60, 5)
        }
      }
      async let other = run()
      let done = try await [run(), other]
      #expect(done.allSatisfy { $0.payments > 0 && $0.settlements > 0 })
      #expect(
        try await number(
          "SELECT COUNT(*) FROM settlements AS s"
            + " INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id"
            + " AND t.transaction_amount = s.settlement_amount AND t.currency = s.currency",
          on: connection)
          == number("SELECT COUNT(*) FROM settlements", on: connection))
      #expect(
        try await number("SELECT COUNT(*) FROM transactions", on: connection)
          == Int64(4000 + done.reduce(0) { $0 + $1.payments }))
    }
  }

  @Test("a live load without its history is refused")
  func liveWithoutHistory() async throws {
    try await TestServer.withSchema { connection in
      let live = LiveLoad(
        options: options(of: connection), parameters: Self.parameters, ratePerSecond: 10)
      await #expect(throws: SimulationError.self) {
        try await live.run(duration: .seconds(1)) { (Sample.end.secondsSinceEpoch, 0) }
      }
    }
  }
}
