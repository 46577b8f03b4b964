package import Backup
package import PayopsCore
package import Tabular

/// Verifies the backups that a command is about, one after the other.
package struct VerificationRound {
  /// What came of it.
  package struct Outcome: Sendable {
    /// The backups that were looked at, with the outcome in their manifests.
    package fileprivate(set) var verified: [BackupManifest] = []
    /// Those that could not be looked at, and why.
    package fileprivate(set) var failures: [(id: String, failure: Fault)] = []

    /// Whether every backup that was looked at is good.
    package var isGood: Bool { verified.allSatisfy(\.isVerified) }

    /// Which backups could not be looked at, a line each.
    package var notes: [String] {
      failures.map { "note: \($0.id) was not verified: \($0.failure.message)" }
    }

    /// All of it.
    package func json(in folder: BackupFolder) -> JSON {
      .array(
        verified.map { BackupListing.json($0, dataPath: folder.dataPath(of: $0)) }
          + failures.map {
            .pairs(["id": .string($0.id), "error": .string($0.failure.message)])
          })
    }
  }

  private let folder: BackupFolder
  private let proof: BackupProof
  private let isLenient: Bool
  private let verify: (BackupManifest) async throws -> BackupManifest

  /// Prepares a round.
  ///
  /// - Parameters:
  ///   - folder: where the backups are
  ///   - proof: what is known of backups beyond their folder
  ///   - isLenient: whether a backup that cannot be looked at does not end the round
  ///   - verify: verifies one backup
  package init(
    in folder: BackupFolder, proof: BackupProof, isLenient: Bool,
    verify: @escaping (BackupManifest) async throws -> BackupManifest
  ) {
    self.folder = folder
    self.proof = proof
    self.isLenient = isLenient
    self.verify = verify
  }

  /// Verifies.
  ///
  /// - Parameters:
  ///   - selection: the backups
  ///   - note: gets what is to be said of a backup
  ///   - onVerified: gets each backup that was looked at
  package func run(
    _ selection: BackupFolder.Selection, note: (String) -> Void,
    onVerified: (BackupManifest) throws -> Void
  ) async throws -> Outcome {
    var outcome = Outcome()
    for name in selection.unreadable {
      do {
        _ = try folder.backup(name)
      } catch {
        outcome.failures.append((name, Fault(error)))
      }
    }
    for backup in selection.backups {
      do {
        try await proof.check(backup, isNewest: false, note: note)
        let verified = try await verify(backup)
        outcome.verified.append(verified)
        try onVerified(verified)
        RestoreNotes.orphans(verified.orphans ?? []).forEach(note)
      } catch {
        // The others are worth looking at all the same.
        guard isLenient, !(error is CancellationError), !Self.concernsAll(error) else {
          throw error
        }
        outcome.failures.append((backup.id, Fault(error)))
      }
    }
    return outcome
  }

  /// Whether an error would be the same for every backup.
  private static func concernsAll(_ error: any Error) -> Bool {
    let code = (error as? BackupError)?.code
    return code == .busy || code == .folderUnusable
  }
}
