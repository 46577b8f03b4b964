package import MariaDBClient

extension Deployment {
  /// What the account needs on the schema.
  static let privileges = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER",
    "CREATE TEMPORARY TABLES", "CREATE VIEW", "SHOW VIEW", "CREATE ROUTINE", "ALTER ROUTINE",
    "EXECUTE", "EVENT", "TRIGGER",
  ]

  /// What stops a deployment, and what to do about it.
  private struct Obstacles {
    var problems: [String] = []
    var advice: [String] = []

    func check() throws(SchemaError) {
      guard !problems.isEmpty else { return }
      throw SchemaError(
        code: .precondition,
        context: "nothing was deployed: " + problems.joined(separator: "; "),
        advice: advice.isEmpty
          ? "correct the rows, then deploy again" : advice.joined(separator: "; "))
    }
  }

  /// Looks, before the schema itself is made, for anything of the server and the account that would
  /// stop a deployment that makes routines and triggers. A schema that is deployed already is left
  /// to ``deploy(lockTimeoutSeconds:progress:)``, which knows what it is going to make.
  ///
  /// - Parameters:
  ///   - schema: the name of the schema, which need not exist
  ///   - connection: connection of the account that is going to deploy
  /// - Throws: ``SchemaError`` that names everything found
  package static func checkServer(for schema: String, on connection: Connection) async throws {
    guard try await !SchemaLookup.isDeployed(schema, on: connection) else { return }
    try await obstacles(in: schema, makesCode: true, on: connection).check()
  }

  private static func obstacles(
    in schema: String, makesCode: Bool, on connection: Connection
  ) async throws -> Obstacles {
    var found = Obstacles()
    let server = try await connection.query(
      """
      SELECT @@read_only AS is_read_only, @@log_bin AS writes_log,
        @@log_bin_trust_function_creators AS trusts
      """
    ).rows.first
    let grants = try await Grants.read(from: connection)
    if server?.integer("is_read_only") == 1 {
      found.problems.append("the server is read only")
      found.advice.append("deploy on the primary server; replicas follow it")
    }
    let isTrusted =
      server?.integer("writes_log") != 1 || server?.integer("trusts") == 1
      || grants.hasGlobal("SUPER") || grants.hasGlobal("BINLOG ADMIN")
    if makesCode, !isTrusted {
      found.problems.append(
        "with a binary log, functions and triggers need SUPER, which the account lacks")
      found.advice.append(
        "SET GLOBAL log_bin_trust_function_creators = ON, also in the server's configuration file,"
          + " or deploy as an account with SUPER")
    }
    var needed = Deployment.privileges
    if !connection.serverVersion.isMariaDB {
      needed.append("LOCK TABLES")
      let row = try await connection.query("SELECT @@performance_schema AS is_on").rows.first
      if row?.integer("is_on") != 1 {
        found.problems.append("the performance schema is off, which shows open transactions")
        found.advice.append("start the server with performance_schema=ON, its default")
      } else if try await !Self.seesTransactions(connection) {
        found.problems.append("the account lacks SELECT on \(Self.openTransactions)")
        found.advice.append(
          "grant it, so that routines see whether their caller has an open transaction: GRANT SELECT"
            + " ON \(Self.openTransactions) TO the account")
      }
    }
    let missing = grants.missing(needed, on: schema)
    if !missing.isEmpty {
      found.problems.append(
        "the account lacks \(missing.joined(separator: ", ")) on schema \(schema)")
      found.advice.append("grant the account all privileges on the schema")
    }
    return found
  }

  /// What the function `has_open_transaction` reads on MySQL, with the rights of who deploys.
  private static let openTransactions = "performance_schema.events_transactions_current"

  private static func seesTransactions(_ connection: Connection) async throws -> Bool {
    do throws(DatabaseError) {
      try await connection.execute("SELECT 1 FROM \(openTransactions) LIMIT 0")
      return true
    } catch {
      guard error.code == .accessDenied else { throw error }
      return false
    }
  }

  /// Looks, before the first step, for anything that would stop a later one.
  ///
  /// - Throws: ``SchemaError`` that names everything found
  func checkPreconditions(of steps: [Step]) async throws {
    let makesCode = steps.contains { step in
      ["procedures/", "sql/triggers/", "sql/events/"].contains { step.path.hasPrefix($0) }
    }
    var found = try await Self.obstacles(
      in: try await currentDatabase(), makesCode: makesCode, on: connection)
    found.problems += try await rowsInTheWay(of: steps)
    try found.check()
  }

  /// What the checks of migrations find.
  private func rowsInTheWay(of steps: [Step]) async throws -> [String] {
    var problems: [String] = []
    let migrations = try self.migrations()
    for step in steps {
      guard let from = step.from,
        let object = manifest.objects.first(where: { $0.path == step.path }),
        let path = Migration.path(
          of: object.name, from: from, to: object.sourceChecksum, in: migrations)
      else { continue }
      // Checks of later migrations may read columns that earlier ones make.
      for check in path.first?.checks ?? [] {
        let found = try await connection.query(check.query)
        if !found.rows.isEmpty { problems.append("table \(object.name): \(check.message)") }
      }
    }
    return problems
  }
}
