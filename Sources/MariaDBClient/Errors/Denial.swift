/// A privilege that the server missed when it refused a statement.
package struct Denial: Sendable, Equatable {
  /// What the privilege is for.
  package enum Place: Sendable, Equatable {
    /// The whole server.
    case server
    /// A schema.
    case schema(String)
    /// A table or view, and its schema.
    case table(String, schema: String?)
    /// A column of a table; the server does not name the schema.
    case column(String, table: String)
    /// A procedure or function, and its schema.
    case routine(String, schema: String?)
  }

  /// Name of the account that lacks it, without its host; nil when the server does not name it. It
  /// is the owner of a view or routine where that lacks the privilege.
  package let user: String?
  /// The privilege as GRANT writes it, several alternatives with commas; nil when the server names
  /// none.
  package let privilege: String?
  /// What it is for.
  package let place: Place

  /// Reads what the server said.
  ///
  /// - Parameters:
  ///   - message: the server's message
  ///   - errno: its number
  /// - Returns: nil for another error, or a message in other words
  package init?(_ message: String, errno: UInt32) {
    let user = message.firstMatch(of: #/'((?:[^']|'')*)'@'/#).map { String($0.1) }
    switch errno {
    case 1044:
      guard let match = message.firstMatch(of: #/ to database '(.+)'$/#) else { return nil }
      self.init(user: user, privilege: nil, place: .schema(String(match.1)))
    case 1142:
      guard let match = message.firstMatch(of: #/^(.+?) command denied .* for table (.+)$/#)
      else { return nil }
      let (schema, name) = Self.names(String(match.2))
      self.init(
        user: user, privilege: match.1.uppercased(), place: .table(name, schema: schema))
    case 1143:
      guard
        let match = message.firstMatch(
          of: #/^(.+?) command denied .* for column '(.+)' in table '(.+)'$/#)
      else { return nil }
      self.init(
        user: user, privilege: match.1.uppercased(),
        place: .column(String(match.2), table: String(match.3)))
    case 1370:
      guard let match = message.firstMatch(of: #/^(.+?) command denied .* for routine (.+)$/#)
      else { return nil }
      let (schema, name) = Self.names(String(match.2))
      self.init(
        user: user, privilege: match.1.uppercased(), place: .routine(name, schema: schema))
    case 1227:
      guard let match = message.firstMatch(of: #/ the (.+) privilege\(s\)/#) else { return nil }
      self.init(user: user, privilege: String(match.1), place: .server)
    default: return nil
    }
  }

  private init(user: String?, privilege: String?, place: Place) {
    (self.user, self.privilege, self.place) = (user, privilege, place)
  }

  /// Schema and name of `` `a`.`b` ``, `'a.b'` or `'b'`, as versions of the server write them.
  private static func names(_ text: String) -> (schema: String?, name: String) {
    let plain = text.replacing("`", with: "").replacing("'", with: "")
    let parts = plain.split(separator: ".", maxSplits: 1).map(String.init)
    return parts.count == 2 ? (parts[0], parts[1]) : (nil, plain)
  }

  /// What is missing, in words: `SELECT on table payops.settings`.
  package var description: String {
    func qualified(_ name: String, _ schema: String?) -> String {
      (schema.map { "\($0)." } ?? "") + name
    }
    let what = privilege ?? "a privilege"
    return switch place {
    case .server: "\(what) on the server"
    case .schema(let name): "\(what) on schema \(name)"
    case .table(let name, let schema): "\(what) on table \(qualified(name, schema))"
    case .column(let name, let table): "\(what) on column \(name) of table \(table)"
    case .routine(let name, let schema): "\(what) on routine \(qualified(name, schema))"
    }
  }
}

extension DatabaseError {
  /// The privilege that was missing; nil for another failure, or when the server does not name it.
  package var denial: Denial? {
    code == .accessDenied ? Denial(serverMessage, errno: errno) : nil
  }
}
