package import MariaDBClient
package import PayopsCore

/// A change that a person makes to a case.
package enum CaseChange: Sendable {
  /// Assigns it to somebody.
  case assign(String)
  /// Adds a note.
  case note(String)
  /// Changes the day by whose end it must be decided.
  case due(CivilDate)
  /// Closes it with a disposition and the reason.
  case decide(String, reason: String)
  /// Reopens it.
  case reopen(reason: String)

  /// Makes the change.
  ///
  /// - Parameters:
  ///   - number: number of the case
  ///   - connection: connection with the schema selected
  package func make(to number: Int64, on connection: Connection) async throws {
    let (call, values): (String, [SQLValue]) =
      switch self {
      case .assign(let who): ("CALL assign_case(?, ?)", [.text(who)])
      case .note(let text): ("CALL add_case_note(?, ?)", [.text(text)])
      case .due(let day): ("CALL set_case_due_date(?, ?)", [.text("\(day) 23:59:59")])
      case .decide(let disposition, let reason):
        ("CALL decide_case(?, ?, ?)", [.text(disposition), .text(reason)])
      case .reopen(let reason): ("CALL reopen_case(?, ?)", [.text(reason)])
      }
    _ = try await connection.query(call, [.integer(number)] + values)
  }
}
