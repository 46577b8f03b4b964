package import MariaDBClient
package import PayopsCore
package import Tabular

/// A change that somebody makes to an alert.
package struct AlertChange: Sendable {
  /// What is done with an alert.
  package enum Kind: String, Sendable {
    case acknowledged, assigned, comment, disposition, resolved
  }

  /// What is done.
  package let kind: Kind
  /// The note, owner or disposition.
  package let text: String

  /// The most characters of a text, and of an owner.
  private static let mostCharacters = 512
  private static let mostOfOwner = 64

  /// Describes a change.
  ///
  /// - Throws: ``Fault`` for a text that is too long
  package init(_ kind: Kind, text: String) throws(Fault) {
    let most = kind == .assigned ? Self.mostOfOwner : Self.mostCharacters
    guard text.unicodeScalars.count <= most else {
      throw .usage(
        "the text has \(text.unicodeScalars.count) characters", hint: "at most \(most) are kept")
    }
    self.kind = kind
    self.text = text
  }

  /// Makes the change.
  ///
  /// - Parameters:
  ///   - number: number of the alert
  ///   - connection: connection with the schema selected
  /// - Returns: the alert as `ops_alerts` has it then
  /// - Throws: ``Fault`` for what the alert or the text does not allow
  package func make(to number: Int64, on connection: Connection) async throws -> DataTable {
    do {
      _ = try await connection.query(
        "CALL change_alert(?, ?, ?, NULL)",
        [.integer(number), .text(kind.rawValue), .text(text)])
    } catch {
      throw Fault(alert: number, from: error)
    }
    return DataTable(
      try await connection.query(
        "SELECT * FROM ops_alerts WHERE alert_id = ?", [.integer(number)]))
  }

  /// What became of the alert, in words.
  package var outcome: String {
    switch kind {
    case .acknowledged: "is acknowledged"
    case .assigned: "belongs to \(text.printable)"
    case .disposition: "was a \(text == "true_positive" ? "true" : "false") positive"
    case .resolved: "is resolved"
    case .comment: "has one more comment"
    }
  }
}

extension Fault {
  /// What the caller is to see when something cannot be done with an alert.
  ///
  /// - Parameters:
  ///   - number: number of the alert
  ///   - error: the error
  init(alert number: Int64, from error: any Error) {
    switch (error as? DatabaseError)?.errno {
    case 30651: self = .noAlert(number)
    case 30652:
      self = Fault(
        .invalidData, "alert \(number) has ended",
        hint:
          "it can still be commented, assigned and judged; one that comes again soon opens again")
    case 30701: self = .cardNumber
    default: self = Fault(error)
    }
  }

  /// The failure of an unknown alert.
  static func noAlert(_ number: Int64) -> Fault {
    .usage("alert \(number) does not exist", hint: "see `payops alerts list --all`")
  }

  /// The failure of a text that must not be kept.
  static let cardNumber = Fault(
    .invalidData, "the text holds the number of a payment card; nothing was changed",
    hint: "write its last four digits, or the number of the payment")
}
