import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// The first fill of an empty schema: how long it takes by itself, and how much memory.
struct FillBenchmark: Sendable {
  /// The time that our own fill took, and the rows that it wrote.
  struct Fill: Sendable {
    let outcome: MeasuredProcess.Outcome
    let rows: RowCounts
  }

  private static let memoryLimit = 64 << 20

  let schema: PaymentSchema

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    let size = Figure.size(schema.size)
    Console.progress("fill \(size): deploy, generate, load, roll up")
    try await schema.deploy()
    try await schema.rest()
    let outcome = try await schema.generate()
    let rows = try await schema.rowCounts()
    let fill = Fill(outcome: outcome, rows: rows)
    Console.progress(
      "fill \(size): \(Figure.fixed(outcome.seconds, 1)) s,"
        + " \(Figure.count(rows.total)) rows, peak \(outcome.peakBytes >> 20) MiB")
    report.require(rows.payments == schema.size, "fill \(size) has \(rows.payments) payments")
    try await checkDays(into: &report)
    publish(fill, into: &report)
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

  private func publish(_ fill: Fill, into report: inout Report) {
    let size = Figure.size(schema.size)
    let seconds = fill.outcome.seconds
    let peak = fill.outcome.peakBytes
    report.target(
      "fill \(size), peak memory of payops", "\(peak >> 20) MiB", goal: "<= 64 MiB",
      holds: peak <= Self.memoryLimit)
    report.add(
      "fill_\(size.lowercased())",
      [
        "rows": fill.rows.json, "ours": fill.outcome.json,
        "payments_per_second": .figure(Double(fill.rows.payments) / seconds),
        "rows_per_second": .figure(Double(fill.rows.total) / seconds),
      ])
    Console.table(
      "First fill of \(size) payments",
      ["rows", "s", "rows/s"],
      [
        [
          Figure.count(fill.rows.total), Figure.fixed(seconds, 1),
          Figure.count(Int(Double(fill.rows.total) / seconds)),
        ]
      ])
  }
}
