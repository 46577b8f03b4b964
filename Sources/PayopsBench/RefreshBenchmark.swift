import Foundation
import MariaDBClient
import PayopsCore

/// The cost of a refresh, at several sizes of history in turn.
struct RefreshBenchmark: Sendable {
  private static let insertedPayments = 8000
  private static let updatedPayments = 1000
  private static let scatteredUpdates = 5000
  private static let warmUps = 2
  private static let repetitions = 9
  private static let scatteredRepetitions = 3

  let schemas: [PaymentSchema]

  /// Measures, and records what was found.
  func run(into report: inout Report) async throws {
    var recent = schemas.map { _ in Sample() }
    var scattered = schemas.map { _ in Sample() }
    for schema in schemas { try await schema.drain() }
    // In turn, so that a busy moment of the machine meets all sizes alike.
    for round in 0..<(Self.warmUps + Self.repetitions) {
      for (position, schema) in schemas.enumerated() {
        Console.progress("refresh \(Figure.size(schema.size)): round \(round + 1)")
        let connection = try await schema.connect()
        let waiting = try await changeRecentPayments(schema, connection)
        let milliseconds = try await refresh(connection, expecting: waiting)
        await connection.close()
        report.require(
          waiting == Self.insertedPayments + 2 * Self.updatedPayments,
          "refresh \(schema.name): the triggers captured \(waiting) changes")
        if round >= Self.warmUps { recent[position].add(milliseconds) }
      }
    }
    for _ in 0..<Self.scatteredRepetitions {
      for (position, schema) in schemas.enumerated() {
        Console.progress("refresh \(Figure.size(schema.size)): scattered updates")
        let connection = try await schema.connect()
        let waiting = try await changeScatteredPayments(schema, connection)
        scattered[position].add(try await refresh(connection, expecting: waiting))
        await connection.close()
      }
    }
    try await check(into: &report)
    publish(recent, scattered, into: &report)
  }

  /// Inserts payments of the last two minutes and changes the state of some, one by one.
  ///
  /// - Returns: the changes that wait.
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

  /// Changes the state of payments all over the history.
  ///
  /// - Returns: the changes that wait.
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
  ///
  /// - Returns: milliseconds as the caller sees them.
  private func refresh(_ connection: Connection, expecting changes: Int) async throws -> Double {
    let start = ContinuousClock.now
    let row = try await connection.ask("CALL refresh_rollups(1000000)").first
    let milliseconds = (ContinuousClock.now - start).inMilliseconds
    let applied = Int(row?.integer("transaction_changes") ?? 0)
    guard applied == changes else {
      throw BenchError("refresh_rollups applied \(applied) of \(changes) changes")
    }
    return milliseconds
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
    _ recent: [Sample], _ scattered: [Sample], into report: inout Report
  ) {
    var json: [String: JSONValue] = [:]
    var rows: [[String]] = []
    for (position, schema) in schemas.enumerated() {
      let size = Figure.size(schema.size)
      json[size.lowercased()] = [
        "recent_10000_changes_ms": recent[position].json,
        "scattered_5000_updates_ms": scattered[position].json,
      ]
      rows.append([
        "\(size) payments", Figure.fixed(recent[position].median, 0),
        Figure.fixed(recent[position].p95, 0), Figure.fixed(scattered[position].median, 0),
      ])
      let median = recent[position].median
      report.target(
        "refresh of 10 000 changes at \(size)", "\(Figure.fixed(median, 0)) ms", goal: "<= 300 ms",
        holds: median <= 300)
    }
    if let first = recent.first, let last = recent.last, recent.count > 1 {
      let ratio = last.median / first.median
      json["ratio_largest_to_smallest"] = .number(ratio)
      report.target(
        "refresh, largest to smallest history", Figure.fixed(ratio, 2), goal: "<= 1.20",
        holds: ratio <= 1.2)
    }
    report.add("refresh", .object(json))
    Console.table(
      "refresh_rollups of 10 000 changes, ms",
      ["history", "median", "p95", "10 000 scattered"], rows)
  }
}
