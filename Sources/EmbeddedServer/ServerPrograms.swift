internal import Foundation
internal import MariaDBClient
internal import Processes

/// The installed programs of a product.
struct ServerPrograms: Sendable {
  /// Path of mariadbd or mysqld.
  let server: String
  /// Path of mariadb-install-db; nil for MySQL, whose server installs its data itself.
  let installer: String?

  /// Finds the programs.
  ///
  /// - Parameters:
  ///   - folders: where to look, in this order.
  ///   - isMySQL: whether those of MySQL.
  /// - Throws: ``EmbeddedServerError`` with the package to install when one is missing.
  init(folders: [String], isMySQL: Bool = false) throws(EmbeddedServerError) {
    guard !isMySQL else {
      server = try Self.mySQL(in: folders)
      installer = nil
      return
    }
    server = try Self.require("mariadbd", in: folders)
    installer = try Self.require("mariadb-install-db", in: folders)
  }

  private static func require(_ name: String, in folders: [String]) throws(EmbeddedServerError)
    -> String
  {
    if let path = ProgramSearch.find(name, in: folders) { return path }
    throw EmbeddedServerError(
      code: .programMissing, message: "\(name) is not installed",
      hint: "apt-get install mariadb-server-core")
  }

  /// MySQL's server; MariaDB installs its own under the same name, as a link.
  private static func mySQL(in folders: [String]) throws(EmbeddedServerError) -> String {
    for folder in folders {
      guard let path = ProgramSearch.find("mysqld", in: [folder]) else { continue }
      let real = URL(filePath: path).resolvingSymlinksInPath().lastPathComponent
      if !real.hasPrefix("mariadb") { return path }
    }
    throw EmbeddedServerError(
      code: .programMissing, message: "mysqld is not installed",
      hint: "install MySQL's server and put its folder into PATH, or name a server with --on")
  }

  /// The version of the installed server.
  func version() async throws(EmbeddedServerError) -> ServerVersion {
    let output: String
    do throws(ProcessError) {
      output = try await ChildProcess.output(of: [server, "--no-defaults", "--version"])
    } catch {
      throw EmbeddedServerError(error)
    }
    // "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"
    let words = output.split(whereSeparator: \.isWhitespace)
    guard let position = words.firstIndex(of: "Ver"), position + 1 < words.count else {
      throw EmbeddedServerError(
        code: .processFailed, message: "\(server) does not print its version", log: output)
    }
    return ServerVersion(String(words[position + 1]))
  }
}
