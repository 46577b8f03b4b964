package import MariaDBClient

/// The accounts that a backup's definitions name, and those that a server has.
package enum DefinerAccounts {
  /// Accounts on the server as `user@host`, roles as `role@`; nil when the connected account
  /// may not see them.
  package static func read(on connection: Connection) async throws -> Set<String>? {
    do {
      let rows = try await connection.query("SELECT User AS user, Host AS host FROM mysql.user")
        .rows
      return Set(rows.map { "\($0["user"] ?? "")@\($0["host"] ?? "")" })
    } catch {
      guard error.code == .accessDenied else { throw error }
      return nil
    }
  }

  /// The connected account.
  package static func current(on connection: Connection) async throws -> String {
    try await connection.query("SELECT CURRENT_USER() AS account").rows.first?["account"] ?? ""
  }
}

/// An object of a backup with its definer.
package struct DefinedObject: Sendable, Hashable {
  /// Kind and name.
  package let object: String
  /// The table of a trigger.
  package let table: String?
  /// The account, as `user@host`.
  package let definer: String

  /// nil for a statement that defines no object with a definer.
  package init?(_ statement: DumpStatement) {
    guard let object = statement.object, let definer = statement.definer else { return nil }
    self.object = object
    self.definer = definer.account
    if case .trigger(_, let table) = statement.kind { self.table = table } else { table = nil }
  }
}

extension DumpStatement {
  // A Regex is not Sendable; this one is never changed.
  private nonisolated(unsafe) static let definer =
    #/DEFINER=(?<quote>[`"])(?<user>(?:[^`"]|``|"")*)[`"](?:@[`"](?<host>(?:[^`"]|``|"")*)[`"])?/#

  /// The definer of a definition, as `user@host`, and its range in the text.
  package var definer: (account: String, range: Range<String.Index>)? {
    guard object != nil, let match = text.firstMatch(of: Self.definer) else { return nil }
    return (
      DumpStatement.plain(match.output.user) + "@"
        + (match.output.host.map { DumpStatement.plain($0) } ?? ""), match.range
    )
  }

  /// Kind and name of an object with a definer; nil for any other statement.
  package var object: String? {
    switch kind {
    case .view(let name): "view \(name)"
    case .trigger(let name, _): "trigger \(name)"
    case .routine(let kind, let name): "\(kind) \(name)"
    case .event(let name): "event \(name)"
    default: nil
    }
  }
}
