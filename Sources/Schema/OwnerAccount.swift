package import MariaDBClient

/// The locked account that views, routines and triggers of a schema belong to, where there is one.
///
/// Objects that run with the rights of their definer then depend on no person's account, and nobody
/// can log in as the definer.
package struct OwnerAccount: Sendable, Equatable {
  /// Privileges on the schema that its routines, triggers, events and views need, and no more.
  ///
  /// The archive adds, splits and drops partitions: that takes CREATE, ALTER and DROP.
  static let privileges = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "EXECUTE", "EVENT",
    "TRIGGER", "SHOW VIEW", "CREATE TEMPORARY TABLES",
  ]

  private let schema: String

  init(of schema: String) {
    self.schema = schema
  }

  /// The account as information_schema writes a definer.
  var definer: String { "\(schema)_owner@localhost" }

  /// The account as statements write it.
  private var quoted: String { "\(RoleGrant.quoted("\(schema)_owner"))@`localhost`" }

  /// Creates the account, locked, with its privileges; does nothing when it exists.
  ///
  /// - Parameter connection: connection with the schema selected, of an account that may create
  ///   users and grant the privileges
  /// - Throws: `DatabaseError`, `SchemaError` when no schema is selected
  package static func make(on connection: Connection) async throws {
    let owner = try await selected(on: connection)
    guard try await !owner.isComplete(on: connection) else { return }
    let found = try await connection.query(
      "SELECT 1 FROM mysql.user WHERE User = ? AND Host = 'localhost'",
      [.text("\(owner.schema)_owner")])
    try await connection.execute("CREATE USER IF NOT EXISTS \(owner.quoted) ACCOUNT LOCK")
    do {
      try await connection.execute("ALTER USER \(owner.quoted) ACCOUNT LOCK")
      let list = privileges.joined(separator: ", ")
      let place = try await RoleWords.read(on: connection).place(of: owner.schema)
      try await connection.execute("GRANT \(list) ON \(place).* TO \(owner.quoted)")
      if !connection.serverVersion.isMariaDB {
        // What has_open_transaction() reads.
        try await connection.execute(
          "GRANT SELECT ON performance_schema.events_transactions_current TO \(owner.quoted)")
      }
    } catch {
      // A session that may not grant the privileges must not leave an account without them behind.
      if found.rows.isEmpty { _ = try? await connection.execute("DROP USER \(owner.quoted)") }
      throw error
    }
  }

  /// Creates the account if the session may, as a deployment does.
  ///
  /// - Parameter connection: connection with the schema selected
  /// - Returns: whether there is an owner for whom the session may create objects
  /// - Throws: `DatabaseError`, `SchemaError` when no schema is selected
  package static func makeIfAllowed(on connection: Connection) async throws -> Bool {
    let owner = try await selected(on: connection)
    let grants = try await Grants.read(from: connection)
    guard maySetDefiners(grants) else { return false }
    do {
      try await make(on: connection)
      return true
    } catch let error as DatabaseError where error.code == .accessDenied {
      return try await find(for: owner.schema, on: connection) != nil
    }
  }

  /// Whether a session may make objects that belong to another account.
  private static func maySetDefiners(_ grants: Grants) -> Bool {
    // The last two are MySQL's, of 8.2 and of 8.0.
    ["SUPER", "SET USER", "SET_ANY_DEFINER", "SET_USER_ID"].contains { grants.hasGlobal($0) }
  }

  private static func selected(on connection: Connection) async throws -> OwnerAccount {
    guard
      let schema = try await connection.query("SELECT DATABASE() AS name").rows.first?["name"]
    else {
      throw SchemaError(code: .noDatabase, context: "the connection has no schema selected")
    }
    return OwnerAccount(of: schema)
  }

  /// Whether the account exists, is locked, and has the privileges that it needs.
  private func isComplete(on connection: Connection) async throws -> Bool {
    let accounts =
      connection.serverVersion.isMariaDB
      ? "mysql.global_priv WHERE JSON_VALUE(Priv, '$.account_locked') = 1"
      : "mysql.user WHERE account_locked = 'Y'"
    let locked = try await connection.query(
      "SELECT 1 FROM \(accounts) AND User = ? AND Host = 'localhost'",
      [.text("\(schema)_owner")])
    guard !locked.rows.isEmpty else { return false }
    let lines = try await connection.query("SHOW GRANTS FOR \(quoted)").rows
      .compactMap { $0.values.first ?? nil }
    return Grants(lines).missing(Self.privileges, on: schema).isEmpty
  }

  /// The owner of a schema.
  ///
  /// - Parameters:
  ///   - schema: name of the schema
  ///   - connection: the session that deploys
  /// - Returns: nil if it does not exist, the session cannot see it, or may not set definers
  /// - Throws: `DatabaseError`
  static func find(for schema: String, on connection: Connection) async throws -> OwnerAccount? {
    let grants = try await Grants.read(from: connection)
    guard maySetDefiners(grants) else { return nil }
    do throws(DatabaseError) {
      let found = try await connection.query(
        "SELECT 1 FROM mysql.user WHERE User = ? AND Host = 'localhost'",
        [.text("\(schema)_owner")])
      return found.rows.isEmpty ? nil : OwnerAccount(of: schema)
    } catch {
      // An account that may set definers may still not read the accounts.
      guard error.code == .accessDenied else { throw error }
      return nil
    }
  }

  /// The definers of the schema's objects, by kind and name.
  static func definers(on connection: Connection) async throws -> [Inventory.Key: String] {
    let rows = try await connection.query(
      """
      SELECT 'view' AS kind, table_name AS name, definer FROM information_schema.views
      WHERE table_schema = DATABASE()
      UNION ALL
      SELECT LOWER(routine_type), routine_name, definer FROM information_schema.routines
      WHERE routine_schema = DATABASE()
      UNION ALL
      SELECT 'trigger', trigger_name, definer FROM information_schema.triggers
      WHERE trigger_schema = DATABASE()
      UNION ALL
      SELECT 'event', event_name, definer FROM information_schema.events
      WHERE event_schema = DATABASE()
      """
    ).rows
    var definers: [Inventory.Key: String] = [:]
    for row in rows {
      guard let kind = row["kind"].flatMap(SchemaObject.Kind.init(rawValue:)),
        let name = row["name"]
      else { continue }
      definers[Inventory.Key(kind: kind, name: name)] = row["definer"]
    }
    return definers
  }

  /// A statement that creates the object as the owner's.
  ///
  /// - Parameters:
  ///   - statement: `CREATE …` or `CREATE OR REPLACE …` of the object
  ///   - kind: kind of object
  /// - Returns: the statement with a definer; tables and reference data have none
  func owning(_ statement: String, kind: SchemaObject.Kind) -> String {
    let word = kind.rawValue.uppercased()
    guard kind != .table, kind != .reference else { return statement }
    for head in ["CREATE OR REPLACE ", "CREATE "] {
      guard let range = statement.firstRange(of: "\(head)\(word) ") else { continue }
      return statement.replacingCharacters(in: range, with: "\(head)DEFINER = \(quoted) \(word) ")
    }
    return statement
  }
}

extension String {
  /// The text with a part replaced.
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
