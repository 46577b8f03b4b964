package import PayopsCore

/// Why a file could not be imported as a whole.
///
/// A single bad record is not an error: it goes to the quarantine.
package struct ImportError: Error, Equatable, CustomStringConvertible {
  /// The kind of failure.
  package struct Code: Sendable, Equatable, CustomStringConvertible {
    private enum Kind: Sendable {
      case unreadable, damaged, wrongFormat, empty, badHeader, badRecord, badMapping
      case unknownMapping, busy, interrupted, mismatch
    }

    private let kind: Kind

    /// The file cannot be opened or read.
    package static let unreadable = Code(kind: .unreadable)
    /// The compressed data are cut off or corrupt.
    package static let damaged = Code(kind: .damaged)
    /// The bytes are not text in UTF-8: another encoding, an archive, a document.
    package static let wrongFormat = Code(kind: .wrongFormat)
    /// The file is empty.
    package static let empty = Code(kind: .empty)
    /// The first line does not have the columns that the mapping needs.
    package static let badHeader = Code(kind: .badHeader)
    /// A record cannot be read, and every record is needed.
    package static let badRecord = Code(kind: .badRecord)
    /// The mapping contradicts itself or its target.
    package static let badMapping = Code(kind: .badMapping)
    /// There is no mapping of that name.
    package static let unknownMapping = Code(kind: .unknownMapping)
    /// Another import of the same source is running.
    package static let busy = Code(kind: .busy)
    /// The import was cancelled.
    package static let interrupted = Code(kind: .interrupted)
    /// The database did not account for exactly the records that it was sent.
    package static let mismatch = Code(kind: .mismatch)

    /// The name of the kind.
    package var description: String { "\(kind)" }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence; names files, columns and lines, never values.
  package let message: String
  /// What to do about it; nil when there is nothing general to say.
  package let hint: String?

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - message: one sentence, lower case, without a full stop.
  ///   - hint: what to do about it.
  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The message.
  package var description: String { message }
}

extension ImportError: FaultConvertible {
  /// The error as users and other programs see it.
  package var fault: Fault {
    Fault(category, message, hint: hint, code: Fault.code("import", "\(code)"))
  }

  private var category: Fault.Category {
    switch code {
    case .unreadable: .inputOutput
    case .damaged, .wrongFormat, .empty, .badHeader, .badRecord: .invalidData
    case .badMapping: .configuration
    case .unknownMapping: .usage
    case .busy: .temporary
    case .interrupted: .interrupted
    default: .internalError
    }
  }
}
