package import Foundation
package import MariaDBClient
internal import PayopsCore

/// The accounts of `payops serve`: one for each scope of the HTTP API, none of which may administer
/// the schema. They act for the persons whose tokens the server checked.
package struct ServerAccounts: Sendable {
  /// A scope and the roles of its account.
  private struct Account {
    let scope: String
    let roles: [String]
    let routines: [String]
  }

  private static let common = [
    "find_api_token", "open_api_session", "close_api_session", "read_series",
  ]
  private static let accounts = [
    Account(scope: "read", roles: ["bi", "monitor"], routines: common),
    Account(scope: "operate", roles: ["bi", "monitor", "ops", "analyst"], routines: common),
    Account(
      scope: "admin", roles: ["bi", "monitor", "ops", "analyst"],
      routines: common + ["post_payment"]),
  ]

  /// The scopes, each with an option file of its name.
  package static let scopes = accounts.map(\.scope)

  private let folder: URL
  private let schema: String

  /// Describes the accounts of a schema.
  ///
  /// - Parameters:
  ///   - schema: the schema
  ///   - folder: holds an option file for each scope, readable by its owner alone
  package init(of schema: String, in folder: URL) {
    self.schema = schema
    self.folder = folder
  }

  /// The option file of a scope.
  package func optionFile(of scope: String) -> String {
    folder.appending(path: "\(scope).cnf").path(percentEncoded: false)
  }

  /// Whether the files are there.
  package var areThere: Bool {
    Self.scopes.allSatisfy { FileManager.default.fileExists(atPath: optionFile(of: $0)) }
  }

  /// Makes the accounts with new passwords, and writes their option files.
  ///
  /// - Parameters:
  ///   - connection: connection of an account that may create users and grant, with the schema
  ///     selected
  ///   - host: the host from which the server connects, as in an account name
  ///   - settings: lines of the files that say where the database is
  /// - Throws: `DatabaseError`, ``Fault`` when a file cannot be written
  package func make(
    on connection: Connection, host: String, settings: [String]
  ) async throws {
    try await DatabaseRoles(connection: connection).apply()
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for account in Self.accounts {
      let name = "\(schema)_api_\(account.scope)"
      let user = "\(RoleGrant.quoted(name))@\(RoleGrant.quoted(host))"
      let role = RoleGrant.quoted("\(schema)_api_\(account.scope)_role")
      let password = Self.randomPassword()
      try await connection.execute("CREATE ROLE IF NOT EXISTS \(role)")
      for base in account.roles {
        try await connection.execute("GRANT \(RoleGrant.quoted("\(schema)_\(base)")) TO \(role)")
      }
      for routine in account.routines {
        try await connection.execute(
          "GRANT EXECUTE ON PROCEDURE \(RoleGrant.quoted(schema)).\(routine) TO \(role)")
      }
      try await connection.execute(
        "CREATE OR REPLACE USER \(user) IDENTIFIED BY ?", [.text(password)])
      try await connection.execute("GRANT \(role) TO \(user)")
      try await connection.execute("SET DEFAULT ROLE \(role) FOR \(user)")
      try await connection.execute(
        "REPLACE INTO api_accounts (account_name, scope, created_at) VALUES (?, ?, UTC_TIMESTAMP())",
        [.text(name), .text(account.scope)])
      let lines = settings + ["user=\(name)", "password=\(password)", "database=\(schema)"]
      let path = optionFile(of: account.scope)
      try? FileManager.default.removeItem(atPath: path)
      let text = "[client]\n" + lines.map { $0 + "\n" }.joined()
      guard
        FileManager.default.createFile(
          atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      else { throw Fault(.cannotCreate, "cannot write \(path)") }
    }
  }

  /// 160 random bits in letters and digits.
  private static func randomPassword() -> String {
    var random = SystemRandomNumberGenerator()
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
    return String((0..<28).map { _ in letters.randomElement(using: &random) ?? "x" })
  }
}
