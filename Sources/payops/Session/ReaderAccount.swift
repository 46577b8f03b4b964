import Foundation
import MariaDBClient

/// The read-only account for BI tools on the embedded server: it sees published views and nothing
/// else, and only from this machine.
struct ReaderAccount: Sendable {
  /// Name of the account.
  let name = "payops_bi"
  /// TCP port on the loopback address.
  let port: Int
  /// Option file with the password, readable by its owner alone.
  let optionFile: String

  /// Makes the account, or keeps the one whose option file is there, and grants what is published.
  ///
  /// - Parameters:
  ///   - connection: connection of the owner with the schema selected
  ///   - port: TCP port that the server listens on
  ///   - directory: directory of the server
  /// - Returns: the account
  static func make(
    on connection: Connection, port: Int, in directory: URL
  ) async throws -> ReaderAccount {
    let path = directory.appending(path: "bi.cnf").path(percentEncoded: false)
    let account = ReaderAccount(port: port, optionFile: path)
    let grantee = "'\(account.name)'@'127.0.0.1'"
    if !FileManager.default.fileExists(atPath: path) {
      let password = randomPassword()
      let text = """
        [client]
        host=127.0.0.1
        port=\(port)
        user=\(account.name)
        password=\(password)
        database=\(GlobalOptions.usualDatabase)

        """
      try await connection.execute(
        "CREATE OR REPLACE USER \(grantee) IDENTIFIED BY ?", [.text(password)])
      guard
        FileManager.default.createFile(
          atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      else {
        throw Failure("cannot write \(path)", exitCode: .cannotCreate)
      }
    }
    let views = try await connection.query("SELECT DISTINCT source_view AS name FROM kpi_catalog")
    for view in views.rows.compactMap({ $0["name"] }) {
      try await connection.execute("GRANT SELECT, SHOW VIEW ON `\(view)` TO \(grantee)")
    }
    try await connection.execute("GRANT EXECUTE ON FUNCTION as_of TO \(grantee)")
    return account
  }

  /// 160 random bits in letters and digits.
  private static func randomPassword() -> String {
    var random = SystemRandomNumberGenerator()
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
    return String((0..<28).map { _ in letters.randomElement(using: &random) ?? "x" })
  }
}
