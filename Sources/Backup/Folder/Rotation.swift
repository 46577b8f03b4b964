internal import Foundation
internal import MariaDBClient
package import PayopsCore

/// Deletes the backups that a policy does not keep, after checking that those it keeps are intact.
package struct Rotation: Sendable {
  private let folder: BackupFolder
  private let policy: RetentionPolicy

  /// The decisions and the findings.
  package struct Outcome: Sendable {
    /// The decisions as carried out, oldest first.
    package var decisions: [RetentionPolicy.Decision] = []
    /// Backups that are kept but not counted until an operator has examined them, with the reason.
    package var held: [(id: String, reason: String)] = []
  }

  /// - Parameters:
  ///   - folder: the folder.
  ///   - policy: which backups are kept.
  package init(folder: BackupFolder, policy: RetentionPolicy) {
    self.folder = folder
    self.policy = policy
  }

  /// Decides what would be kept and deleted.
  ///
  /// Reads the data of the backups that would be kept; failed ones are not restored again.
  ///
  /// - Parameter now: seconds since 1970.
  package func plan(now: Int64) async throws -> Outcome {
    var review = Review(folder: folder, policy: policy, now: now, verification: nil)
    return try await review.run().outcome
  }

  /// Deletes the backups that the policy does not keep, oldest first.
  ///
  /// Before a backup of a schema is deleted, existence, size and SHA-256 of the verified backups to
  /// keep are checked; one that is damaged or cannot be examined is kept but not counted. A backup
  /// that failed its verification is verified once more before it is deleted.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - verification: examines backups that failed.
  ///   - onDelete: called after each deletion.
  /// - Returns: the decisions, as they were carried out.
  @discardableResult
  package func run(
    now: Int64, verification: any BackupExaminer, onDelete: (BackupManifest) -> Void = { _ in }
  ) async throws -> Outcome {
    let lock = try folder.lock()
    defer { _ = lock }
    // Read again under the lock: a backup may have been pinned or failed meanwhile.
    var review = Review(folder: folder, policy: policy, now: now, verification: verification)
    let (outcome, backups) = try await review.run()
    for decision in outcome.decisions where !decision.isKept {
      guard let backup = backups.first(where: { $0.id == decision.backup.id }) else { continue }
      try Task.checkCancellation()
      try folder.delete(backup)
      onDelete(backup)
      FaultPoint.reach("prune.deleted")
    }
    return outcome
  }
}

/// Decides, examines the backups that would be left, and repeats until both agree.
private struct Review {
  let folder: BackupFolder
  let policy: RetentionPolicy
  let now: Int64
  let verification: (any BackupExaminer)?

  private var backups: [BackupManifest] = []
  private var seen: Set<String> = []
  private var held: [String: String] = [:]

  init(
    folder: BackupFolder, policy: RetentionPolicy, now: Int64, verification: (any BackupExaminer)?
  ) {
    self.folder = folder
    self.policy = policy
    self.now = now
    self.verification = verification
  }

  mutating func run() async throws -> (outcome: Rotation.Outcome, backups: [BackupManifest]) {
    backups = try folder.contents().backups
    while true {
      let decisions = decisions()
      guard try await examineKept(decisions) else {
        let notes = backups.compactMap { backup in
          held[backup.id].map { (id: backup.id, reason: $0) }
        }
        return (Rotation.Outcome(decisions: decisions, held: notes), backups)
      }
    }
  }

  /// Each schema is decided separately.
  private func decisions() -> [RetentionPolicy.Decision] {
    Dictionary(grouping: backups, by: \.schema).values
      .flatMap { group in
        policy.decisions(
          for: group.map { backup in
            var retained = backup.retained
            retained.isHeld = held[backup.id] != nil
            return retained
          }, at: now)
      }
      .sorted { $0.backup.sequence < $1.backup.sequence }
  }

  /// Examines the kept and failed backups on which a deletion depends, each once.
  ///
  /// - Returns: whether one of them turned out not to be intact.
  private mutating func examineKept(_ decisions: [RetentionPolicy.Decision]) async throws -> Bool {
    let expiring = Set(decisions.filter { !$0.isKept }.map(\.backup.id))
    let schemas = Set(backups.filter { expiring.contains($0.id) }.map(\.schema))
    var isNew = false
    for (place, backup) in backups.enumerated() where schemas.contains(backup.schema) {
      try Task.checkCancellation()
      if expiring.contains(backup.id) {
        guard backup.verification.state == .failed, seen.insert(backup.id).inserted else {
          continue
        }
        isNew = try await verifyAgain(place) || isNew
      } else if backup.isVerified, backup.isInOrder, seen.insert(backup.id).inserted {
        let data = folder.look(at: backup, readsAll: true)
        guard !data.isWhole else { continue }
        held[backup.id] = "its data \(data.reason)"
        isNew = true
      }
    }
    return isNew
  }

  /// Verifies a backup that failed once more.
  ///
  /// - Returns: whether it may be good.
  private mutating func verifyAgain(_ place: Int) async throws -> Bool {
    let backup = backups[place]
    let data = folder.look(at: backup, readsAll: true)
    if data.isDamaged { return false }
    guard data.isWhole else {
      held[backup.id] = "its data \(data.reason)"
      return true
    }
    guard let verification else { return false }
    do {
      let outcome = try await verification.examine(backup)
      guard outcome.state == .verified else { return false }
      backups[place].verification = outcome
      try folder.update(backups[place])
    } catch let error as CancellationError {
      throw error
    } catch {
      let reason = (error as? DatabaseError)?.description ?? "\(error)"
      held[backup.id] = "it failed its verification and cannot be examined again: \(reason)"
    }
    return true
  }
}

extension BackupFolder {
  /// Pins a backup, so that rotation never deletes it, or unpins it.
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
