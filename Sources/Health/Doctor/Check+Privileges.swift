package import MariaDBClient
package import Schema

extension Check {
  /// Privileges on the schema that daily work needs.
  package static let workPrivileges = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "CREATE TEMPORARY TABLES", "SHOW VIEW",
    "TRIGGER",
  ]

  /// Further privileges on the schema that a deployment needs.
  package static let deploymentPrivileges = [
    "CREATE", "DROP", "ALTER", "INDEX", "REFERENCES", "CREATE VIEW", "CREATE ROUTINE",
    "ALTER ROUTINE", "EVENT",
  ]

  /// Privileges on the server that copying binary logs takes.
  static let logPrivileges = ["BINLOG MONITOR", "REPLICATION SLAVE"]

  /// Compares an account that has roles of payops with what these give, and any other one with what
  /// work and deployments need.
  static func privileges(_ examination: Examination) async throws -> Finding {
    let schema = examination.database
    let names = try await examination.connection.query(
      "SELECT ROLE_NAME AS name FROM information_schema.ENABLED_ROLES WHERE ROLE_NAME IS NOT NULL"
    ).rows.compactMap { $0["name"] }
    let declared = try DeclaredRoles()
    var roles = declared.names.filter { names.contains("\(schema)_\($0)") }
    // The role that docs/operations.md makes for the account of the daemon.
    let isDaemon = names.contains("\(schema)_daemon")
    if isDaemon { roles = Set(roles + ["job", "backup"]).sorted() }
    guard !roles.isEmpty, !roles.contains("admin"),
      !examination.grants.missing(workPrivileges, on: schema).isEmpty
    else { return privileges(examination.grants, on: schema) }

    var backupJobs: [String] = []
    var copiesLogs = false
    if roles.contains("job"), examination.schema == .deployed {
      // Without the role itself, the table cannot be read.
      let jobs = (try? await enabledBackupJobs(examination.connection)) ?? []
      // Copying logs does nothing where the account may not.
      backupJobs = jobs.filter { !$0.command.contains("--if-logged") }.map(\.name)
      copiesLogs =
        examination.variables.isOn("log_bin") && examination.connection.serverVersion.isMariaDB
        && jobs.contains { $0.command.contains("archive-logs") }
    }
    return privileges(
      held: examination.grants, of: roles, on: schema, declared: declared, backupJobs: backupJobs,
      copiesLogs: copiesLogs, dialect: Dialect(of: examination.connection.serverVersion))
  }

  private static func enabledBackupJobs(
    _ connection: Connection
  ) async throws -> [(name: String, command: String)] {
    try await connection.query(
      """
      SELECT job_name, command_text FROM jobs
      WHERE is_enabled = 1 AND command_kind = 'payops' AND command_text LIKE 'backup %'
      ORDER BY job_name
      """
    ).rows.map { ($0["job_name"] ?? "", $0["command_text"] ?? "") }
  }

  /// Judges the privileges of an account that has roles of payops.
  ///
  /// - Parameters:
  ///   - held: its grants, with those of its roles
  ///   - roles: the roles that it has, or should have, without the name of the schema
  ///   - schema: the schema
  ///   - declared: what roles give
  ///   - backupJobs: the enabled jobs that make, verify or delete backups
  ///   - copiesLogs: whether one of these copies the binary logs of a server that writes some
  ///   - dialect: the product of the server
  /// - Returns: the finding
  package static func privileges(
    held: Grants, of roles: [String], on schema: String, declared: DeclaredRoles,
    backupJobs: [String], copiesLogs: Bool, dialect: Dialect = .mariaDB
  ) -> Finding {
    let there = RoleGrant.all(in: held.statements)
    var lacking: [String] = []
    for role in roles {
      for grant in declared.grants(of: role, in: schema, dialect: dialect).subtracting(there)
        .sorted()
      where !held.missing([grant.privilege], on: grant.schema ?? schema).isEmpty {
        lacking.append("\(grant.privilege) on \(grant.object) (\(schema)_\(role))")
      }
    }
    guard lacking.isEmpty else {
      return .failure(
        "missing: \(Examination.list(lacking))",
        "run `payops roles apply` as an administrator, and GRANT the named roles where the account"
          + " does not have them")
    }
    let list = roles.map { "\(schema)_\($0)" }.joined(separator: ", ")
    let missing = copiesLogs ? logPrivileges.filter { !held.hasGlobal($0) } : []
    guard missing.isEmpty else {
      return .failure(
        "no binary log is archived: the account lacks \(missing.joined(separator: ", "))",
        "GRANT \(missing.joined(separator: ", ")) ON *.* to the account")
    }
    if roles.contains("job"), !roles.contains("backup"), let job = backupJobs.first {
      // Another daemon, with another account, may run these.
      return .warning(
        "the account has every privilege of \(list), but the job \(job) needs the role"
          + " \(schema)_backup too",
        "GRANT \(schema)_backup to the role of the account, or `payops jobs disable \(job)`")
    }
    return .ok("the account has every privilege of \(list)")
  }

  /// Judges the privileges of an account without roles on the schema.
  package static func privileges(_ grants: Grants, on schema: String) -> Finding {
    let missing = grants.missing(workPrivileges + deploymentPrivileges, on: schema)
    guard !missing.isEmpty else { return .ok("no privilege is missing on \(schema)") }
    let pattern = Examination.quoted(schema.replacing("_", with: "\\_").replacing("%", with: "\\%"))
    let remedy =
      "run GRANT \(missing.joined(separator: ", ")) ON \(pattern).* for the account, or"
      + " activate a role that has them (SET DEFAULT ROLE)"
    let names = missing.joined(separator: ", ")
    guard missing.contains(where: workPrivileges.contains) else {
      return .warning("enough to work but not to deploy: \(names) missing on \(schema)", remedy)
    }
    return .failure("missing on \(schema): \(names)", remedy)
  }
}
