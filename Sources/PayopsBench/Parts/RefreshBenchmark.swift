import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// The cost of a refresh, at several sizes of history in turn.
struct RefreshBenchmark: Sendable {
  private static let insertedPayments = 8000
  private static let updatedPayments = 1000
  private static let scatteredUpdates = 5000
  private static let rounds = 7
  private static let scatteredRounds = 3

  let schemas: [PaymentSchema]
  let meter: Meter
  /// An older program to compare with; nil for none.
  let older: ReleaseProgram?

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    guard let smallest = schemas.first, let largest = schemas.last else { return }
    for schema in schemas {
      try await schema.drain()
      // Twice unmeasured: the first runs also read pages that are not in memory yet.
      for _ in 0..<2 { _ = try await recentTurn(schema) }
    }
    let recent = try await contest(
      smallest, schemas.count > 1 ? largest : nil, name: Figure.size(largest.size))
    report.contest(recent, key: "refresh")
    var scattered = schemas.map { _ in Sample() }
    for _ in 0..<Self.scatteredRounds {
      for (position, schema) in schemas.enumerated() {
        Console.progress("refresh \(Figure.size(schema.size)): scattered updates")
        scattered[position].add(try await scatteredTurn(schema).seconds * 1000)
      }
    }
    if let older {
      let old = PaymentSchema(smallest, name: "bench_older", program: older)
      Console.progress("refresh: fill \(Figure.size(old.size)) with the older program")
      try await old.deploy()
      _ = try await old.generate()
      for _ in 0..<2 { _ = try await recentTurn(old) }
      let result = try await contest(smallest, old, name: "the older payops")
      report.contest(result, key: "refresh")
      try await old.drop()
    }
    try await check(into: &report)
    publish(recent, scattered, into: &report)
  }

  private func contest(
    _ first: PaymentSchema, _ second: PaymentSchema?, name: String
  ) async throws -> ContestResult {
    func side(_ schema: PaymentSchema, _ name: String) -> Contest.Side {
      Contest.Side(name: "refresh at \(name)") { _ in try await recentTurn(schema) }
    }
    return try await Contest(
      name: second == nil ? "refresh" : "refresh, \(name)", unit: "change",
      units: Self.insertedPayments + 2 * Self.updatedPayments, rounds: Self.rounds,
      product: side(first, Figure.size(first.size)), rival: second.map { side($0, name) }
    ).run()
  }

  /// Changes payments of the last minutes and refreshes; only the refresh is measured.
  private func recentTurn(_ schema: PaymentSchema) async throws -> Turn {
    let connection = try await schema.connect()
    let waiting = try await changeRecentPayments(schema, connection)
    guard waiting == Self.insertedPayments + 2 * Self.updatedPayments else {
      throw BenchError("refresh \(schema.name): the triggers captured \(waiting) changes")
    }
    let turn = try await refresh(connection, expecting: waiting)
    await connection.close()
    return turn
  }

  private func scatteredTurn(_ schema: PaymentSchema) async throws -> Turn {
    let connection = try await schema.connect()
    let waiting = try await changeScatteredPayments(schema, connection)
    let turn = try await refresh(connection, expecting: waiting)
    await connection.close()
    return turn
  }

  /// Inserts payments of the last two minutes and changes the state of some, one by one.
  ///
  /// - Returns: the number of pending changes.
  private func changeRecentPayments(_ schema: PaymentSchema, _ connection: Connection)
    async throws -> Int
  {
    let table = try await RowExport.table("transactions", connection)
    let names = table.columns.map(\.name).filter { $0 != "transaction_id" }
    let moved = [
      "transaction_time": "v.moved_at", "requested_at": "v.moved_at",
      "responded_at": "v.moved_at + INTERVAL p.duration_ms * 1000 MICROSECOND",
      "status_changed_at": "v.moved_at", "ingested_at": "UTC_TIMESTAMP()",
    ]
    let values = names.map { moved[$0] ?? "p.\($0)" }
    let last =
      try await connection.ask(
        "SELECT COALESCE(MAX(transaction_id), 0) AS id FROM transactions"
      ).first?.integer("id") ?? 0
    try await connection.perform(
      """
      INSERT INTO transactions (\(names.joined(separator: ", ")))
      SELECT \(values.joined(separator: ", "))
      FROM transactions AS p
      INNER JOIN (
          SELECT
              transaction_id,
              UTC_TIMESTAMP() - INTERVAL transaction_id MOD 120 SECOND AS moved_at
          FROM transactions
          WHERE transaction_id <= (
              SELECT first_transaction_id + payment_count FROM simulation_runs
              ORDER BY simulation_id LIMIT 1)
          ORDER BY transaction_id DESC
          LIMIT \(Self.insertedPayments)
      ) AS v ON v.transaction_id = p.transaction_id
      """)
    let ids = try await connection.ask(
      "SELECT transaction_id AS id FROM transactions WHERE transaction_id > ?"
        + " ORDER BY transaction_id LIMIT \(Self.updatedPayments)", [.integer(last)]
    ).compactMap { $0.integer("id") }
    for id in ids {
      try await connection.perform("\(Self.flip) WHERE transaction_id = ?", [.integer(id)])
    }
    return try await waitingChanges(connection)
  }

  /// Changes the state of payments throughout the history.
  ///
  /// - Returns: the number of pending changes.
  private func changeScatteredPayments(_ schema: PaymentSchema, _ connection: Connection)
    async throws -> Int
  {
    let row = try await connection.ask(
      "SELECT MIN(transaction_id) AS first, MAX(transaction_id) AS last FROM transactions"
    ).first
    let first = row?.integer("first") ?? 0
    let last = max(first, row?.integer("last") ?? 0)
    let ids = (0..<Self.scatteredUpdates).map { _ in "\(Int64.random(in: first...last))" }
    try await connection.perform(
      "\(Self.flip) WHERE transaction_id IN (\(ids.joined(separator: ", ")))")
    return try await waitingChanges(connection)
  }

  private static let flip =
    "UPDATE transactions SET status = IF(status = 'completed', 'refunded', 'completed')"

  private func waitingChanges(_ connection: Connection) async throws -> Int {
    let row = try await connection.ask("SELECT COUNT(*) AS n FROM transaction_changes").first
    return Int(row?.integer("n") ?? 0)
  }

  /// Refreshes once.
  private func refresh(_ connection: Connection, expecting changes: Int) async throws -> Turn {
    let (turn, applied) = try await meter.measure {
      Int(
        try await connection.ask("CALL refresh_rollups(1000000)").first?
          .integer("transaction_changes") ?? 0)
    }
    guard applied == changes else {
      throw BenchError("refresh_rollups applied \(applied) of \(changes) changes")
    }
    return turn
  }

  private func check(into report: inout Report) async throws {
    for schema in schemas {
      Console.progress("refresh \(Figure.size(schema.size)): reconcile the changed day")
      let day = try await schema.endOfData().date
      let found = try await schema.differences(from: "\(day)", to: "\(day)")
      report.require(found == 0, "refresh \(schema.name): \(found) differences on \(day)")
    }
  }

  private func publish(
    _ recent: ContestResult, _ scattered: [Sample], into report: inout Report
  ) {
    let sizes = schemas.map { Figure.size($0.size) }
    var milliseconds = [recent.seconds.median * 1000]
    if recent.rival != nil { milliseconds.append(recent.rivalSeconds.median * 1000) }
    for (size, found) in zip([sizes.first ?? "", sizes.last ?? ""], milliseconds) {
      report.target(
        "refresh of 10 000 changes at \(size)", "\(Figure.fixed(found, 0)) ms", goal: "<= 300 ms",
        holds: found <= 300)
    }
    if recent.rival != nil {
      report.target(
        "refresh, largest to smallest history", recent.ratio.text(2), goal: "<= 1.20",
        holds: recent.ratio.median <= 1.2)
    }
    report.add(
      "scattered_5000_updates_ms",
      .members(
        Dictionary(zip(sizes.map { $0.lowercased() }, scattered.map(\.json))) { first, _ in first })
    )
  }
}
