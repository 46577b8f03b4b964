package import Backup
internal import Foundation
internal import MariaDBClient

/// The checks of a verification; each finds differences that the others miss.
package enum VerificationCheck: String, CaseIterable, Sendable {
  /// Size and SHA-256 of the file.
  case file
  /// The restore: decryption, unpacking, the last line, every statement accepted by a server.
  case restore
  /// Number of rows of each table.
  case rows
  /// Checksum over the rows of each table.
  case checksums
  /// Rows of the history of versioned tables.
  case history
  /// Missing and surplus objects, by kind.
  case objects
  /// Definitions of the objects.
  case definitions
  /// Character set and collation of the schema.
  case characterSet
  /// Every view can be queried, every routine read.
  case queries
  /// The published views give the same rows as in the snapshot.
  case views
}

/// Verifies a backup: restores it into a scratch schema and compares that with the manifest.
package struct BackupVerification: Sendable {
  private let folder: BackupFolder
  private let key: EncryptionKey?
  private let place: ScratchPlace
  private let connections: Int
  private let trust: BackupTrust
  private let allowsUnsealed: Bool
  private let checks: Set<VerificationCheck>
  private let now: @Sendable () -> Int64

  /// Prepares a verification.
  ///
  /// - Parameters:
  ///   - folder: where the backup is.
  ///   - key: the key of an encrypted backup.
  ///   - place: where it is restored.
  ///   - connections: connections that load rows.
  ///   - trust: how far the definitions of the backup are trusted.
  ///   - allowsUnsealed: whether an encrypted backup of an older version, which has no seal, is
  ///     examined; it gets one when it is good.
  ///   - checks: the checks to make; fewer only in tests that show what each one finds.
  ///   - now: seconds since 1970.
  package init(
    folder: BackupFolder, key: EncryptionKey? = nil, place: ScratchPlace = .privateServer,
    connections: Int = 2, trust: BackupTrust = .none, allowsUnsealed: Bool = false,
    checks: Set<VerificationCheck> = Set(VerificationCheck.allCases),
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) {
    self.folder = folder
    self.key = key
    self.place = place
    self.connections = connections
    self.trust = trust
    self.allowsUnsealed = allowsUnsealed
    self.checks = checks
    self.now = now
  }

  /// Verifies a backup and writes the outcome into its manifest.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - progress: called as rows are loaded.
  /// - Returns: the manifest with the outcome in its state.
  /// - Throws: when the backup could not be examined: no key, no server, no space, an unreadable
  ///   file. The outcome of an earlier verification then stays, and the manifest records when and
  ///   why the attempt was not completed.
  package func run(
    _ manifest: BackupManifest,
    progress: @escaping @Sendable (Restore.Progress) -> Void = { _ in }
  ) async throws -> BackupManifest {
    let lock = try folder.lock()
    defer { _ = lock }
    // It may have been pinned or removed since it was listed.
    var manifest = try folder.backup(manifest.id)
    do {
      manifest.verification = try await examine(manifest, progress: progress)
    } catch {
      record(error, in: manifest)
      throw error
    }
    if let key, manifest.seal != nil || manifest.verification.state == .verified {
      manifest.seal = try BackupSeal.makeWithOutcome(manifest, key: key)
    }
    FaultPoint.reach("verify.compared")
    try folder.update(manifest)
    return manifest
  }

  /// Records that the backup could not be examined, and why; where even that cannot be written,
  /// only the error reports it.
  private func record(_ error: any Error, in manifest: BackupManifest) {
    guard !(error is CancellationError), !Task.isCancelled else { return }
    var manifest = manifest
    let reason = (error as? DatabaseError)?.description ?? "\(error)"
    manifest.verification.attempt = BackupManifest.Attempt(
      at: Timestamp.text(now()), reason: reason)
    try? folder.update(manifest)
  }

  /// Examines a backup without recording anything.
  package func examine(
    _ manifest: BackupManifest,
    progress: @escaping @Sendable (Restore.Progress) -> Void
  ) async throws -> BackupManifest.Verification {
    let scratch = try await Scratch.make(place, in: folder, for: manifest)
    do {
      var outcome = try await examine(manifest, in: scratch, progress: progress)
      await scratch.remove()
      outcome.verifiedAt = Timestamp.text(now())
      outcome.state = outcome.findings.isEmpty ? .verified : .failed
      return outcome
    } catch {
      await scratch.remove()
      throw error
    }
  }

  private func examine(
    _ manifest: BackupManifest, in scratch: Scratch,
    progress: @escaping @Sendable (Restore.Progress) -> Void
  ) async throws -> BackupManifest.Verification {
    var outcome = BackupManifest.Verification()
    var plan = RestorePlan(options: scratch.options, schema: scratch.schema)
    plan.connections = connections
    plan.definers = .current
    plan.trust = trust
    plan.allowsUnsealed = allowsUnsealed
    plan.checksHash = checks.contains(.file)
    // The comparison below reports which table differs and by how much.
    plan.checksRows = false
    plan.comparesContent = false
    do {
      outcome.restoreSeconds = try await Restore(manifest, in: folder, key: key, plan: plan)
        .run(progress: progress).seconds
    } catch let error as BackupError {
      guard let check = Self.check(for: error) else { throw error }
      if checks.contains(check) {
        outcome.findings.append(
          VerificationFinding(
            check: check.rawValue,
            message: error.message + (check == .restore ? manifest.lossNote(of: nil) : "")))
      }
      return outcome
    }
    FaultPoint.reach("verify.restored")
    progress(Restore.Progress(phase: "compare", rawBytes: 0, totalBytes: 0))
    let connection = try await Connection.open(scratch.options)
    do {
      outcome.serverVersion = connection.serverVersion.description
      let comparison = BackupComparison(manifest: manifest, connection: connection)
      let found = try await comparison.run(checks)
      outcome.findings += found
      await connection.close()
      return outcome
    } catch {
      await connection.close()
      throw error
    }
  }

  /// The check that an error of the restore belongs to; nil when it says nothing about the backup.
  private static func check(for error: BackupError) -> VerificationCheck? {
    switch error.code {
    case .damaged:
      error.message.contains("SHA-256") || error.message.contains(" bytes, not ")
        ? .file : .restore
    case .refusedStatement, .refusedContent, .mismatch: .restore
    default: nil
    }
  }
}

extension BackupVerification: BackupExaminer {
  /// Examines a backup without recording anything.
  package func examine(_ manifest: BackupManifest) async throws -> BackupManifest.Verification {
    try await examine(manifest, progress: { _ in })
  }
}
