internal import MariaDBClient

/// How each server says who has a role, and how it is given.
///
/// A role of MySQL is an account `name`@`%` that is locked and has no password; neither product
/// reads the other's tables of roles.
package struct RoleWords: Sendable {
  /// The product.
  let dialect: Dialect
  /// Whether `_` and `%` in the schema of a grant stand for themselves (`partial_revokes`).
  var wildcardsAreLiteral = false
  /// Whether every granted role is active after connecting, whatever the default role.
  var allRolesAreActive = false

  /// Asks a server.
  ///
  /// - Parameter connection: any connection
  /// - Throws: `DatabaseError`
  static func read(on connection: Connection) async throws -> RoleWords {
    var words = RoleWords(dialect: Dialect(of: connection.serverVersion))
    guard words.dialect == .mySQL else { return words }
    let row = try await connection.query(
      "SELECT @@partial_revokes AS literal, @@activate_all_roles_on_login AS active"
    ).rows.first
    words.wildcardsAreLiteral = row?.integer("literal") == 1
    words.allRolesAreActive = row?.integer("active") == 1
    return words
  }

  /// Names of the roles of the server.
  var roles: String {
    switch dialect {
    case .mariaDB: "SELECT User AS name FROM mysql.user WHERE is_role = 'Y'"
    case .mySQL: "SELECT u.User AS name FROM mysql.user AS u WHERE \(Self.isRole)"
    }
  }

  /// The accounts that have a role (the one parameter), with their default roles and limits.
  var accounts: String {
    switch dialect {
    case .mariaDB:
      """
      SELECT u.User AS user, u.Host AS host, u.default_role, u.max_statement_time AS seconds,
        u.max_user_connections AS connections
      FROM mysql.roles_mapping AS m
      INNER JOIN mysql.user AS u ON u.User = m.User AND u.Host = m.Host
      WHERE m.Role = ? AND m.Admin_option = 'N' AND u.is_role = 'N'
      ORDER BY u.User, u.Host
      """
    case .mySQL:
      """
      SELECT u.User AS user, u.Host AS host,
        (
          SELECT MIN(d.DEFAULT_ROLE_USER) FROM mysql.default_roles AS d
          WHERE d.USER = u.User AND d.HOST = u.Host
        ) AS default_role,
        (
          SELECT GROUP_CONCAT(r.FROM_USER ORDER BY r.FROM_USER) FROM mysql.role_edges AS r
          INNER JOIN database_roles AS d
            ON CAST(r.FROM_USER AS BINARY) = CAST(CONCAT(DATABASE(), '_', d.role_name) AS BINARY)
          WHERE r.TO_USER = u.User AND r.TO_HOST = u.Host AND r.FROM_HOST = '%'
        ) AS roles,
        u.max_user_connections AS connections
      FROM mysql.role_edges AS e
      INNER JOIN mysql.user AS u ON u.User = e.TO_USER AND u.Host = e.TO_HOST
      WHERE e.FROM_USER = ? AND e.FROM_HOST = '%' AND e.WITH_ADMIN_OPTION = 'N'
        AND NOT (\(Self.isRole))
      ORDER BY u.User, u.Host
      """
    }
  }

  /// What CREATE ROLE leaves in `mysql.user`.
  private static let isRole =
    "u.Host = '%' AND u.account_locked = 'Y' AND u.password_expired = 'Y'"
    + " AND u.authentication_string = ''"

  /// Whether an account can be given a time that none of its statements exceeds.
  var limitsStatements: Bool { dialect == .mariaDB }

  /// A statement that makes roles active when an account connects.
  ///
  /// - Parameters:
  ///   - roles: their names; MariaDB knows one active role of an account.
  ///   - account: the account as statements write it.
  func defaultRole(_ roles: [String], of account: String) -> String {
    let list = roles.map(RoleGrant.quoted).joined(separator: ", ")
    return "SET DEFAULT ROLE \(list) \(dialect == .mariaDB ? "FOR" : "TO") \(account)"
  }

  /// Makes an account with a password, in place of one of the name.
  ///
  /// - Parameters:
  ///   - account: the account as statements write it
  ///   - password: letters and digits, since MySQL takes no parameter there
  ///   - connection: connection of an account that may create users
  /// - Throws: `DatabaseError`
  func make(_ account: String, password: String, on connection: Connection) async throws {
    switch dialect {
    case .mariaDB:
      try await connection.execute(
        "CREATE OR REPLACE USER \(account) IDENTIFIED BY ?", [.text(password)])
    case .mySQL:
      try await connection.execute("DROP USER IF EXISTS \(account)")
      try await connection.execute("CREATE USER \(account) IDENTIFIED BY '\(password)'")
    }
  }

  /// The privileges that a grant stands for.
  ///
  /// MySQL shows all privileges on a schema as one; those of `admin` are all that it has.
  func single(_ grants: Set<RoleGrant>) -> Set<RoleGrant> {
    guard dialect == .mySQL else { return grants }
    return Set(
      grants.flatMap { grant in
        guard grant.privilege == "ALL PRIVILEGES", grant.object != "*.*" else { return [grant] }
        return Self.schemaPrivileges.map { RoleGrant(privilege: $0, object: grant.object) }
      })
  }

  private static let schemaPrivileges = [
    "ALTER", "ALTER ROUTINE", "CREATE", "CREATE ROUTINE", "CREATE TEMPORARY TABLES", "CREATE VIEW",
    "DELETE", "DROP", "EVENT", "EXECUTE", "INDEX", "INSERT", "LOCK TABLES", "REFERENCES", "SELECT",
    "SHOW VIEW", "TRIGGER", "UPDATE",
  ]

  /// A schema in a grant.
  func place(of schema: String) -> String {
    wildcardsAreLiteral ? RoleGrant.quoted(schema) : RoleGrant.pattern(of: schema)
  }

  /// A privilege of a role on an object, as SHOW GRANTS writes it.
  ///
  /// - Parameters:
  ///   - privilege: as the table `role_grants` has it
  ///   - kind: kind of the object there
  ///   - name: name of the object; empty for the schema
  ///   - schema: the schema
  func grant(_ privilege: String, kind: String, name: String, schema: String) -> RoleGrant {
    // The texts of routines are not in a table of MySQL.
    if dialect == .mySQL, kind == "system_table", name == "proc" {
      return RoleGrant(privilege: "SHOW_ROUTINE", object: "*.*")
    }
    let object =
      kind == "schema"
      ? "\(place(of: schema)).*" : RoleGrant.object(kind: kind, name: name, schema: schema)
    return RoleGrant(privilege: privilege, object: object)
  }
}
