package import PayopsCore

/// Why a backup could not be made, checked or restored.
package struct BackupError: Error, Equatable, CustomStringConvertible {
  /// The kind of a failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case toolMissing, toolFailed, missingPrivilege, unsupported, noBinaryLog, schemaChanged, busy
      case folderUnusable, noSpace, notFound, noneGood, unreadableManifest
      case unreadable, damaged, keyNeeded, wrongKey, unusableKey
      case refusedContent, untrustedContent, unauthentic
      case targetInUse, notConfirmed, unsafeTarget, mismatch, refusedStatement, logGap
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// mariadb-dump or mariadb-binlog is not installed.
    package static let toolMissing = Code(.toolMissing)
    /// The dump tool reported a failure, or its output is incomplete.
    package static let toolFailed = Code(.toolFailed)
    /// The account lacks a privilege; without it the backup would be incomplete.
    package static let missingPrivilege = Code(.missingPrivilege)
    /// The schema or server has something that cannot be backed up or restored faithfully.
    package static let unsupported = Code(.unsupported)
    /// The server writes no binary log.
    package static let noBinaryLog = Code(.noBinaryLog)
    /// An object of the schema changed while it was being dumped.
    package static let schemaChanged = Code(.schemaChanged)
    /// Another backup, restore or deployment is running, or a transaction does not end.
    package static let busy = Code(.busy)
    /// The folder or a file in it cannot be made, read, written or removed.
    package static let folderUnusable = Code(.folderUnusable)
    /// There is not enough free space.
    package static let noSpace = Code(.noSpace)
    /// There is no such backup.
    package static let notFound = Code(.notFound)
    /// The newest verified backup was requested, and none exists.
    package static let noneGood = Code(.noneGood)
    /// A file cannot be read for a reason that says nothing about its contents.
    package static let unreadable = Code(.unreadable)
    /// A manifest is invalid, or of a newer version.
    package static let unreadableManifest = Code(.unreadableManifest)
    /// The stored data differ from those that were published, or are incomplete.
    package static let damaged = Code(.damaged)
    /// The backup is encrypted and no key was given.
    package static let keyNeeded = Code(.keyNeeded)
    /// The key given is not the one that the backup was encrypted with.
    package static let wrongKey = Code(.wrongKey)
    /// The key file cannot be used: it is missing, not a key, or readable by others.
    package static let unusableKey = Code(.unusableKey)
    /// The schema to restore into is not empty.
    package static let targetInUse = Code(.targetInUse)
    /// The name of the schema to be replaced was not confirmed.
    package static let notConfirmed = Code(.notConfirmed)
    /// The target must not be changed.
    package static let unsafeTarget = Code(.unsafeTarget)
    /// The restored data differ from the backed-up data.
    package static let mismatch = Code(.mismatch)
    /// The server refused a statement of the backup.
    package static let refusedStatement = Code(.refusedStatement)
    /// The backup holds statements that a dump of a schema never contains.
    package static let refusedContent = Code(.refusedContent)
    /// A definition in the backup reaches beyond its schema, and its author is unknown.
    package static let untrustedContent = Code(.untrustedContent)
    /// A manifest differs from the one that was sealed or recorded.
    package static let unauthentic = Code(.unauthentic)
    /// The archived binary logs do not reach from the backup to the requested moment.
    package static let logGap = Code(.logGap)

    /// The name of the kind.
    package var description: String { kind.rawValue }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names the object; never a value or a secret.
  package let message: String
  /// What the reader can do about it; nil without general advice.
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

extension BackupError: FaultConvertible {
  /// The failure as the command line reports it.
  package var fault: Fault {
    Fault(category, message, hint: hint, code: Fault.code("backup", "\(code)"))
  }

  private var category: Fault.Category {
    switch code {
    case .toolMissing, .unsupported, .noBinaryLog, .keyNeeded, .wrongKey, .unusableKey:
      .configuration
    case .missingPrivilege: .noPermission
    case .schemaChanged, .busy: .temporary
    case .folderUnusable: .cannotCreate
    case .noSpace, .toolFailed, .unreadable: .inputOutput
    case .notFound, .targetInUse, .notConfirmed, .unsafeTarget: .usage
    case .noneGood, .unreadableManifest, .damaged, .mismatch, .refusedStatement, .refusedContent,
      .untrustedContent, .unauthentic, .logGap:
      .invalidData
    default: .internalError
    }
  }
}
