import EmbeddedServer
import Foundation
import MariaDBClient
import Tabular

/// `payops server …`: the life of the embedded server.
struct ServerCommand: Verb {
  let name = "server"
  let summary = "start, stop or look at the embedded MariaDB server"
  let discussion = """
    The embedded server is a private MariaDB in a directory of its own. It listens on a
    Unix socket that only its owner can use; --port adds TCP on the loopback address for
    BI tools. It runs until it is stopped.
    """
  let subverbs: [any Verb] = [ServerStart(), ServerStop(), ServerStatus(), ServerShell()]

  /// The embedded server that an invocation means.
  ///
  /// - Parameter invocation: the invocation, for --data-dir and --port
  /// - Returns: the server, nothing of which has been touched
  static func server(for invocation: Invocation) -> EmbeddedServer {
    EmbeddedServer(
      directory: URL(filePath: invocation[GlobalOptions.dataDir] ?? ".payops"),
      port: invocation[GlobalOptions.port])
  }

  fileprivate static let dataDirOnly = [GlobalOptions.dataDir.declaration]

  /// Prints the state of a server.
  ///
  /// - Parameters:
  ///   - status: the state
  ///   - server: the server
  ///   - console: where to
  fileprivate static func show(
    _ status: EmbeddedServer.Status, of server: EmbeddedServer, on console: Console
  ) throws {
    let report = ServerReport(status, of: server)
    try console.write(console.isJSON ? report.json.lines : report.text(console.style))
  }
}

/// `payops server start`.
struct ServerStart: Verb {
  static let binaryLog = Flag(
    "binary-log", help: "write a binary log, now and at every later start")

  let name = "start"
  let summary = "start the embedded server"
  let discussion = """
    Installs the server's data directory when there is none, starts the server, and
    prints how to connect. Does nothing when it runs already.
    """
  let options =
    ServerCommand.dataDirOnly + [GlobalOptions.port.declaration, binaryLog.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    var server = ServerCommand.server(for: invocation)
    if invocation[Self.binaryLog] { server = try await server.writingBinaryLog() }
    let running = try await server.startAnswering()
    if !invocation.console.isQuiet || invocation.console.isJSON {
      try ServerCommand.show(.running(running), of: server, on: invocation.console)
    }
    if let note = try? await server.upgradeNote() { invocation.console.note("note: \(note)") }
    return .ok
  }
}

/// `payops server stop`.
struct ServerStop: Verb {
  let name = "stop"
  let summary = "stop the embedded server"
  let discussion = """
    Asks the server to end and waits until it has. It is never killed. Does nothing when
    it does not run.
    """
  let options = ServerCommand.dataDirOnly

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let server = ServerCommand.server(for: invocation)
    try await server.stop()
    if !invocation.console.isQuiet || invocation.console.isJSON {
      try ServerCommand.show(await server.status(), of: server, on: invocation.console)
    }
    return .ok
  }
}

/// `payops server status`.
struct ServerStatus: Verb {
  let name = "status"
  let summary = "show whether the embedded server runs"
  let discussion = """
    Prints state, process, socket, TCP port and version without changing anything. Exits
    with 0 when the server answers, with 1 otherwise.
    """
  let options = ServerCommand.dataDirOnly

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let server = ServerCommand.server(for: invocation)
    let status = await server.status()
    try ServerCommand.show(status, of: server, on: invocation.console)
    if case .running = status { return .ok }
    return .finding
  }
}
