import Integrity
import PayopsCore
import Sealing
import Tabular

/// `payops integrity`: looks at every view that must be empty, and at the seals of payments.
struct IntegrityCommand: DatabaseVerb {
  let name = "integrity"
  let summary = "look at views that must be empty, and at seals"
  let discussion = """
    Calls check_integrity, which keeps the outcome for ops_integrity_checks, and prints
    the views that are not empty. With a seal key it compares every posted payment with
    its seal (`payops help seal`) and names what was changed, deleted or added. Exits
    with 0 when nothing was found, with 1 otherwise. `payops kpi VIEW` prints the rows of
    a view.
    """
  let options = [SealCommand.key.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let keys = try invocation.sealKeys()
    let found = try await invocation.withConnection {
      try await IntegrityFindings.read(keys: keys, on: $0)
    }
    let console = invocation.console
    let table = found.table
    try console.writeFindings(table, as: invocation.format)
    if let seals = found.seals {
      console.note("\(seals.compared) seals compared, \(seals.findings.count) findings")
      for note in seals.notes { console.note(note) }
    } else {
      console.note("seals of payments were not compared: there is no key")
    }
    // Last: a job that runs this keeps the last line as its reason.
    console.note(summary(of: found.views.rows.compactMap(\.first).compactMap(\.self)))
    return table.rows.isEmpty ? .ok : .finding
  }

  private func summary(of views: [String]) -> String {
    guard !views.isEmpty else { return "all views are empty" }
    let few = views.prefix(5).joined(separator: ", ") + (views.count > 5 ? ", …" : "")
    return "\(views.count) \(views.count == 1 ? "view is" : "views are") not empty: \(few)"
  }
}
