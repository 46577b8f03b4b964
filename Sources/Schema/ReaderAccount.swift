package import Foundation
package import MariaDBClient
import PayopsCore

/// The read-only account for BI tools on the embedded server: it has the role for them and nothing
/// else, and only from this machine.
package struct ReaderAccount: Sendable {
  /// Name of the account.
  package let name = "bi_reader"
  /// TCP port on the loopback address.
  package let port: Int
  /// Option file with the password, readable by its owner alone.
  package let optionFile: String

  /// Makes the account, or keeps the one whose option file is there, and gives it the role.
  ///
  /// - Parameters:
  ///   - connection: connection of the owner with the schema selected
  ///   - schema: the schema that it reads
  ///   - port: TCP port that the server listens on
  ///   - directory: directory of the server
  /// - Returns: the account
  package static func make(
    on connection: Connection, schema: String, port: Int, in directory: URL
  ) async throws -> ReaderAccount {
    let path = directory.appending(path: "bi.cnf").path(percentEncoded: false)
    let account = ReaderAccount(port: port, optionFile: path)
    let grantee = "'\(account.name)'@'127.0.0.1'"
    let known = try? String(contentsOfFile: path, encoding: .utf8)
    if known?.contains("\nuser=\(account.name)\n") != true {
      let password = randomPassword()
      let text = """
        [client]
        host=127.0.0.1
        port=\(port)
        user=\(account.name)
        password=\(password)
        database=\(schema)

        """
      // Earlier versions made an account of the role's name.
      try await connection.execute("DROP USER IF EXISTS payops_bi@'127.0.0.1'")
      try await connection.execute(
        "CREATE OR REPLACE USER \(grantee) IDENTIFIED BY ?", [.text(password)])
      guard
        FileManager.default.createFile(
          atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      else {
        throw Fault(.cannotCreate, "cannot write \(path)")
      }
    }
    let roles = DatabaseRoles(connection: connection)
    try await roles.apply()
    try await connection.execute("GRANT \(schema)_bi TO \(grantee)")
    // Default role and limits of the account.
    try await roles.apply()
    return account
  }

  /// 160 random bits in letters and digits.
  private static func randomPassword() -> String {
    var random = SystemRandomNumberGenerator()
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
    return String((0..<28).map { _ in letters.randomElement(using: &random) ?? "x" })
  }
}
