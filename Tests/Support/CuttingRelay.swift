internal import Foundation
package import MariaDBClient

/// A relay to a server that cuts all connections at a writing statement that is counted out: the
/// statement reaches the server and its answer nobody, as when a program is killed meanwhile.
package final class CuttingRelay: Sendable {
  /// One cut, as the relay noted it.
  package struct Cut: Decodable, Sendable {
    package let run: Int
    /// The beginning of the statement.
    package let statement: String
  }

  private let program: GuardedProgram

  /// Starts a relay to a server that listens at a socket.
  ///
  /// - Parameter options: how to connect to the server itself.
  package init(to options: ConnectionOptions) async throws {
    let folder = try TemporaryDirectory.make("relay")
    program = try GuardedProgram(
      GuardedProgram.python(),
      [GuardedProgram.script("cutting_relay.py"), folder.path, options.socket ?? ""],
      folder: folder)
    try await program.wait(for: "relay") {
      FileManager.default.fileExists(atPath: folder.appending(path: "ready").path) ? true : nil
    }
  }

  deinit { TemporaryDirectory.remove(program.folder) }

  /// How to connect through the relay.
  ///
  /// - Parameters:
  ///   - options: how to connect to the server itself.
  ///   - run: a number that no run before had.
  ///   - limit: the writing statement, from 1, at which the connections are cut; 0 for never.
  package func options(
    _ options: ConnectionOptions, run: Int, cutAt limit: Int
  ) throws -> ConnectionOptions {
    try Data("\(run) \(limit)".utf8).write(to: program.folder.appending(path: "cut"))
    var relayed = options
    relayed.socket = program.folder.appending(path: "relay.sock").path
    return relayed
  }

  /// The cuts so far.
  package func cuts() throws -> [Cut] { try program.entries("cuts.jsonl", as: Cut.self) }
}
