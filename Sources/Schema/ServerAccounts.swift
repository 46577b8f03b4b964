package import Foundation
package import MariaDBClient
internal import PayopsCore

/// The accounts of `payops serve`: one for each scope of the HTTP API, which act for the persons
/// whose tokens the server checked, and one that reads metrics. None may administer the schema.
package struct ServerAccounts: Sendable {
  /// An account and its roles.
  private struct Account {
    let name: String
    let roles: [String]
    let routines: [String]
    var actsForPersons = true
  }

  private static let common = [
    "find_api_token", "open_api_session", "close_api_session", "read_series",
  ]
  private static let accounts = [
    Account(name: "read", roles: ["bi", "monitor"], routines: common),
    Account(name: "operate", roles: ["bi", "monitor", "ops", "analyst"], routines: common),
    Account(
      name: "admin", roles: ["bi", "monitor", "ops", "analyst"],
      routines: common + ["post_payment"]),
    Account(name: metrics, roles: ["monitor"], routines: [], actsForPersons: false),
  ]

  /// The account that reads metrics.
  package static let metrics = "metrics"
  /// All accounts, each with an option file of its name.
  package static let names = accounts.map(\.name)

  private let folder: URL
  private let schema: String

  /// Describes the accounts of a schema.
  ///
  /// - Parameters:
  ///   - schema: the schema
  ///   - folder: holds an option file for each account, readable by its owner alone
  package init(of schema: String, in folder: URL) {
    self.schema = schema
    self.folder = folder
  }

  /// The option file of an account.
  package func optionFile(of name: String) -> String {
    folder.appending(path: "\(name).cnf").path(percentEncoded: false)
  }

  /// Whether the file of an account is there; folders of earlier versions have none for metrics.
  package func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: optionFile(of: name))
  }

  /// Makes accounts with new passwords, and writes their option files.
  ///
  /// - Parameters:
  ///   - names: those to make
  ///   - connection: connection of an account that may create users and grant, with the schema
  ///     selected
  ///   - host: the host from which the server connects, as in an account name
  ///   - settings: lines of the files that say where the database is
  ///   - tls: how far the accounts insist on encryption, as whoever makes them does
  /// - Throws: `DatabaseError`, ``Fault`` when a file cannot be written
  package func make(
    _ names: [String] = names, on connection: Connection, host: String, settings: [String],
    tls: TLSMode = .preferred
  ) async throws {
    try await DatabaseRoles(connection: connection).apply()
    let words = try await RoleWords.read(on: connection)
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    for account in Self.accounts where names.contains(account.name) {
      let name = "\(schema)_api_\(account.name)"
      let user = "\(RoleGrant.quoted(name))@\(RoleGrant.quoted(host))"
      let role = RoleGrant.quoted("\(schema)_api_\(account.name)_role")
      let password = Self.randomPassword()
      try await connection.execute("CREATE ROLE IF NOT EXISTS \(role)")
      for base in account.roles {
        try await connection.execute("GRANT \(RoleGrant.quoted("\(schema)_\(base)")) TO \(role)")
      }
      for routine in account.routines {
        try await connection.execute(
          "GRANT EXECUTE ON PROCEDURE \(RoleGrant.quoted(schema)).\(routine) TO \(role)")
      }
      try await words.make(user, password: password, on: connection)
      try await connection.execute("GRANT \(role) TO \(user)")
      try await connection.execute(
        words.defaultRole(["\(schema)_api_\(account.name)_role"], of: user))
      if account.actsForPersons {
        try await connection.execute(
          "REPLACE INTO api_accounts (account_name, scope, created_at)"
            + " VALUES (?, ?, UTC_TIMESTAMP())", [.text(name), .text(account.name)])
      }
      let lines = settings + ["user=\(name)", "password=\(password)", "database=\(schema)"]
      let path = optionFile(of: account.name)
      try? FileManager.default.removeItem(atPath: path)
      // A word of payops alone: other programs would stop at it.
      let mode = tls == .preferred ? [] : ["", "[payops]", "tls=\(tls.rawValue)"]
      let text = "[client]\n" + (lines + mode).map { $0 + "\n" }.joined()
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
