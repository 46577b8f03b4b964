internal import Foundation
internal import PayopsCore

extension EmbeddedServer {
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
