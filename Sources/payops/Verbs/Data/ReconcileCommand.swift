import Integrity
import PayopsCore
import Tabular

/// `payops reconcile`: proves the rollups against the base tables.
struct ReconcileCommand: DatabaseVerb {
  static let from = Option.date("from", "first day (default: the first with data)")
  static let to = Option.date("to", "last day (default: the last with data)")

  let name = "reconcile"
  let summary = "compare the rollups with the base tables"
  let discussion = """
    Recomputes the rollups of each UTC day from the base tables and prints the
    differences. Exits with 0 when there are none, with 1 otherwise. Changes that are
    captured and not yet applied, or were set aside, are no difference. Days without
    payments, settlements, logins or rollups cost nothing. Nothing is changed.
    """
  let options = [from.declaration, to.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let from = invocation[Self.from]?.date
    let to = invocation[Self.to]?.date
    if let from, let to, to < from {
      throw Fault.usage("option --to: \(to) is before --from \(from)")
    }
    let table = try await invocation.withConnection {
      try await Rollups.reconcile(from: from, to: to, on: $0)
    }
    let console = invocation.console
    try console.writeFindings(table, as: invocation.format)
    let count = table.rows.count
    console.note(count == 0 ? "no differences" : "\(count) differences")
    return count == 0 ? .ok : .finding
  }
}
