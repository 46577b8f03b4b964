package import Backup
package import MariaDBClient

/// What a restore is to do.
package struct RestorePlan: Sendable {
  /// How objects get their definer.
  enum Definers: Sendable {
    /// As in the backup, where the account exists; the account that restores otherwise.
    case keepExisting
    /// The account that restores.
    case current
  }

  /// How to connect; the schema is ``schema``, not that of the options.
  package var options: ConnectionOptions
  /// Schema to restore into.
  package var schema: String
  /// Whether a schema that is not empty is replaced.
  package var replaces = false
  /// The tables to restore; nil for everything.
  package var tables: Set<String>?
  /// Connections that load rows.
  package var connections = 2
  /// How far the definitions of the backup are believed.
  package var trust = BackupTrust.none
  /// Whether an encrypted backup of an older version, which has no seal, is restored.
  package var allowsUnsealed = false
  var definers = Definers.keepExisting
  /// What is done when the backup has definers that do not exist where it is restored.
  package var missingDefiners = MissingDefiners.report
  /// Gets each object whose definer does not exist and was replaced by the account that restores.
  package var onReplacedDefiner: @Sendable (ReplacedDefiner) -> Void = { _ in }
  /// Whether size and hash of the file are compared; see ``BackupReader``.
  var checksHash = true
  /// Whether the rows that the server took are compared with the manifest.
  var checksRows = true
  /// Whether what was restored is compared with the manifest: the rows before they take the place of
  /// what is there, objects and their definitions afterwards.
  package var comparesContent = true

  /// Describes a restore.
  package init(options: ConnectionOptions, schema: String) {
    self.options = options
    self.schema = schema
  }
}

/// An object whose definer does not exist where it is restored.
package struct ReplacedDefiner: Sendable, Hashable {
  /// Kind and name.
  package let object: String
  /// The account in the backup, as `user@host`.
  package let definer: String
  /// The account that it belongs to instead: the one that restores.
  package let owner: String
}
