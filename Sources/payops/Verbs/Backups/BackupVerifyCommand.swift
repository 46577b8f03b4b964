import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Restore
import Tabular

/// `payops backup verify`.
struct BackupVerify: DatabaseVerb {
  static let latest = Flag("latest", help: "verify the newest backup of the schema")
  static let all = Flag("all", help: "verify every backup of the folder")

  let name = "verify"
  let summary = "restore a backup into a scratch schema and compare it"
  let discussion = """
    Checks size, SHA-256 and the end of the file, restores it into a scratch schema that
    is dropped afterwards, and compares rows, checksums, objects and the published views
    with what the snapshot held. The outcome and the time that the restore took are kept
    in the manifest. Exits with 1 when a backup is not good. One that cannot be looked at
    (no key, no permission, no room, no server) keeps the outcome that it has; why is
    said, and is the exit status. With --all the others are verified all the same.
    """
  let positionals = [
    Positional(name: "ID", help: "name of the backup, as list prints it", arity: .optional)
  ]
  let options = [
    latest.declaration, all.declaration, BackupOptions.dir.declaration,
    BackupOptions.key.declaration, BackupOptions.on.declaration,
    BackupOptions.connections.declaration, BackupOptions.trusted.declaration,
    BackupProof.unsealed.declaration, BackupProof.anchor.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let key = try invocation.backupKey()
    let selection = try chosen(invocation, folder)
    var isGood = true
    var failures: [(id: String, failure: Fault)] = []
    for name in selection.unreadable {
      do {
        _ = try folder.backup(name)
      } catch {
        failures.append((name, Fault(error)))
      }
    }
    var done: [BackupManifest] = []
    for backup in selection.backups {
      do {
        try await BackupProof.check(backup, isNewest: false, invocation)
        let verified = try await Self.verify(
          backup, invocation, folder: folder, key: key,
          trust: invocation[BackupOptions.trusted] ? .source : .none)
        isGood = isGood && verified.isVerified
        done.append(verified)
        if !invocation.console.isJSON {
          try BackupShow.show(verified, in: folder, on: invocation.console)
        }
        invocation.console.note(RestoreNotes.orphans(verified.orphans ?? []))
      } catch {
        // The others are worth looking at all the same.
        guard invocation[Self.all], !(error is CancellationError), !Self.concernsAll(error) else {
          throw error
        }
        failures.append((backup.id, Fault(error)))
      }
    }
    if invocation.console.isJSON {
      try invocation.console.write(Self.json(done, failures, folder).lines)
    }
    for (id, failure) in failures {
      invocation.console.note("note: \(id) was not verified: \(failure.message)")
    }
    await invocation.recordBackups()
    return isGood ? failures.first?.failure.exitCode ?? .ok : .finding
  }

  /// Whether an error would be the same for every backup.
  private static func concernsAll(_ error: any Error) -> Bool {
    let code = (error as? BackupError)?.code
    return code == .busy || code == .folderUnusable
  }

  private static func json(
    _ done: [BackupManifest], _ failures: [(id: String, failure: Fault)], _ folder: BackupFolder
  ) -> JSON {
    .array(
      done.map { BackupListing.json($0, dataPath: folder.dataPath(of: $0)) }
        + failures.map { .pairs(["id": .string($0.id), "error": .string($0.failure.message)]) })
  }

  private func chosen(_ invocation: Invocation, _ folder: BackupFolder) throws
    -> BackupFolder.Selection
  {
    try folder.selection(
      id: invocation[BackupOptions.id], isLatest: invocation[Self.latest],
      isAll: invocation[Self.all], schema: try DatabaseTarget(for: invocation).database,
      note: { invocation.console.note($0) })
  }

  /// Verifies a backup, with a bar.
  static func verify(
    _ backup: BackupManifest, _ invocation: Invocation, folder: BackupFolder, key: EncryptionKey?,
    trust: BackupTrust
  ) async throws -> BackupManifest {
    let verification = BackupVerification(
      folder: folder, key: key, place: try await invocation.scratchPlace(),
      connections: invocation[BackupOptions.connections] ?? 2, trust: trust,
      allowsUnsealed: invocation[BackupProof.unsealed])
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    return try await verification.run(backup) { progress in
      gauge.update("verify: \(progress.phase)", done: progress.rawBytes, total: progress.totalBytes)
    }
  }
}
