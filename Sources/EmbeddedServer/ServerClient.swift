internal import Foundation
package import MariaDBClient
package import PayopsCore

/// The program `mariadb`, in place of this process.
package struct ServerClient {
  private let program: String

  /// Finds the program.
  ///
  /// - Throws: ``Fault`` when it is not installed
  package init() throws(Fault) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let files = path.split(separator: ":").map { "\($0)/mariadb" }
    guard let file = files.first(where: { access($0, X_OK) == 0 }) else {
      throw Fault(
        .configuration, "the program mariadb is not installed",
        hint: "apt-get install mariadb-client")
    }
    program = file
  }

  /// Replaces this process by the program.
  ///
  /// - Parameters:
  ///   - options: how it connects
  ///   - database: the schema to select; nil for none
  ///   - more: further arguments
  /// - Returns: why it could not be run
  package func become(_ options: ConnectionOptions, database: String?, more: [String]) -> Fault {
    var words = [
      program, "--default-character-set=utf8mb4",
      "--init-command=SET NAMES utf8mb4 COLLATE \(TextDefaults.collation)",
    ]
    if let socket = options.socket { words.append("--socket=\(socket)") }
    if let user = options.user { words.append("--user=\(user)") }
    if let database { words.append("--database=\(database)") }
    // Ignored signals stay ignored across exec, but the client needs them.
    for number in [SIGINT, SIGTERM, SIGPIPE] { signal(number, SIG_DFL) }
    var pointers = (words + more).map { strdup($0) }
    pointers.append(nil)
    execv(program, pointers)
    let reason = String(cString: strerror(errno))
    for pointer in pointers { free(pointer) }
    return Fault(.internalError, "cannot run \(program): \(reason)")
  }
}
