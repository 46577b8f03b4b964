internal import Foundation
internal import MariaDBClient

/// The installed programs of MariaDB.
package struct ServerPrograms: Sendable {
  /// Folders of `PATH` and those that the PATH of an ordinary user lacks.
  package static let usualFolders: [String] = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map(String.init)
      + ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]
  }()

  /// Path of mariadbd.
  let server: String
  /// Path of mariadb-install-db.
  let installer: String

  /// Finds the programs.
  ///
  /// - Parameter folders: where to look, in this order.
  /// - Throws: ``EmbeddedServerError`` with the package to install when one is missing.
  init(folders: [String]) throws(EmbeddedServerError) {
    server = try Self.require("mariadbd", in: folders)
    installer = try Self.require("mariadb-install-db", in: folders)
  }

  /// The path of a program; nil when no folder holds it.
  package static func find(_ name: String, in folders: [String] = usualFolders) -> String? {
    folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private static func require(_ name: String, in folders: [String]) throws(EmbeddedServerError)
    -> String
  {
    if let path = find(name, in: folders) { return path }
    throw EmbeddedServerError(
      code: .programMissing, message: "\(name) is not installed",
      hint: "apt-get install mariadb-server-core")
  }

  /// The version of the installed server.
  func version() async throws(EmbeddedServerError) -> ServerVersion {
    let output = try await ChildProcess.output(of: [server, "--no-defaults", "--version"])
    // "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"
    let words = output.split(whereSeparator: \.isWhitespace)
    guard let position = words.firstIndex(of: "Ver"), position + 1 < words.count else {
      throw EmbeddedServerError(
        code: .processFailed, message: "\(server) does not tell its version", log: output)
    }
    return ServerVersion(String(words[position + 1]))
  }
}
