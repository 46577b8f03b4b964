package import MariaDBClient
package import PayopsCore
package import Tabular

/// A change that a person makes to an alert.
package struct AlertChange: Sendable {
  /// The kinds of changes.
  package enum Kind: String, Sendable {
    case acknowledged, assigned, comment, disposition, resolved
  }

  /// The kind of change.
  package let kind: Kind
  /// The note, owner or disposition.
  package let text: String

  /// The most characters of a text and of an owner.
  private static let mostCharacters = 512
  private static let mostOfOwner = 64

  /// Describes a change.
  ///
  /// - Throws: ``Fault`` for a text that is too long
  package init(_ kind: Kind, text: String) throws(Fault) {
    let most = kind == .assigned ? Self.mostOfOwner : Self.mostCharacters
    guard text.unicodeScalars.count <= most else {
      throw .usage(
        "the text has \(text.unicodeScalars.count) characters", hint: "at most \(most) are allowed")
    }
    self.kind = kind
    self.text = text
  }

  /// Makes the change.
  ///
  /// - Parameters:
  ///   - number: number of the alert
  ///   - connection: connection with the schema selected
  /// - Returns: the changed alert: its row of `ops_alerts`; and how many open alerts it explains,
  ///   which an acknowledgement, assignment or resolution takes along
  /// - Throws: ``Fault`` when the alert does not allow the change, or the text is not allowed
  package func make(
    to number: Int64, on connection: Connection
  ) async throws -> (alert: DataTable, children: Int64) {
    let children =
      try await connection.query(
        "SELECT COUNT(*) AS n FROM ops_alerts"
          + " WHERE parent_alert_id = ? AND alert_state <> 'resolved'", [.integer(number)]
      ).rows.first?.integer("n") ?? 0
    do {
      _ = try await connection.query(
        "CALL change_alert(?, ?, ?, NULL)",
        [.integer(number), .text(kind.rawValue), .text(text)])
    } catch {
      throw Fault(alert: number, from: error)
    }
    let alert = DataTable(
      try await connection.query(
        "SELECT * FROM ops_alerts WHERE alert_id = ?", [.integer(number)]))
    return (alert, takesChildren ? children : 0)
  }

  /// Whether the open alerts that an alert explains change with it.
  private var takesChildren: Bool { [.acknowledged, .assigned, .resolved].contains(kind) }

  /// What the change did to the alert, in words.
  package var outcome: String {
    switch kind {
    case .acknowledged: "is acknowledged"
    case .assigned: "is assigned to \(text.printable)"
    case .disposition: "was a \(text == "true_positive" ? "true" : "false") positive"
    case .resolved: "is resolved"
    case .comment: "has a new comment"
    }
  }
}

extension Fault {
  /// The error for users when an alert cannot be changed.
  ///
  /// - Parameters:
  ///   - number: number of the alert
  ///   - error: the error
  init(alert number: Int64, from error: any Error) {
    switch (error as? DatabaseError)?.errno {
    case 30651: self = .noAlert(number)
    case 30652:
      self = Fault(
        .invalidData, "alert \(number) is resolved",
        hint: "it still takes a comment, an owner and a disposition, and reopens if it fires soon")
    case 30701: self = .cardNumber
    default: self = Fault(error)
    }
  }

  /// The error of an unknown alert.
  static func noAlert(_ number: Int64) -> Fault {
    .usage("alert \(number) does not exist", hint: "see `payops alerts list --all`")
  }

  /// The error of a text that must not be stored.
  static let cardNumber = Fault(
    .invalidData, "the text contains a payment card number; nothing was changed",
    hint: "write its last four digits, or the number of the payment")
}
