internal import Foundation
internal import MariaDBClient
package import Tabular

/// The state of an embedded server, for people and as JSON.
package struct ServerReport: Sendable {
  private let state: String
  private let directory: String
  private var running: EmbeddedServer.Running?
  private var pid: Int32?

  /// Describes a state.
  package init(_ status: EmbeddedServer.Status, of server: EmbeddedServer) {
    directory = server.directory.path
    switch status {
    case .notInstalled: state = "not installed"
    case .stopped: state = "stopped"
    case .starting(let number): (state, pid) = ("starting", number)
    case .running(let found): (state, running, pid) = ("running", found, found.pid)
    }
  }

  /// The state as JSON.
  package var json: JSON {
    .pairs([
      "state": .string(state.replacing(" ", with: "_")), "data_dir": .string(directory),
      "pid": pid.map { .integer($0) } ?? .null,
      "socket": running.map { .string($0.socket) } ?? .null,
      "port": running?.port.map { .integer($0) } ?? .null,
      "version": running.map { .string($0.version.description) } ?? .null,
    ])
  }

  /// A line for each known value.
  package func text(_ style: Style) -> String {
    var text = "state     \(running == nil ? state : style.green(state))\n"
    text += "data dir  \(directory)\n"
    if let pid { text += "pid       \(pid)\n" }
    if let running {
      text += "socket    \(running.socket)\n"
      text += "port      \(running.port.map { "127.0.0.1:\($0)" } ?? "none")\n"
      text += "version   \(running.version.description)\n"
    }
    return text
  }
}
