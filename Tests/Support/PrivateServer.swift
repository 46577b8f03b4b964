package import EmbeddedServer
package import Foundation
package import MariaDBClient

/// A small private server in a temporary directory, which ends with the test process.
package struct PrivateServer: Sendable {
  /// The server.
  package let server: EmbeddedServer
  /// Its directory.
  package let directory: URL

  /// How to connect as the owner.
  package var connectionOptions: ConnectionOptions { server.connectionOptions }

  /// Starts a server from the template data directory.
  static func start(
    options: [String], port: Int? = nil, redoLogBytes: Int64 = TemplateData.redoLogBytes
  ) async throws -> PrivateServer {
    let directory = try TemporaryDirectory.make("server")
    var configuration = EmbeddedServer.Configuration.minimal
    configuration.maxConnections = 300
    configuration.redoLogBytes = redoLogBytes
    configuration.diesWithParent = true
    configuration.template = try await TemplateData.shared()
    configuration.extraOptions = speed + options
    let server = EmbeddedServer(directory: directory, configuration: configuration, port: port)
    TemporaryDirectory.beforeRemoval(of: directory) { server.processIdentifier }
    try await server.start()
    return PrivateServer(server: server, directory: directory)
  }

  /// Options that a throw-away server does not need; a kill of the server still loses no commit.
  static let speed = ["--skip-innodb-doublewrite", "--innodb-fast-shutdown=2"]

  /// Kills the server with SIGKILL and waits for its end.
  package func kill() async throws {
    guard let pid = server.processIdentifier else { return }
    Foundation.kill(pid, SIGKILL)
    while server.processIdentifier == pid { try await Task.sleep(for: .milliseconds(5)) }
  }

  /// Starts the server again after a kill or a stop.
  package func restart() async throws {
    try await server.start()
  }

  /// Kills the server and removes its directory.
  package func remove() async throws {
    try await kill()
    TemporaryDirectory.remove(directory)
  }
}
