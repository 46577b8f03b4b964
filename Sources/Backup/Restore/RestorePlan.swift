internal import Cryptography
package import MariaDBClient
internal import Schema

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

/// Names of tables that a restore works with until it is done.
enum StagingName {
  static let newPrefix = Deployment.restorePrefix + "new_"
  static let oldPrefix = Deployment.restorePrefix + "old_"
  private static let longest = 64
  /// What such names are like, for the server.
  static let pattern = Deployment.restorePrefix.replacing("_", with: "\\_") + "%"

  static func new(_ name: String) -> String { make(newPrefix, name) }

  static func old(_ name: String) -> String { make(oldPrefix, name) }

  /// Names of foreign keys and triggers until the old ones are gone. A restore that was interrupted
  /// may have left such names, so each restore has its own.
  static func temporary(_ name: String, token: String) -> String {
    make("\(Deployment.restorePrefix)\(token)_", name)
  }

  static func isOne(_ name: String) -> Bool {
    name.hasPrefix(newPrefix) || name.hasPrefix(oldPrefix)
  }

  /// Whether a table is none of the schema's own, but of a restore that works on it.
  static func isOfRestore(_ name: String) -> Bool {
    isOne(name)
      || [RestoreMarker.loading, RestoreMarker.switched, ErasureRecord.table].contains(name)
  }

  /// A name that would be too long is replaced by its hash.
  private static func make(_ prefix: String, _ name: String) -> String {
    let whole = prefix + name
    return whole.unicodeScalars.count <= longest ? whole : prefix + SHA256.of(name).prefix(32)
  }
}
