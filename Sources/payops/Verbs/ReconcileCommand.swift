import MariaDBClient
import PayopsCore

/// `payops reconcile`: proves the rollups against the base tables.
struct ReconcileCommand: Verb {
  static let from = Option.date("from", "first day (default: the first day with rollups)")
  static let to = Option.date("to", "last day (default: the last day with rollups)")

  let name = "reconcile"
  let summary = "compare the rollups with the base tables"
  let discussion = """
    Recomputes the rollups of each UTC day from the base tables and prints the
    differences. Exits with 0 when there are none, with 1 otherwise. Changes that are
    captured and not yet applied are no difference. Nothing is changed.
    """
  let options = [from.declaration, to.declaration, OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let from = invocation[Self.from]?.date
    let to = invocation[Self.to]?.date
    if let from, let to, to < from {
      throw Failure.usage("option --to: \(to) is before --from \(from)")
    }
    let table = try await invocation.withConnection { connection -> DataTable? in
      let days = try await connection.query(
        "SELECT COALESCE(?, MIN(metric_date)) AS first_date, COALESCE(?, MAX(metric_date))"
          + " AS last_date FROM metric_day",
        [from.map { .text($0.description) } ?? .null, to.map { .text($0.description) } ?? .null])
      guard let first = days.rows.first?["first_date"], let last = days.rows.first?["last_date"]
      else { return nil }
      return DataTable(
        try await connection.query("CALL reconcile_rollups(?, ?)", [.text(first), .text(last)]))
    }
    let console = invocation.console
    if let table, !table.rows.isEmpty || console.isJSON || invocation.format != nil {
      try console.write(table, as: invocation.format)
    } else if console.isJSON {
      try console.write(JSON.array([]).lines)
    }
    let count = table?.rows.count ?? 0
    console.note(count == 0 ? "no differences" : "\(count) differences")
    return count == 0 ? .ok : .finding
  }
}
