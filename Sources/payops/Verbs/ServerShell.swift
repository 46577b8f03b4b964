import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore

/// `payops server shell`: the `mariadb` client on the embedded server, in place of this process.
struct ServerShell: Verb {
  static let arguments = Positional(
    name: "ARGUMENT", help: "further arguments for mariadb, after --", arity: .repeated)

  let name = "shell"
  let summary = "open the mariadb client on the embedded server"
  let discussion = """
    Starts the server when needed and becomes the `mariadb` client. Arguments after --
    are handed on, as in: payops server shell -- --execute "SHOW TABLES"
    """
  let positionals = [arguments]
  let options = [GlobalOptions.dataDir.declaration, GlobalOptions.database.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let program = try Self.find("mariadb", in: ProcessInfo.processInfo.environment["PATH"] ?? "")
    let server = ServerCommand.server(for: invocation)
    try await server.start()
    let options = server.connectionOptions
    let database = try await Self.database(invocation[GlobalOptions.database], options)
    var words = [
      program, "--default-character-set=utf8mb4",
      "--init-command=SET NAMES utf8mb4 COLLATE \(TextDefaults.collation)",
    ]
    if let socket = options.socket { words.append("--socket=\(socket)") }
    if let user = options.user { words.append("--user=\(user)") }
    if let database { words.append("--database=\(database)") }
    throw Self.become(program, words + invocation.all(Self.arguments))
  }

  /// The schema to select: the one asked for, else `payops` once it exists.
  private static func database(
    _ name: String?, _ options: ConnectionOptions
  ) async throws -> String? {
    if let name { return name }
    let connection = try await Connection.open(options)
    let found = try await connection.query(
      "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?",
      [.text(GlobalOptions.usualDatabase)])
    await connection.close()
    return found.rows.isEmpty ? nil : GlobalOptions.usualDatabase
  }

  private static func find(_ name: String, in path: String) throws -> String {
    for folder in path.split(separator: ":") {
      let file = "\(folder)/\(name)"
      if access(file, X_OK) == 0 { return file }
    }
    throw Fault(
      .configuration, "the program \(name) is not installed", hint: "apt-get install mariadb-client"
    )
  }

  /// Replaces this process by a program; what it returns is why that was not possible.
  private static func become(_ program: String, _ words: [String]) -> Fault {
    // Ignored signals stay ignored across exec: the client has to get them as usual.
    for number in [SIGINT, SIGTERM, SIGPIPE] { signal(number, SIG_DFL) }
    var pointers = words.map { strdup($0) }
    pointers.append(nil)
    execv(program, pointers)
    let reason = String(cString: strerror(errno))
    for pointer in pointers { free(pointer) }
    return Fault(.internalError, "cannot run \(program): \(reason)")
  }
}
