internal import Foundation
package import PayopsCore

/// Deletes the backups that a policy lets go.
package struct Rotation: Sendable {
  private let folder: BackupFolder
  private let policy: RetentionPolicy

  /// - Parameters:
  ///   - folder: the folder.
  ///   - policy: what is kept.
  package init(folder: BackupFolder, policy: RetentionPolicy) {
    self.folder = folder
    self.policy = policy
  }

  /// What would be kept and deleted, oldest first.
  ///
  /// Each schema is judged by itself.
  ///
  /// - Parameter now: seconds since 1970.
  package func plan(now: Int64) throws -> [RetentionPolicy.Decision] {
    Self.decisions(for: try folder.contents().backups, policy: policy, now: now)
  }

  private static func decisions(
    for backups: [BackupManifest], policy: RetentionPolicy, now: Int64
  ) -> [RetentionPolicy.Decision] {
    Dictionary(grouping: backups, by: \.schema).values
      .flatMap { policy.decisions(for: $0.map(\.retained), at: now) }
      .sorted { $0.backup.sequence < $1.backup.sequence }
  }

  /// Deletes what the policy lets go, oldest first.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - onDelete: called after each deletion.
  /// - Returns: the decisions, as they were carried out.
  @discardableResult
  package func run(
    now: Int64, onDelete: (BackupManifest) -> Void = { _ in }
  ) throws -> [RetentionPolicy.Decision] {
    let lock = try folder.lock()
    defer { _ = lock }
    // Read again under the lock: a backup may have been pinned or found bad meanwhile.
    let backups = try folder.contents().backups
    let decisions = Self.decisions(for: backups, policy: policy, now: now)
    for decision in decisions where !decision.isKept {
      guard let backup = backups.first(where: { $0.id == decision.backup.id }) else { continue }
      try Task.checkCancellation()
      try folder.delete(backup)
      onDelete(backup)
      FaultPoint.reach("prune.deleted")
    }
    return decisions
  }
}

extension BackupFolder {
  /// Pins a backup, so that rotation leaves it alone, or frees it.
  ///
  /// - Returns: the changed manifest.
  package func setPinned(_ isPinned: Bool, of id: String) throws(BackupError) -> BackupManifest {
    let lock = try lock()
    defer { _ = lock }
    var manifest = try backup(id)
    manifest.isPinned = isPinned
    try update(manifest)
    return manifest
  }
}
