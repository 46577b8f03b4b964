import Foundation
import MariaDBClient
import PayopsCore

/// The first fill of an empty schema: ours against a plain load of the same rows.
struct FillBenchmark: Sendable {
  /// What our own fill took, and what it made.
  struct Fill: Sendable {
    let outcome: MeasuredProcess.Outcome
    let rows: RowCounts
  }

  private static let memoryLimit = 64 << 20

  let schema: PaymentSchema
  let export: RowExport
  let runsAllRivals: Bool

  /// Measures, and records what was found.
  func run(into report: inout Report) async throws {
    let size = Figure.size(schema.size)
    Console.progress("fill \(size): deploy, generate, load, roll up")
    try await schema.deploy()
    try await rest()
    let outcome = try await schema.generate()
    let rows = try await schema.rowCounts()
    let fill = Fill(outcome: outcome, rows: rows)
    Console.progress(
      "fill \(size): \(Figure.fixed(outcome.seconds, 1)) s,"
        + " \(Figure.count(rows.total)) rows, peak \(outcome.peakBytes >> 20) MiB")
    report.require(rows.payments == schema.size, "fill \(size) has \(rows.payments) payments")
    try await checkDays(into: &report)
    let rivals = try await runRivals(rows, into: &report)
    publish(fill, rivals, into: &report)
  }

  private func rest() async throws {
    let connection = try await schema.connect()
    try await ServerRest.wait(connection)
    await connection.close()
  }

  /// Reconciles two days: one in the middle, and the last.
  private func checkDays(into report: inout Report) async throws {
    let end = try await schema.endOfData()
    let last = CivilInstant(secondsSinceEpoch: end.secondsSinceEpoch - 1).date
    let middle = CivilDate(daysSinceEpoch: last.daysSinceEpoch - schema.days / 2)
    for day in [middle, last] {
      Console.progress("fill \(Figure.size(schema.size)): reconcile \(day)")
      let found = try await schema.differences(from: "\(day)", to: "\(day)")
      report.require(
        found == 0, "fill \(schema.name): \(found) differences in the rollups of \(day)")
    }
  }

  private func runRivals(_ rows: RowCounts, into report: inout Report) async throws
    -> [(variant: RivalLoad.Variant, seconds: Double)]
  {
    let size = Figure.size(schema.size)
    let rival = RivalLoad(source: schema, export: export)
    let variants: [RivalLoad.Variant] =
      runsAllRivals || schema.size <= 2_000_000
      ? [.defaultChecks, .uncheckedBulk, .twoConnections] : [.defaultChecks]
    var results: [(variant: RivalLoad.Variant, seconds: Double)] = []
    Console.progress("fill \(size): prepare the rival's schema")
    try await rival.prepare()
    for variant in variants {
      Console.progress("fill \(size): write files for \(variant.rawValue)")
      try await rival.writeFiles(variant)
      let loaded = try await rival.load(variant)
      Console.progress(
        "fill \(size): \(variant.rawValue) \(Figure.fixed(loaded.seconds, 1)) s")
      report.require(
        loaded.rows == rows, "the rival \(variant.rawValue) loaded \(loaded.rows), not \(rows)")
      results.append((variant, loaded.seconds))
    }
    try await rival.drop()
    for table in RivalLoad.tableNames {
      for part in 0...1 { unlink(export.path(table, part: part)) }
    }
    return results
  }

  private func publish(
    _ fill: Fill, _ rivals: [(variant: RivalLoad.Variant, seconds: Double)],
    into report: inout Report
  ) {
    let size = Figure.size(schema.size)
    let seconds = fill.outcome.seconds
    var json: [String: JSONValue] = [:]
    var table = [
      [
        "payops generate", Figure.fixed(seconds, 1),
        Figure.count(Int(Double(fill.rows.total) / seconds)), "",
      ]
    ]
    for rival in rivals {
      let ratio = rival.seconds / seconds
      json[rival.variant.rawValue] = [
        "seconds": .number(rival.seconds), "ratio": .number(ratio),
        "rows_per_second": .number(Double(fill.rows.total) / rival.seconds),
      ]
      table.append([
        rival.variant.title, Figure.fixed(rival.seconds, 1),
        Figure.count(Int(Double(fill.rows.total) / rival.seconds)), Figure.fixed(ratio, 2),
      ])
      report.target(
        "fill \(size), ratio to \(rival.variant.title)", Figure.fixed(ratio, 2), goal: ">= 0.60",
        holds: ratio >= 0.6)
    }
    let peak = fill.outcome.peakBytes
    report.target(
      "fill \(size), peak memory of payops", "\(peak >> 20) MiB", goal: "<= 64 MiB",
      holds: peak <= Self.memoryLimit)
    report.add(
      "fill_\(size.lowercased())",
      [
        "rows": fill.rows.json, "ours": fill.outcome.json, "rivals": .object(json),
        "payments_per_second": .number(Double(fill.rows.payments) / seconds),
        "settlements_per_second": .number(Double(fill.rows.settlements) / seconds),
        "logins_per_second": .number(Double(fill.rows.logins) / seconds),
        "rows_per_second": .number(Double(fill.rows.total) / seconds),
        "transactions_file_bytes": .integer(export.bytes("transactions")),
      ])
    Console.table(
      "First fill of \(size) payments: \(Figure.count(fill.rows.payments)) payments,"
        + " \(Figure.count(fill.rows.settlements)) settlements,"
        + " \(Figure.count(fill.rows.logins)) logins",
      ["way", "s", "rows/s", "rival s / our s"], table)
  }
}
