import Foundation
import MariaDBClient
import TestSupport

/// Deployed schemas for the tests of imports.
enum Deployed {
  /// Runs a body with a connection to a deployed schema of its own.
  static func withSchema<T>(_ body: (Connection) async throws -> T) async throws -> T {
    try await TestServer.withSchema { connection in
      // TEMPORARY
      if try await Fixtures.number(
        connection,
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()") == 0
      {
        try await install(connection)
      }
      return try await body(connection)
    }
  }

  /// How to open a second connection to the schema of a connection.
  static func options(of connection: Connection) async throws -> ConnectionOptions {
    connection.options
  }

  private static func install(_ connection: Connection) async throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let manifest = try String(contentsOf: root.appending(path: "sql/manifest"), encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/mariadb")
    process.arguments = [
      "--no-defaults", "--socket", connection.options.socket ?? "",
      "--default-character-set=utf8mb4",
      connection.options.database ?? "",
    ]
    let pipe = Pipe()
    process.standardInput = pipe
    try process.run()
    for line in manifest.split(separator: "\n") where !line.hasPrefix("#") {
      let text = try String(contentsOf: root.appending(path: String(line)), encoding: .utf8)
      try pipe.fileHandleForWriting.write(contentsOf: Data((text + "\n;\n").utf8))
    }
    try pipe.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
