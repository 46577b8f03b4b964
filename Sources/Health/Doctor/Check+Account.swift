package import MariaDBClient

extension Check {
  /// The account's privileges, and how it connects.
  package static let accountChecks: [Check] = [
    Check(name: "privileges") { privileges($0.grants, on: $0.database) },
    Check(name: "encryption") {
      encryption($0.connection.options, cipher: $0.connection.tlsCipher)
    },
  ]

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

  /// Judges the privileges of the account on the schema.
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

  /// Judges whether payments could be read on the network.
  package static func encryption(_ options: ConnectionOptions, cipher: String?) -> Finding {
    guard options.usesTCP else { return .ok("Unix socket: no data leaves the machine") }
    if let cipher { return .ok("TLS with \(cipher)") }
    let host = (options.host ?? "localhost").lowercased()
    if host == "localhost" || host == "::1" || host.hasPrefix("127.") {
      return .ok("plaintext on the loopback address: no data leaves the machine")
    }
    return .failure(
      "the connection to \(options.endpoint) is not encrypted",
      "configure TLS on the server, and use --tls verify-identity")
  }
}
