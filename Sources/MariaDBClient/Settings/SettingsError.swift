package import PayopsCore

/// An invalid setting.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
  /// The kind of a failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case unreadableFile, unsafeFile, malformedFile, malformedURL, passwordExposed, invalidValue
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// An option file cannot be read.
    package static let unreadableFile = Code(.unreadableFile)
    /// An option file can be written by everybody.
    package static let unsafeFile = Code(.unsafeFile)
    /// An option file has a line that is not an option.
    package static let malformedFile = Code(.malformedFile)
    /// A URL cannot be parsed.
    package static let malformedURL = Code(.malformedURL)
    /// A password was given where other users can read it.
    package static let passwordExposed = Code(.passwordExposed)
    /// A value is out of its range.
    package static let invalidValue = Code(.invalidValue)

    /// The name of the kind.
    package var description: String { kind.rawValue }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names the file, variable, URL or flag, and never a password.
  package let description: String
  /// What the reader can do about it.
  package let hint: String?

  /// Describes a failure.
  package init(code: Code, description: String, hint: String? = nil) {
    self.code = code
    self.description = description
    self.hint = hint
  }
}

extension SettingsError: FaultConvertible {
  /// The failure as the command line reports it.
  package var fault: Fault {
    Fault(.configuration, description, hint: hint, code: Fault.code("settings", "\(code)"))
  }
}
