package import MariaDBClient

/// What is known of backups beyond their folder: the seal that the key proves, the register in the
/// database, and files that somebody kept.
package struct BackupProof: Sendable {
  private let folder: BackupFolder
  private let key: EncryptionKey?
  private let allowsUnsealed: Bool
  private let anchors: [String]
  private let options: ConnectionOptions?

  /// Says where to look.
  ///
  /// - Parameters:
  ///   - folder: where the backups are
  ///   - key: the key of encrypted backups
  ///   - allowsUnsealed: whether an encrypted backup of an older version, which has no seal, is
  ///     accepted
  ///   - anchors: files that `payops backup anchor` wrote
  ///   - options: how to reach the database whose register is asked; nil when it cannot be reached
  package init(
    folder: BackupFolder, key: EncryptionKey?, allowsUnsealed: Bool, anchors: [String],
    options: ConnectionOptions?
  ) {
    self.folder = folder
    self.key = key
    self.allowsUnsealed = allowsUnsealed
    self.anchors = anchors
    self.options = options
  }

  /// Makes sure that a backup is what is known of it, as far as anything is known.
  ///
  /// - Parameters:
  ///   - backup: the backup
  ///   - isNewest: whether it was chosen as the newest, which only others than the folder can prove
  ///   - note: gets what is to be said of it
  /// - Throws: ``BackupError/Code/unauthentic`` when it is not what is known of it
  package func check(
    _ backup: BackupManifest, isNewest: Bool, note: (String) -> Void
  ) async throws {
    if let key,
      let text = try BackupSeal.note(on: backup, key: key, allowsUnsealed: allowsUnsealed)
    {
      note(text)
    }
    var known = BackupAnchor()
    for path in anchors { try known.add(file: path) }
    let hasRegister = await addRegister(of: backup.schema, to: &known)
    if let text = try known.note(
      on: backup, isNewest: isNewest, in: folder, hasSource: hasRegister || !anchors.isEmpty)
    {
      note(text)
    }
  }

  /// Adds what the database knows; a database that is not there is why one restores.
  private func addRegister(of schema: String, to known: inout BackupAnchor) async -> Bool {
    guard var options else { return false }
    options.database = schema
    guard let connection = try? await Connection.open(options) else { return false }
    let found = try? await known.add(registerOn: connection, schema: schema)
    await connection.close()
    return found ?? false
  }
}
