import EmbeddedServer
import Foundation
import MariaDBClient
import Schema
import Tabular

/// `payops server shell`: the `mariadb` client on the embedded server, in place of this process.
struct ServerShell: Verb {
  static let arguments = Positional(
    name: "ARGUMENT", help: "further arguments for mariadb", arity: .repeated)

  let name = "shell"
  let summary = "open the mariadb client on the embedded server"
  let discussion = """
    Starts the server when it is stopped and becomes the `mariadb` client. Options that
    payops does not know, and everything after --, are handed on to it:

      payops server shell -N -e 'SHOW TABLES'
    """
  let positionals = [arguments]
  let handsOnOptions = true
  let options = [GlobalOptions.dataDir.declaration, GlobalOptions.database.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let shell = try ServerClient()
    let server = ServerCommand.server(for: invocation)
    switch await server.status() {
    case .notInstalled: throw server.absence
    case .stopped:
      invocation.console.note("starting the stopped server in \(server.directory.path)")
    case .starting, .running: break
    }
    try await server.start()
    let options = server.connectionOptions
    let database = try await Self.database(invocation[GlobalOptions.database], options)
    throw shell.become(options, database: database, more: invocation.all(Self.arguments))
  }

  /// The schema to select: the one asked for, else `payops` once it exists.
  private static func database(
    _ name: String?, _ options: ConnectionOptions
  ) async throws -> String? {
    if let name { return name }
    let connection = try await Connection.open(options)
    let isThere = try await SchemaLookup.exists(DatabaseTarget.usualDatabase, on: connection)
    await connection.close()
    return isThere ? DatabaseTarget.usualDatabase : nil
  }
}
