package import PayopsCore
internal import Processes

/// A failure of a private server.
package struct EmbeddedServerError: Error, Equatable {
  /// The kind of a failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case programMissing, directoryUnusable, foreignData, newerData, locked, installFailed
      case startFailed, startTimedOut, stopTimedOut, processFailed
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// mariadbd or mariadb-install-db is not installed.
    package static let programMissing = Code(.programMissing)
    /// A directory cannot be made, written or trusted.
    package static let directoryUnusable = Code(.directoryUnusable)
    /// The data directory was not made by this program.
    package static let foreignData = Code(.foreignData)
    /// The data directory was last used by a newer server.
    package static let newerData = Code(.newerData)
    /// Another process is starting or stopping the same server and does not finish.
    package static let locked = Code(.locked)
    /// The data directory could not be initialised.
    package static let installFailed = Code(.installFailed)
    /// The server ended while starting.
    package static let startFailed = Code(.startFailed)
    /// The server did not become ready in time.
    package static let startTimedOut = Code(.startTimedOut)
    /// The server did not end in time.
    package static let stopTimedOut = Code(.stopTimedOut)
    /// A process could not be started.
    package static let processFailed = Code(.processFailed)

    /// The name of the kind.
    package var description: String { kind.rawValue }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names the object.
  package let message: String
  /// What the reader can do about it.
  package let hint: String?
  /// The last lines of the server's error log or of a program's output.
  package let log: String

  /// Describes a failure.
  package init(code: Code, message: String, hint: String? = nil, log: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
    self.log = log
  }
}

extension EmbeddedServerError {
  /// Reports a program that could not be run.
  init(_ error: ProcessError) {
    self.init(code: .processFailed, message: error.message, log: error.log)
  }
}

extension EmbeddedServerError: CustomStringConvertible, CustomDebugStringConvertible {
  /// One sentence, with the last line of the log where there is one.
  package var description: String {
    guard let last = log.split(separator: "\n").last else { return message }
    return "\(message): \(last)"
  }

  /// The sentence with the kind and the end of the log.
  package var debugDescription: String {
    "\(message) [\(code)]" + (log.isEmpty ? "" : "\n\(log)")
  }
}

extension EmbeddedServerError: FaultConvertible {
  /// The failure as the command line reports it.
  package var fault: Fault {
    Fault(category, description, hint: hint, code: Fault.code("server", "\(code)"))
  }

  private var category: Fault.Category {
    switch code {
    case .programMissing, .foreignData, .newerData: .configuration
    case .directoryUnusable: .cannotCreate
    case .locked, .stopTimedOut: .temporary
    case .installFailed, .startFailed, .startTimedOut: .unavailable
    default: .internalError
    }
  }
}
