extension BackupAnchor {
  /// Makes sure that a backup is what is known of it.
  ///
  /// - Parameters:
  ///   - backup: the backup
  ///   - isNewest: whether it was chosen as the newest, which only others than the folder can prove
  ///   - folder: its folder
  ///   - hasSource: whether anything but the folder could know it
  /// - Returns: what is to be said when nothing proves that it is the newest; nil otherwise
  package func note(
    on backup: BackupManifest, isNewest: Bool, in folder: BackupFolder, hasSource: Bool
  ) throws -> String? {
    let isKnown = try check(backup)
    guard isNewest else { return nil }
    let there = Set(try folder.contents().backups.map(\.id))
    try checkNewest(backup) { there.contains($0) }
    guard !isKnown else { return nil }
    let reason =
      hasSource
      ? "neither the database nor --anchor FILE knows it"
      : "there is no register of backups in the database, and no --anchor FILE was given"
    return "note: nothing proves that \(backup.id) is the newest: \(reason)"
  }
}

extension BackupSeal {
  /// Makes sure that a backup is sealed with the key.
  ///
  /// - Parameters:
  ///   - backup: the backup
  ///   - key: the key
  ///   - allowsUnsealed: whether one of an older version, which has no seal, is accepted
  /// - Returns: what is to be said when nobody with the key verified it; nil otherwise
  package static func note(
    on backup: BackupManifest, key: EncryptionKey, allowsUnsealed: Bool
  ) throws -> String? {
    try check(backup, key: key, allowsUnsealed: allowsUnsealed)
    guard backup.isVerified, backup.seal != nil, try !provesOutcome(backup, key: key) else {
      return nil
    }
    return "note: nobody with the key verified \(backup.id): `payops backup verify \(backup.id)`"
  }
}
