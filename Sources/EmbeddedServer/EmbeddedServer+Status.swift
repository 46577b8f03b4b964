package import MariaDBClient

extension EmbeddedServer {
  /// The state of a private server.
  package enum Status: Sendable, Equatable {
    /// There is no data directory.
    case notInstalled
    /// There is a data directory but no process.
    case stopped
    /// There is a process that does not answer (yet).
    case starting(pid: Int32)
    /// The server answers.
    case running(Running)
  }

  /// A server that answers.
  package struct Running: Sendable, Equatable {
    /// The process.
    package let pid: Int32
    /// Path of the Unix socket.
    package let socket: String
    /// TCP port on the loopback address; nil for none.
    package let port: Int?
    /// The version of the server.
    package let version: ServerVersion
  }
}
