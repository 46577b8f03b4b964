package import MariaDBClient

/// What the roles of this version of payops may do, as the reference data in this binary say.
///
/// The table `role_grants` holds the same rows; accounts of most roles may not read it.
package struct DeclaredRoles: Sendable {
  /// One row of `role_grants`.
  package struct Row: Sendable, Equatable {
    /// The role, without the name of the schema.
    package let role: String
    /// Kind of object.
    package let kind: String
    /// Pattern of its name.
    package let pattern: String
    /// The privileges.
    package let privileges: [String]
  }

  /// All rows.
  package let rows: [Row]
  private let objects: [SchemaObject]

  /// Reads the reference data of this binary.
  ///
  /// - Throws: `SchemaError` when they are not part of it
  package init() throws(SchemaError) {
    try self.init(Manifest.embedded())
  }

  /// Reads the reference data of a manifest.
  init(_ manifest: Manifest) throws(SchemaError) {
    objects = manifest.objects
    rows = manifest.objects.filter { $0.kind == .reference }
      .filter { ["role_grants", "view_grants"].contains($0.name) }
      .flatMap { Self.rows(of: $0.source) }
    guard !rows.isEmpty else {
      throw SchemaError(code: .manifest, context: "no grants of roles are part of this binary")
    }
  }

  /// The rows that a file inserts: four texts each, of which the last may stand on several lines.
  private static func rows(of source: String) -> [Row] {
    let text = #/'([^']*)'/#
    return source.matches(
      of: #/\(\s*'([^']*)',\s*'([^']*)',\s*'([^']*)',\s*((?:'[^']*'\s*)+)\)/#
    ).map { match in
      Row(
        role: String(match.1), kind: String(match.2),
        pattern: String(match.3),
        privileges: RoleGrant.privileges(
          in: match.4.matches(of: text).map { String($0.1) }.joined()))
    }
  }

  /// The roles, by name.
  package var names: [String] { Set(rows.map(\.role)).sorted() }

  /// The grants of a role on the objects of this version.
  ///
  /// - Parameters:
  ///   - role: the role, without the name of the schema
  ///   - schema: the schema
  ///   - dialect: the product of the server
  /// - Returns: a grant for each privilege on each object that a pattern matches
  package func grants(
    of role: String, in schema: String, dialect: Dialect = .mariaDB
  ) -> Set<RoleGrant> {
    let words = RoleWords(dialect: dialect)
    var grants: Set<RoleGrant> = []
    for row in rows where row.role == role {
      for name in names(of: row) {
        for privilege in row.privileges {
          grants.insert(words.grant(privilege, kind: row.kind, name: name, schema: schema))
        }
      }
    }
    return grants
  }

  private func names(of row: Row) -> [String] {
    switch row.kind {
    case "schema": [""]
    case "system_table": [row.pattern]
    default:
      objects.filter {
        $0.kind.rawValue == row.kind && Grants.matches($0.name, pattern: row.pattern)
      }.map(\.name)
    }
  }

  /// The roles that give a privilege on an object.
  ///
  /// - Parameters:
  ///   - privilege: one privilege
  ///   - kinds: kinds that the object may be of
  ///   - name: its name
  /// - Returns: the roles; `admin`, which has every privilege on the schema, only when no other role
  ///   gives it
  package func roles(giving privilege: String, on name: String, kinds: [String]) -> [String] {
    let found = rows.filter {
      kinds.contains($0.kind) && $0.privileges.contains(privilege)
        && Grants.matches(name, pattern: $0.pattern)
    }.map(\.role).filter { $0 != "backup" || privilege != "EXECUTE" }
    guard found.isEmpty else { return Set(found).sorted() }
    return rows.contains {
      $0.kind == "schema" && $0.role == "admin"
        && $0.privileges.contains(privilege)
    } ? ["admin"] : []
  }

  /// What can be done about a refusal.
  ///
  /// - Parameter denial: what the account lacks
  /// - Returns: nil when no role of the schema has to do with it
  package func advice(on denial: Denial) -> String? {
    let kinds: [String]
    let object: (name: String, schema: String?)
    switch denial.place {
    case .table(let name, let schema): (kinds, object) = (["table", "view"], (name, schema))
    case .routine(let name, let schema):
      (kinds, object) = (["procedure", "function"], (name, schema))
    case .server, .schema, .column: return nil
    }
    guard let privilege = denial.privilege, let schema = object.schema,
      objects.contains(where: { kinds.contains($0.kind.rawValue) && $0.name == object.name })
    else { return nil }
    if denial.user == "\(schema)_owner" {
      return "the owner of the objects lacks it: run `payops deploy` as an administrator"
    }
    let found = roles(giving: privilege, on: object.name, kinds: kinds).map { "\(schema)_\($0)" }
    guard let last = found.last else { return nil }
    let check = "if the account has it already, see `payops roles check`"
    guard found.count > 1 else { return "the role \(last) gives it; \(check)" }
    return "the roles \(found.dropLast().joined(separator: ", ")) and \(last) give it; "
      + check.replacing("has it already", with: "has one of them")
  }
}
