package import MariaDBClient
package import PayopsCore

/// A change that somebody makes to a case.
package enum CaseChange: Sendable {
  /// Gives it to somebody.
  case assign(String)
  /// Adds a note.
  case note(String)
  /// Moves the end of the day until when it must be decided.
  case due(CivilDate)
  /// Says what it turned out to be, and why.
  case decide(String, reason: String)
  /// Opens it again.
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
