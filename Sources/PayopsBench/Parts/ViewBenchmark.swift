import MariaDBClient
import PayopsCore
import Tabular

/// The time of every published view at the largest history.
struct ViewBenchmark: Sendable {
  /// A view with its default filter.
  private struct Look {
    let view: String
    let filter: String?
  }

  private static let warmUps = 3
  private static let repetitions = 20
  private static let limitMilliseconds = 20.0
  /// A view is measured less often once its total time exceeds this.
  private static let patience = Duration.seconds(30)

  let schema: PaymentSchema

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    let end = try await schema.endOfData()
    try await schema.drain(asOf: end)
    let connection = try await schema.connect(asOf: end)
    try await connection.perform("SET SESSION max_statement_time = 120")
    let looks = try await connection.ask(
      "SELECT DISTINCT source_view, default_filter FROM kpi_catalog"
        + " ORDER BY source_view, default_filter"
    ).compactMap { row in
      row["source_view"].map { Look(view: $0, filter: row["default_filter"]) }
    }
    report.require(!looks.isEmpty, "the catalogue lists no view")
    var json: [JSON] = []
    var lines: [(p95: Double, cells: [String])] = []
    var slow = 0
    for (position, look) in looks.enumerated() {
      Console.progress("views: \(position + 1) of \(looks.count), \(look.view)")
      let (sample, rows) = try await measure(look, connection)
      let holds = sample.p95 <= Self.limitMilliseconds
      if !holds { slow += 1 }
      json.append([
        "view": .string(look.view), "filter": look.filter.map(JSON.string) ?? .null,
        "rows": .integer(rows), "ms": sample.json, "holds": .bool(holds),
      ])
      lines.append(
        (
          sample.p95,
          [
            look.view, Figure.count(rows), Figure.short(sample.median), Figure.short(sample.p95),
            Figure.short(sample.maximum), holds ? "" : "misses",
          ]
        ))
    }
    await connection.close()
    report.add(
      "views",
      ["as_of": .string(end.description), "size": .integer(schema.size), "views": .array(json)])
    report.target(
      "views at \(Figure.size(schema.size)) with p95 <= 20 ms",
      "\(looks.count - slow) of \(looks.count)", goal: "all", holds: slow == 0)
    Console.table(
      "Published views at \(Figure.size(schema.size)) payments, ms, slowest first",
      ["view", "rows", "p50", "p95", "max", ""],
      lines.sorted { $0.p95 > $1.p95 }.map(\.cells))
  }

  private func measure(_ look: Look, _ connection: Connection) async throws -> (Sample, Int) {
    let sql =
      "SELECT * FROM `\(look.view)`" + (look.filter.map { " WHERE \($0)" } ?? "")
    var sample = Sample()
    var rows = 0
    let clock = ContinuousClock()
    let begin = clock.now
    for run in 0..<(Self.warmUps + Self.repetitions) {
      try Task.checkCancellation()
      let start = clock.now
      rows = try await connection.reduceRows(sql, into: 0) { count, _ in count += 1 }
      let milliseconds = (clock.now - start).inMilliseconds
      let isPatient = clock.now - begin < Self.patience
      if run >= Self.warmUps || !isPatient { sample.add(milliseconds) }
      if !isPatient { break }
    }
    return (sample, rows)
  }
}
