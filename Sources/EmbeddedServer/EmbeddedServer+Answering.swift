internal import Foundation
package import PayopsCore

extension EmbeddedServer {
  /// The failure of work that needs the server where there is none.
  ///
  /// Only work that says so makes one: a data directory takes over a gigabyte, and the server goes
  /// on running.
  package var absence: Fault {
    Fault(
      .configuration, "there is no server in \(directory.path)",
      hint: "name the right directory with --data-dir, or a server with --host or --socket;"
        + " `payops demo`, `payops server start` and `payops deploy` make one",
      code: Fault.code("server", "notInstalled"))
  }

  /// Starts the server unless it runs, and makes sure that it answers.
  ///
  /// - Returns: what is running
  /// - Throws: ``EmbeddedServerError``; a failure when it runs without the TCP port asked for
  @discardableResult
  package func startAnswering() async throws -> Running {
    try await start()
    guard case .running(let running) = await status() else {
      throw Fault(
        .unavailable, "the server in \(directory.path) does not answer",
        hint: "look into \(errorLogPath)")
    }
    if let port, running.port != port {
      throw Fault(
        .configuration, "the server runs already without TCP port \(port)",
        hint: "run `payops server stop`, then start it again")
    }
    return running
  }
}
