internal import EmbeddedServer
internal import Foundation
package import MariaDBClient
internal import Schema

/// The throw-away MariaDB of a test process.
///
/// Live tests never skip: without mariadbd they fail with the name of the package to install.
package enum TestServer {
  private static let sharedStart = Task {
    var options: ConnectionOptions
    // A MySQL that scripts/test-mysql has started may stand in.
    if let socket = mySQLSocket {
      options = ConnectionOptions(socket: socket, user: "root")
    } else {
      options = try await PrivateServer.start(options: [], redoLogBytes: 48 << 20)
        .connectionOptions
    }
    // The mark shows in the output that live tests ran, and on which server.
    if let marks = ProcessInfo.processInfo.environment["PAYOPS_TEST_MARKS"] {
      let connection = try await Connection.open(options)
      try Data("\(connection.serverVersion)\n".utf8).write(
        to: URL(filePath: marks).appending(path: "live"))
      await connection.close()
    }
    return options
  }

  private static let mySQLSocket = ProcessInfo.processInfo.environment["PAYOPS_TEST_MYSQL"]
  /// Whether the shared server is a MySQL.
  package static let isMySQL = mySQLSocket != nil

  /// The server shared by all suites of this process, started on first use.
  ///
  /// It ends with the process, even when that is killed, and its directory is removed.
  ///
  /// - Returns: how to connect as the owner, who may do everything.
  /// - Throws: ``EmbeddedServerError`` when there is no server to start.
  package static func shared() async throws -> ConnectionOptions {
    try await sharedStart.value
  }

  /// Starts a server for one suite alone, which may kill it.
  ///
  /// - Parameters:
  ///   - options: further options of mariadbd.
  ///   - port: loopback TCP port; nil for the Unix socket only.
  /// - Returns: the running server; ended with the process, or by ``PrivateServer/remove()``.
  package static func privateServer(options: [String] = [], port: Int? = nil) async throws
    -> PrivateServer
  {
    try await PrivateServer.start(options: options, port: port)
  }

  /// Runs a body with a connection to a deployed schema on a server of its own.
  ///
  /// - Parameters:
  ///   - options: further options of mariadbd.
  ///   - body: the test; its connection has the schema selected.
  /// - Returns: what the body returns.
  package static func withPrivateSchema<T>(
    options: [String], _ body: (Connection) async throws -> T
  ) async throws -> T {
    let server = try await privateServer(options: options)
    let result: Result<T, any Error>
    do {
      var target = server.connectionOptions
      let administrator = try await Connection.open(target)
      try await administrator.execute("CREATE DATABASE payops CHARACTER SET utf8mb4")
      await administrator.close()
      target.database = "payops"
      let connection = try await Connection.open(target)
      do {
        try await Deployment(connection: connection).deploy()
        result = .success(try await body(connection))
      } catch {
        result = .failure(error)
      }
      await connection.close()
    } catch {
      result = .failure(error)
    }
    try await server.remove()
    return try result.get()
  }

  /// Runs a body with a connection to a schema of its own, which is dropped afterwards.
  ///
  /// - Parameters:
  ///   - deployed: whether the project's own tables, views and routines are installed.
  ///   - body: the test; its connection has the schema selected.
  /// - Returns: what the body returns.
  package static func withSchema<T>(
    deployed: Bool = true, _ body: (Connection) async throws -> T
  ) async throws -> T {
    let schema = "payops_test_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    var options = try await shared()
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE `\(schema)` \(TextDefaults.clause)")
    options.database = schema
    let result: Result<T, any Error>
    do {
      let connection = try await Connection.open(options)
      do {
        if deployed { try await SchemaInstallation.install(on: connection) }
        result = .success(try await body(connection))
      } catch {
        result = .failure(error)
      }
      await connection.close()
    } catch {
      result = .failure(error)
    }
    // A test that left a transaction open elsewhere must not block the others for a day.
    try await administrator.execute("SET SESSION lock_wait_timeout = 20")
    try await drop(schema, on: administrator)
    await administrator.close()
    return try result.get()
  }

  /// Drops a schema, with retries: among many schemas that are created and dropped the server
  /// sometimes fails, which does not concern the test.
  private static func drop(_ schema: String, on administrator: Connection) async throws {
    for _ in 1...4 {
      do {
        try await administrator.execute("DROP DATABASE IF EXISTS `\(schema)`")
        return
      } catch {
        let folder = try await administrator.query("SELECT @@datadir AS d").rows.first?["d"] ?? ""
        let left = try? FileManager.default.contentsOfDirectory(atPath: folder + schema)
        let note = "test server: \(error.debugDescription), left: \(left ?? [])\n"
        FileHandle.standardError.write(Data(note.utf8))
        // Seen now and then: the server has dropped every table and forgotten a file (error 1010).
        // The server is temporary, so the file may be removed as well.
        if error.errno == 1010 {
          for file in left ?? [] {
            try? FileManager.default.removeItem(atPath: folder + schema + "/" + file)
          }
        }
        try await Task.sleep(for: .milliseconds(200))
      }
    }
    try await administrator.execute("DROP DATABASE IF EXISTS `\(schema)`")
  }
}
