import MariaDBClient
import PayopsCore
import Tabular

/// A change that somebody makes to an alert.
struct AlertChange: Sendable {
  /// The kind by which `change_alert` knows it.
  let kind: String
  /// The note, owner or disposition.
  let text: String

  /// The most characters of a text, and of an owner.
  private static let mostCharacters = 512
  private static let mostOfOwner = 64

  /// Makes the change to the alert that an invocation names, and prints what became of it.
  ///
  /// - Parameter invocation: the invocation
  /// - Returns: ok
  /// - Throws: ``Failure`` for what the alert or the text does not allow
  func make(_ invocation: Invocation) async throws -> ExitCode {
    let number = try AlertsCommand.number(of: invocation)
    let most = kind == "assigned" ? Self.mostOfOwner : Self.mostCharacters
    guard text.unicodeScalars.count <= most else {
      throw Failure.usage(
        "the text has \(text.unicodeScalars.count) characters",
        hint: "at most \(most) are kept")
    }
    let alert = try await invocation.withConnection { connection in
      do {
        _ = try await connection.query(
          "CALL change_alert(?, ?, ?, NULL)", [.integer(number), .text(kind), .text(text)])
      } catch {
        throw Failure(alert: number, from: error)
      }
      return DataTable(
        try await connection.query(
          "SELECT * FROM ops_alerts WHERE alert_id = ?", [.integer(number)]))
    }
    if invocation.console.isJSON {
      try invocation.console.write(JSON.firstRow(of: alert).lines)
    } else {
      try invocation.console.write("alert \(number) \(outcome)\n")
    }
    return .ok
  }

  private var outcome: String {
    switch kind {
    case "acknowledged": "is acknowledged"
    case "assigned": "belongs to \(text.printable)"
    case "disposition": "was a \(text == "true_positive" ? "true" : "false") positive"
    case "resolved": "is resolved"
    default: "has one more comment"
    }
  }
}

extension Failure {
  /// What the caller is to see when something cannot be done with an alert.
  ///
  /// - Parameters:
  ///   - number: number of the alert
  ///   - error: the error
  init(alert number: Int64, from error: any Error) {
    switch (error as? DatabaseError)?.errno {
    case 30651: self = .noAlert(number)
    case 30652:
      self = Failure(
        "alert \(number) has ended",
        hint:
          "it can still be commented, assigned and judged; one that comes again soon opens again",
        exitCode: .badData)
    case 30701: self = .cardNumber
    default: self = Failure(from: error)
    }
  }

  /// The failure of an unknown alert.
  static func noAlert(_ number: Int64) -> Failure {
    .usage("alert \(number) does not exist", hint: "see `payops alerts list --all`")
  }

  /// The failure of a text that must not be kept.
  static let cardNumber = Failure(
    "the text holds the number of a payment card; nothing was changed",
    hint: "write its last four digits, or the number of the payment", exitCode: .badData)
}
