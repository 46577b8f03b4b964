import MariaDBClient
import PayopsCore

/// `payops integrity`: looks at every view that must be empty.
struct IntegrityCommand: Verb {
  let name = "integrity"
  let summary = "look at every view that must be empty"
  let discussion = """
    Calls check_integrity, which keeps the outcome for ops_integrity_checks, and prints
    the views that are not empty. Exits with 0 when there is none, with 1 otherwise.
    `payops kpi VIEW` prints the rows of a view.
    """
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let table = try await invocation.withConnection { connection in
      try await connection.execute("CALL check_integrity(@payops_findings)")
      return DataTable(
        try await connection.query(
          "SELECT view_name, finding_count, error_message, found_since FROM ops_integrity_checks"
            + " WHERE is_clean = 0 ORDER BY view_name"))
    }
    let console = invocation.console
    if !table.rows.isEmpty || console.isJSON || invocation.format != nil {
      try console.write(table, as: invocation.format)
    }
    console.note(table.rows.isEmpty ? "all are empty" : "\(table.rows.count) are not empty")
    return table.rows.isEmpty ? .ok : .finding
  }
}
