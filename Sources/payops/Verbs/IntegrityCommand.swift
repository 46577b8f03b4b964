import MariaDBClient
import PayopsCore
import Sealing
import Tabular

/// `payops integrity`: looks at every view that must be empty, and at the seals of payments.
struct IntegrityCommand: Verb {
  let name = "integrity"
  let summary = "look at views that must be empty, and at seals"
  let discussion = """
    Calls check_integrity, which keeps the outcome for ops_integrity_checks, and prints
    the views that are not empty. With a seal key it compares every posted payment with
    its seal (`payops help seal`) and names what was changed, deleted or added. Exits
    with 0 when nothing was found, with 1 otherwise. `payops kpi VIEW` prints the rows of
    a view.
    """
  let options = [SealCommand.key.declaration, OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let keys = try invocation.sealKeys()
    let (table, seals) = try await invocation.withConnection { connection in
      try await connection.execute("CALL check_integrity(@payops_findings)")
      let table = DataTable(
        try await connection.query(
          "SELECT view_name, finding_count, error_message, found_since FROM ops_integrity_checks"
            + " WHERE is_clean = 0 ORDER BY view_name"))
      guard let keys else { return (table, SealReport?.none) }
      let seals = try await PaymentSeals(connection: connection, keys: keys).check()
      if connection.options.jobFence != nil { try await Self.alert(seals, on: connection) }
      return (table, seals)
    }
    let console = invocation.console
    var rows = table.rows
    for finding in seals?.findings ?? [] {
      rows.append([finding.subject, "1", finding.problem, nil])
    }
    if !rows.isEmpty || console.isJSON || invocation.format != nil {
      try console.write(DataTable(columns: table.columns, rows: rows), as: invocation.format)
    }
    console.note(
      table.rows.isEmpty ? "all views are empty" : "\(table.rows.count) views are not empty")
    if let seals {
      console.note("\(seals.compared) seals compared, \(seals.findings.count) findings")
      for note in seals.notes { console.note(note) }
    } else {
      console.note("seals of payments were not compared: there is no key")
    }
    return rows.isEmpty ? .ok : .finding
  }

  /// Raises the alert for what a job found, or resolves it; people see the findings themselves.
  private static func alert(_ seals: SealReport, on connection: Connection) async throws {
    let (rule, subject) = ("seals_broken", "payments")
    let message = alertMessage(seals.findings.map { "\($0.subject) \($0.problem)" })
    _ = try await connection.transaction { connection in
      if let message {
        _ = try connection.execute(
          "CALL raise_alert(?, ?, 'SEVERE', ?)", [.text(rule), .text(subject), .text(message)])
      } else {
        _ = try connection.execute("CALL resolve_alert(?, ?)", [.text(rule), .text(subject)])
      }
    }
  }

  /// What an alert says of findings, as many as have room; nil without any.
  static func alertMessage(_ findings: [String], limit: Int = 512) -> String? {
    guard !findings.isEmpty else { return nil }
    var text = "\(findings.count) findings: "
    for (place, finding) in findings.enumerated() {
      let part = (place == 0 ? "" : "; ") + finding
      let rest = findings.count - place - 1
      // Room for the words that say how many more there are.
      let room = limit - text.count - (rest > 0 ? 24 : 0)
      guard part.count <= room else {
        return text + "\(place == 0 ? "" : "; ")and \(findings.count - place) more"
      }
      text += part
    }
    return text
  }
}
