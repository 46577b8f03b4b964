import Foundation
import MariaDBClient
import PayopsCore

/// The first fill in turns with plain loads of the same rows, and with an older program.
struct FillContest: Sendable {
  /// A schema of the size that fills in turns.
  let schema: PaymentSchema
  let export: RowExport
  let meter: Meter
  let rounds: Int
  /// Whether the unsafe loads, which nobody would use in production, run too.
  let runsAllRivals: Bool
  /// An older program to compare with; nil for none.
  let older: ReleaseProgram?

  /// Measures, and records the results.
  func run(into report: inout Report) async throws {
    let size = Figure.size(schema.size)
    // A fixed end, so that each fill writes the same rows.
    let end = CivilDate(daysSinceEpoch: Int(Date().timeIntervalSince1970) / 86_400)
    Console.progress("fill contest \(size): the rows, and files of them")
    try await schema.deploy()
    _ = try await schema.generate(end: end)
    let rows = try await schema.rowCounts()
    let rival = RivalLoad(source: schema, export: export)
    let variants: [RivalLoad.Variant] =
      runsAllRivals ? [.defaultChecks, .uncheckedBulk, .twoConnections] : [.defaultChecks]
    for variant in variants { try await rival.writeFiles(variant) }
    try await rival.prepare()
    var results: [ContestResult] = []
    let product = Contest.Side(name: "payops generate") { _ in
      try await fill(schema, end: end, expecting: rows)
    }
    for variant in variants {
      let other = Contest.Side(name: variant.title) { _ in
        try await rival.empty()
        let turn = try await meter.measure { try await rival.load(variant) }.turn
        let loaded = try await rival.rowCounts()
        guard loaded == rows else {
          throw BenchError("the rival \(variant.rawValue) loaded \(loaded), not \(rows)")
        }
        return turn
      }
      results.append(try await contest("fill \(size), \(variant.title)", rows, product, other))
    }
    try await rival.drop()
    if let older {
      let oldSchema = PaymentSchema(schema, name: "bench_older", program: older)
      let other = Contest.Side(name: "the older payops") { _ in
        try await fill(oldSchema, end: end, expecting: nil)
      }
      results.append(try await contest("fill \(size), the older payops", rows, product, other))
      try await oldSchema.drop()
    }
    try await schema.drop()
    for result in results { report.contest(result, key: "fill") }
    if let plain = results.first, schema.size >= Contest.targetSize {
      let goal = ">= 0.60"
      report.target(
        "fill \(size), \(RivalLoad.Variant.defaultChecks.title), ratio", plain.ratio.text(2),
        goal: goal, holds: plain.ratio.median >= 0.6)
    }
  }

  private func contest(
    _ name: String, _ rows: RowCounts, _ product: Contest.Side, _ rival: Contest.Side
  ) async throws -> ContestResult {
    try await Contest(
      name: name, unit: "row", units: rows.total, rounds: rounds, product: product, rival: rival
    ).run()
  }

  /// Fills a schema that was just created.
  private func fill(
    _ schema: PaymentSchema, end: CivilDate, expecting rows: RowCounts?
  ) async throws -> Turn {
    try await schema.deploy()
    try await schema.rest()
    let turn = try await meter.measure { _ = try await schema.generate(end: end) }.turn
    if let rows {
      let found = try await schema.rowCounts()
      guard found == rows else { throw BenchError("a fill made \(found), not \(rows)") }
    }
    return turn
  }
}
