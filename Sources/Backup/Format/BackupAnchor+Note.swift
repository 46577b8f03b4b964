extension BackupAnchor {
  /// Checks a backup against the known record of it.
  ///
  /// - Parameters:
  ///   - backup: the backup
  ///   - isNewest: whether it was chosen as the newest, which only an outside source can prove
  ///   - folder: its folder
  ///   - hasSource: whether a source outside the folder was consulted
  /// - Returns: a note when nothing proves that it is the newest; nil otherwise
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
      ? "neither the database nor --anchor FILE has a record of it"
      : "there is no register of backups in the database, and no --anchor FILE was given"
    return "note: nothing proves that \(backup.id) is the newest: \(reason)"
  }
}

extension BackupSeal {
  /// Checks that a backup is sealed with the key.
  ///
  /// - Parameters:
  ///   - backup: the backup
  ///   - key: the key
  ///   - allowsUnsealed: whether one of an older version, which has no seal, is accepted
  /// - Returns: a note when no holder of the key verified it; nil otherwise
  package static func note(
    on backup: BackupManifest, key: EncryptionKey, allowsUnsealed: Bool
  ) throws -> String? {
    try check(backup, key: key, allowsUnsealed: allowsUnsealed)
    guard backup.isVerified, backup.seal != nil, try !provesOutcome(backup, key: key) else {
      return nil
    }
    return "note: no holder of the key verified \(backup.id): `payops backup verify \(backup.id)`"
  }
}
