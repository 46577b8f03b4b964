package import MariaDBClient

/// The roles of a schema: compares the tables `database_roles` and `role_grants` with the roles of
/// the server.
///
/// Roles belong to the server, so their names begin with that of the schema: two schemas on one
/// server share no role.
package struct DatabaseRoles: Sendable {
  /// A difference between the tables and the server.
  package struct Difference: Sendable, Equatable {
    /// Kind of difference.
    package enum Kind: String, Sendable {
      /// The role or the privilege is not there.
      case missing
      /// The role has a privilege that the table does not give it.
      case excess
      /// An account with the role lacks a limit, or has a looser one.
      case unlimited
      /// An account has the role and no default role: it can do nothing after connecting.
      case inactive
    }

    /// Kind of difference.
    package let kind: Kind
    /// The role, or the account as `name@host`.
    package let grantee: String
    /// The privilege or limit; empty for a whole role.
    package let privilege: String
    /// The object; empty when the difference is not about one.
    package let object: String
    /// The statement that repairs it.
    package let remedy: String
  }

  /// A role with its grants and limits, as the tables say.
  private struct Role {
    let name: String
    let grants: Set<RoleGrant>
    let statementSeconds: Int?
    let connections: Int?
  }

  private let connection: Connection

  /// - Parameter connection: connection with the schema selected, of an account that may read the
  ///   schema `mysql`, create roles and pass privileges on.
  package init(connection: Connection) {
    self.connection = connection
  }

  /// Creates roles, grants missing privileges, revokes superfluous ones, and limits accounts.
  ///
  /// - Returns: the differences that it repaired; empty when there were none
  /// - Throws: `DatabaseError`; earlier repairs remain
  @discardableResult
  package func apply() async throws -> [Difference] {
    let differences = try await differences()
    for difference in differences { try await connection.execute(difference.remedy) }
    return differences
  }

  /// Compares the server with the tables.
  ///
  /// - Returns: each difference: for each role first that it is missing, then superfluous and
  ///   missing privileges; accounts last
  /// - Throws: `DatabaseError`
  package func differences() async throws -> [Difference] {
    let words = try await RoleWords.read(on: connection)
    let roles = try await declared(in: words)
    let existing = Set(
      try await connection.query(words.roles).rows.compactMap { $0["name"] })
    var found: [Difference] = []
    for role in roles {
      var held: Set<RoleGrant> = []
      if existing.contains(role.name) {
        let lines = try await connection.query("SHOW GRANTS FOR \(RoleGrant.quoted(role.name))")
        held = words.single(
          RoleGrant.parse(lines.rows.compactMap { $0.values.first ?? nil }, of: role.name))
      } else {
        found.append(
          Difference(
            kind: .missing, grantee: role.name, privilege: "", object: "",
            remedy: "CREATE ROLE \(RoleGrant.quoted(role.name))"))
      }
      // ALL PRIVILEGES comes first: revoking it later would also revoke what was granted.
      for grant in held.subtracting(role.grants).sorted() {
        found.append(
          Difference(
            kind: .excess, grantee: role.name, privilege: grant.privilege, object: grant.object,
            remedy: grant.revoking(from: role.name)))
      }
      for grant in role.grants.subtracting(held).sorted() {
        found.append(
          Difference(
            kind: .missing, grantee: role.name, privilege: grant.privilege, object: grant.object,
            remedy: grant.granting(to: role.name)))
      }
      found += try await accountDifferences(of: role, in: words)
    }
    return found
  }

  /// What accounts with a role lack; accounts that may only grant it are left alone.
  private func accountDifferences(
    of role: Role, in words: RoleWords
  ) async throws -> [Difference] {
    let rows = try await connection.query(words.accounts, [.text(role.name)]).rows
    var found: [Difference] = []
    for row in rows {
      guard let user = row["user"], let host = row["host"] else { continue }
      let account = "\(RoleGrant.quoted(user))@\(RoleGrant.quoted(host))"
      func add(_ kind: Difference.Kind, _ what: String, _ remedy: String) {
        found.append(
          Difference(
            kind: kind, grantee: "\(user)@\(host)", privilege: what, object: "", remedy: remedy))
      }
      if (row["default_role"] ?? "").isEmpty, !words.allRolesAreActive {
        let roles = row["roles"]?.split(separator: ",").map(String.init) ?? [role.name]
        add(.inactive, role.name, words.defaultRole(roles, of: account))
      }
      // 0 means without limit.
      if words.limitsStatements, let most = role.statementSeconds,
        !(0.001...Double(most)).contains(row.double("seconds") ?? 0)
      {
        add(
          .unlimited, "MAX_STATEMENT_TIME \(most)",
          "ALTER USER \(account) WITH MAX_STATEMENT_TIME \(most)")
      }
      if let most = role.connections, most > 0,
        !(1...Int64(most)).contains(row.integer("connections") ?? 0)
      {
        add(
          .unlimited, "MAX_USER_CONNECTIONS \(most)",
          "ALTER USER \(account) WITH MAX_USER_CONNECTIONS \(most)")
      }
    }
    return found
  }

  /// The roles that the tables describe, with a grant for each object that a pattern matches.
  private func declared(in words: RoleWords) async throws -> [Role] {
    guard
      let schema = try await connection.query("SELECT DATABASE() AS name").rows.first?["name"]
    else {
      throw SchemaError(code: .noDatabase, context: "the connection has no schema selected")
    }
    let rows = try await connection.query(
      """
      SELECT g.role_name, g.object_kind, o.object_name, g.privileges
      FROM role_grants AS g
      INNER JOIN (
        SELECT 'schema' AS object_kind, '' AS object_name
        UNION ALL SELECT 'system_table', 'proc'
        UNION ALL SELECT IF(t.table_type = 'VIEW', 'view', 'table'), t.table_name
        FROM information_schema.tables AS t WHERE t.table_schema = DATABASE()
        UNION ALL SELECT LOWER(r.routine_type), r.routine_name
        FROM information_schema.routines AS r WHERE r.routine_schema = DATABASE()
      ) AS o
        ON o.object_kind = g.object_kind AND o.object_name LIKE g.object_pattern
      """
    ).rows
    var grants: [String: Set<RoleGrant>] = [:]
    for row in rows {
      guard let role = row["role_name"], let kind = row["object_kind"],
        let name = row["object_name"]
      else { continue }
      for privilege in RoleGrant.privileges(in: row["privileges"] ?? "") {
        grants[role, default: []].insert(
          words.grant(privilege, kind: kind, name: name, schema: schema))
      }
    }
    return try await connection.query(
      "SELECT role_name, maximum_statement_seconds AS seconds, maximum_connections AS connections"
        + " FROM database_roles ORDER BY role_name"
    ).rows.compactMap { row in
      row["role_name"].map { name in
        Role(
          name: "\(schema)_\(name)", grants: grants[name] ?? [],
          statementSeconds: row.integer("seconds").map(Int.init),
          connections: row.integer("connections").map(Int.init))
      }
    }
  }
}
