package import MariaDBClient
package import Sealing
package import Tabular

/// The rows of views that must be empty, and the payments that differ from their seals.
package struct IntegrityFindings: Sendable {
  /// The views that are not empty.
  package let views: DataTable
  /// The comparison of payments with their seals; nil without keys.
  package let seals: SealReport?

  /// Checks every view, and the seals when there are keys.
  ///
  /// - Parameters:
  ///   - keys: the keys of the seals; nil for none
  ///   - connection: connection with the schema selected; only that of a job raises or resolves the
  ///     alert of the seals, because people see the findings themselves
  package static func read(
    keys: SealKeys?, on connection: Connection
  ) async throws -> IntegrityFindings {
    try await connection.execute("CALL check_integrity(@payops_findings)")
    let views = DataTable(
      try await connection.query(
        "SELECT view_name, finding_count, error_message, found_since FROM ops_integrity_checks"
          + " WHERE is_clean = 0 ORDER BY view_name"))
    guard let keys else { return IntegrityFindings(views: views, seals: nil) }
    let seals = try await PaymentSeals(connection: connection, keys: keys).check()
    if connection.options.jobFence != nil { try await alert(seals, on: connection) }
    return IntegrityFindings(views: views, seals: seals)
  }

  /// All findings, one per row.
  package var table: DataTable {
    DataTable(
      columns: views.columns,
      rows: views.rows
        + (seals?.findings ?? []).map { [$0.subject, "1", $0.problem, nil] })
  }

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

  /// The message of an alert with as many findings as fit; nil without findings.
  package static func alertMessage(_ findings: [String], limit: Int = 512) -> String? {
    guard !findings.isEmpty else { return nil }
    var text = "\(findings.count) findings: "
    for (place, finding) in findings.enumerated() {
      let part = (place == 0 ? "" : "; ") + finding
      let rest = findings.count - place - 1
      // Leaves room for "and … more".
      let room = limit - text.count - (rest > 0 ? 24 : 0)
      guard part.count <= room else {
        return text + "\(place == 0 ? "" : "; ")and \(findings.count - place) more"
      }
      text += part
    }
    return text
  }
}
