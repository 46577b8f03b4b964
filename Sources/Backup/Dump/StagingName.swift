internal import Cryptography
internal import Schema

/// Names of the temporary tables of a restore.
package enum StagingName {
  static let newPrefix = Deployment.restorePrefix + "new_"
  static let oldPrefix = Deployment.restorePrefix + "old_"
  /// The marker of a restore while it loads rows.
  package static let loading = Deployment.restorePrefix + "restoring"
  /// The marker once the tables were exchanged.
  package static let switched = Deployment.restorePrefix + "restored"
  /// The erasures to repeat.
  package static let erasures = Deployment.restorePrefix + "erasures"
  private static let longest = 64
  /// The LIKE pattern of such names.
  static let pattern = Deployment.restorePrefix.replacing("_", with: "\\_") + "%"

  /// The name of a table while its rows are loaded.
  package static func new(_ name: String) -> String { make(newPrefix, name) }

  /// The name of the table that it replaces.
  package static func old(_ name: String) -> String { make(oldPrefix, name) }

  /// Names of foreign keys and triggers until the old ones are gone. A restore that was interrupted
  /// may have left such names, so each restore has its own.
  package static func temporary(_ name: String, token: String) -> String {
    make("\(Deployment.restorePrefix)\(token)_", name)
  }

  /// Whether a table is one that is loaded or was replaced.
  package static func isOne(_ name: String) -> Bool {
    name.hasPrefix(newPrefix) || name.hasPrefix(oldPrefix)
  }

  /// Whether a table belongs to a restore, not to the schema itself.
  static func isOfRestore(_ name: String) -> Bool {
    isOne(name)
      || [loading, switched, erasures].contains(name)
  }

  /// A name that would be too long is replaced by its hash.
  private static func make(_ prefix: String, _ name: String) -> String {
    let whole = prefix + name
    return whole.unicodeScalars.count <= longest ? whole : prefix + SHA256.of(name).prefix(32)
  }
}
