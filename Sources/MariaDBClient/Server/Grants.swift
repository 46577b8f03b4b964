/// The privileges of a session's account, from `SHOW GRANTS`.
package struct Grants: Sendable, Equatable {
  /// Privileges of one grantee on one level.
  private struct Entry: Sendable, Equatable {
    let grantee: String
    /// `*` for the server, otherwise a pattern for names of schemas.
    let pattern: String
    let privileges: Set<String>
  }

  private var entries: [Entry] = []
  /// The statements that they were read from.
  package let statements: [String]

  /// Reads the grants of the session's account, its active role and what these inherit.
  ///
  /// - Parameter connection: the session
  /// - Returns: the grants
  package static func read(from connection: Connection) async throws -> Grants {
    var lines = try await shown("SHOW GRANTS", connection)
    let role = try await connection.query("SELECT CURRENT_ROLE() AS role").rows.first?["role"]
    if let role, connection.serverVersion.isMariaDB {
      lines += try await shown(
        "SHOW GRANTS FOR `\(role.replacing("`", with: "``"))`", connection)
    }
    // MySQL answers NONE, or the roles as SHOW GRANTS takes them.
    if let role, !connection.serverVersion.isMariaDB, role != "NONE" {
      lines = try await shown("SHOW GRANTS FOR CURRENT_USER() USING \(role)", connection)
    }
    return Grants(lines)
  }

  private static func shown(
    _ sql: String, _ connection: Connection
  ) async throws -> [String] {
    try await connection.query(sql).rows.compactMap { $0.values.first ?? nil }
  }

  /// Reads grants from statements.
  ///
  /// - Parameter statements: `GRANT …` as the server shows them; grants on single tables,
  ///   columns and routines, of roles and of proxies are ignored
  package init(_ statements: [String]) {
    self.statements = statements
    for statement in statements {
      guard
        let match = statement.firstMatch(
          of: /^GRANT (.+?) ON (?:(\*)|`((?:[^`]|``)*)`)\.\* TO (`(?:[^`]|``)*`|\S+)/)
      else { continue }
      let pattern = match.2 == nil ? String(match.3 ?? "").replacing("``", with: "`") : "*"
      // A privilege on columns has them in parentheses.
      let privileges = match.1.split(separator: ",").map {
        String($0.drop { $0 == " " }).uppercased()
      }
      entries.append(
        Entry(
          grantee: String(match.4), pattern: pattern,
          privileges: Set(privileges.filter { !$0.contains("(") })))
    }
  }

  /// Finds the missing privileges on a schema.
  ///
  /// As in the server, of several patterns that match a schema only the most specific one counts
  /// for a grantee; privileges on the server, of the user and of each role add up.
  ///
  /// - Parameters:
  ///   - needed: names of privileges
  ///   - schema: the schema
  /// - Returns: privileges that the account does not have, in the given order
  package func missing(_ needed: [String], on schema: String) -> [String] {
    var held: Set<String> = []
    for grantee in Set(entries.map(\.grantee)) {
      let mine = entries.filter { $0.grantee == grantee }
      for entry in mine where entry.pattern == "*" { held.formUnion(entry.privileges) }
      let matching = mine.filter {
        $0.pattern != "*" && Self.matches(schema, pattern: $0.pattern)
      }
      let best = matching.max { Self.specificity($0.pattern) < Self.specificity($1.pattern) }
      if let best { held.formUnion(best.privileges) }
    }
    if held.contains("ALL PRIVILEGES") { return [] }
    return needed.filter { !held.contains($0) }
  }

  /// Whether the account has a privilege on the whole server.
  ///
  /// - Parameter privilege: its name
  /// - Returns: whether it, or all privileges, are granted on `*.*`
  package func hasGlobal(_ privilege: String) -> Bool {
    entries.contains {
      $0.pattern == "*"
        && ($0.privileges.contains(privilege) || $0.privileges.contains("ALL PRIVILEGES"))
    }
  }

  /// Whether a schema's name fits a pattern with `%` and `_`, which a backslash makes literal.
  package static func matches(_ name: String, pattern: String) -> Bool {
    matches(Array(name)[...], Array(pattern)[...])
  }

  private static func matches(
    _ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>
  ) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case "%":
      return matches(name, rest) || (!name.isEmpty && matches(name.dropFirst(), pattern))
    case "_":
      return !name.isEmpty && matches(name.dropFirst(), rest)
    case "\\":
      guard let literal = rest.first else { return name.elementsEqual("\\") }
      return name.first == literal && matches(name.dropFirst(), rest.dropFirst())
    default:
      return name.first == first && matches(name.dropFirst(), rest)
    }
  }

  /// How many characters come before the first wildcard.
  private static func specificity(_ pattern: String) -> Int {
    var count = 0
    var isLiteral = false
    for character in pattern {
      if !isLiteral, character == "\\" {
        isLiteral = true
        continue
      }
      if !isLiteral, character == "%" || character == "_" { return count }
      isLiteral = false
      count += 1
    }
    return Int.max
  }
}
