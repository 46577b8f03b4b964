package import PayopsCore

/// Why a channel cannot be used as it is configured.
package struct NotificationError: Error, Equatable, CustomStringConvertible {
  /// The kind of failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String { case unusableChannel, unusableSecret, notANetwork }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The configuration is contradictory, incomplete or unsafe.
    package static let unusableChannel = Code(.unusableChannel)
    /// The secret file is missing, empty, too large, or readable by others.
    package static let unusableSecret = Code(.unusableSecret)
    /// A text is not a network in CIDR notation.
    package static let notANetwork = Code(.notANetwork)

    /// The name of the kind.
    package var description: String { kind.rawValue }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names the object; without secrets, of a URL only scheme and host.
  package let message: String
  /// What to do about it; nil without general advice.
  package let hint: String?

  /// Describes a failure.
  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// One sentence.
  package var description: String { message }
}

extension NotificationError: FaultConvertible {
  /// The error for users.
  package var fault: Fault {
    Fault(.configuration, message, hint: hint, code: Fault.code("notification", "\(code)"))
  }
}
