package import MariaDBClient

extension Connection {
  /// Lets the session write rows that no reference and no check of a table would allow.
  ///
  /// A session of MySQL cannot switch checks off, so there they end for the whole schema.
  package func ignoreConstraints() throws {
    try execute("SET SESSION foreign_key_checks = 0")
    guard !serverVersion.isMariaDB else {
      try execute("SET SESSION check_constraint_checks = 0")
      return
    }
    let checks = try query(
      "SELECT table_name AS owner, constraint_name AS name"
        + " FROM information_schema.table_constraints"
        + " WHERE constraint_schema = DATABASE() AND constraint_type = 'CHECK'"
        + " AND enforced = 'YES'"
    ).rows
    for check in checks {
      guard let owner = check["owner"], let name = check["name"] else { continue }
      try execute("ALTER TABLE `\(owner)` ALTER CHECK `\(name)` NOT ENFORCED")
    }
  }

  /// Lets the session have its constraints again; those of MySQL stay away.
  package func respectConstraints() throws {
    try execute("SET SESSION foreign_key_checks = 1")
    if serverVersion.isMariaDB { try execute("SET SESSION check_constraint_checks = 1") }
  }
}
