package import PayopsCore

/// Why a program could not be run.
package struct ProcessError: Error, Equatable {
  /// The kind of a failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case cannotStart, cannotRead, failed, fileUnusable, noSpace
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// A program could not be started.
    package static let cannotStart = Code(.cannotStart)
    /// The output of a program could not be read.
    package static let cannotRead = Code(.cannotRead)
    /// A program ended with a status other than 0.
    package static let failed = Code(.failed)
    /// A temporary file cannot be made or written.
    package static let fileUnusable = Code(.fileUnusable)
    /// There is not enough free space for a temporary file.
    package static let noSpace = Code(.noSpace)

    /// The name of the kind.
    package var description: String { kind.rawValue }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names the program.
  package let message: String
  /// The last lines of the program's output.
  package let log: String

  init(_ code: Code, _ message: String, log: String = "") {
    self.code = code
    self.message = message
    self.log = log
  }
}

extension ProcessError: CustomStringConvertible, CustomDebugStringConvertible {
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

extension ProcessError: FaultConvertible {
  /// The failure as the command line reports it.
  package var fault: Fault {
    let category: Fault.Category =
      code == .fileUnusable || code == .noSpace ? .cannotCreate : .internalError
    return Fault(category, description, code: Fault.code("process", "\(code)"))
  }
}
