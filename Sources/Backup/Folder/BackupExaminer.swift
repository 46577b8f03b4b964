/// Examines a backup again, as its verification did.
package protocol BackupExaminer: Sendable {
  /// Whether the backup can be restored as it was made.
  ///
  /// - Parameter manifest: the backup.
  /// - Throws: when the backup could not be examined.
  func examine(_ manifest: BackupManifest) async throws -> BackupManifest.Verification
}
