import Foundation

/// A failure as users and other programs see it: its category, its code, what happened, and what to
/// do about it.
///
/// The category decides the exit status of the program and the status of an HTTP answer; the code
/// is a stable word for programs; message and hint are for people and hold no secret and no
/// personal data.
package struct Fault: Error, Equatable, Sendable {
  /// The category of a failure, by who can do something about it.
  package enum Category: String, CaseIterable, Sendable {
    /// The request is invalid: an argument is missing, unknown or impossible.
    case usage
    /// The input data are wrong.
    case invalidData = "invalid_data"
    /// A server cannot be reached.
    case unavailable
    /// An error inside payops or the objects of the database.
    case internalError = "internal_error"
    /// A file cannot be created or written.
    case cannotCreate = "cannot_create"
    /// Reading or writing failed.
    case inputOutput = "input_output"
    /// A temporary obstacle; the same request may succeed later.
    case temporary
    /// The account, or the user of the system, may not do this.
    case noPermission = "no_permission"
    /// Something must be installed, deployed or configured first.
    case configuration
    /// Somebody interrupted it.
    case interrupted
  }

  /// The category.
  package let category: Category
  /// Which failure of its category, a stable word such as `backup.damaged`; the category itself
  /// where there is no more specific one.
  package let code: String
  /// What happened: lower case, no full stop, names the object.
  package let message: String
  /// What to do about it; nil when there is nothing to say.
  package let hint: String?
  /// The errors behind it, for a report.
  package let underlying: [any Error]

  /// Describes a failure.
  package init(
    _ category: Category, _ message: String, hint: String? = nil, code: String? = nil,
    underlying: [any Error] = []
  ) {
    self.category = category
    self.code = code ?? category.rawValue
    self.message = message
    self.hint = hint
    self.underlying = underlying
  }

  /// The code of an error of a module: `unusableKey` of backups is `backup.unusable_key`.
  package static func code(_ module: String, _ name: String) -> String {
    name.reduce(into: module + ".") { code, character in
      if character.isUppercase { code += "_" }
      code += character.lowercased()
    }
  }

  /// Describes an invalid request.
  package static func usage(_ message: String, hint: String? = nil) -> Fault {
    Fault(.usage, message, hint: hint)
  }

  /// Turns any error into what users and other programs see.
  package init(_ error: any Error) {
    switch error {
    case let fault as Fault: self = fault
    case let error as any FaultConvertible: self = error.fault
    case is CancellationError: self.init(.interrupted, "interrupted")
    case let error as CocoaError: self.init(file: error)
    default: self.init(.internalError, "\(error)")
    }
  }

  private init(file error: CocoaError) {
    let path = (error.userInfo[NSFilePathErrorKey] as? String).map { " \($0)" } ?? ""
    switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile:
      self.init(.inputOutput, "no such file:\(path)")
    case .fileReadNoPermission:
      self.init(.noPermission, "cannot read\(path): permission denied")
    case .fileWriteNoPermission, .fileWriteOutOfSpace, .fileWriteVolumeReadOnly,
      .fileWriteFileExists:
      self.init(.cannotCreate, "cannot write\(path): \(error.localizedDescription)")
    default: self.init(.inputOutput, "\(error.localizedDescription)\(path)")
    }
  }

  package static func == (left: Fault, right: Fault) -> Bool {
    left.category == right.category && left.code == right.code && left.message == right.message
      && left.hint == right.hint
  }
}

/// An error that knows its own ``Fault``.
package protocol FaultConvertible: Error {
  /// The error as users and other programs see it.
  var fault: Fault { get }
}
