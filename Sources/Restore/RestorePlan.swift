package import Backup
package import MariaDBClient

/// The target and options of a restore.
package struct RestorePlan: Sendable {
  /// Which definer objects get.
  enum Definers: Sendable {
    /// As in the backup, where the account exists; otherwise the restoring account.
    case keepExisting
    /// The restoring account.
    case current
  }

  /// How to connect; ``schema`` replaces the schema of the options.
  package var options: ConnectionOptions
  /// Schema to restore into.
  package var schema: String
  /// Whether a schema that is not empty is replaced.
  package var replaces = false
  /// The tables to restore; nil for everything.
  package var tables: Set<String>?
  /// Connections that load rows.
  package var connections = 2
  /// How far the definitions of the backup are trusted.
  package var trust = BackupTrust.none
  /// Whether an encrypted backup of an older version, which has no seal, is restored.
  package var allowsUnsealed = false
  var definers = Definers.keepExisting
  /// How definers that do not exist on the target are handled.
  package var missingDefiners = MissingDefiners.report
  /// Receives each object whose missing definer was replaced by the restoring account.
  package var onReplacedDefiner: @Sendable (ReplacedDefiner) -> Void = { _ in }
  /// Whether size and hash of the file are compared; see ``BackupReader``.
  var checksHash = true
  /// Whether the number of loaded rows is compared with the manifest.
  var checksRows = true
  /// Whether the result is compared with the manifest: rows before they replace existing ones,
  /// objects and their definitions afterwards.
  package var comparesContent = true

  /// Describes a restore.
  package init(options: ConnectionOptions, schema: String) {
    self.options = options
    self.schema = schema
  }
}

/// An object whose definer does not exist on the target.
package struct ReplacedDefiner: Sendable, Hashable {
  /// Kind and name.
  package let object: String
  /// The account in the backup, as `user@host`.
  package let definer: String
  /// The definer that it gets instead: the restoring account.
  package let owner: String
}
