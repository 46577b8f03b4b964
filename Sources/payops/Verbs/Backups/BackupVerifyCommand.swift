import Backup
import EmbeddedServer
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
    BackupOptions.unsealed.declaration, BackupOptions.anchor.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let folder = invocation.backupFolder
    let key = try invocation.backupKey()
    let target = try DatabaseTarget(for: invocation)
    let selection = try folder.selection(
      id: invocation[BackupOptions.id], isLatest: invocation[Self.latest],
      isAll: invocation[Self.all], schema: target.database, note: { console.note($0) })
    let proof = try invocation.backupProof(options: try? await target.connectionOptions())
    let round = VerificationRound(in: folder, proof: proof, isLenient: invocation[Self.all]) {
      try await Self.verify(
        $0, invocation, folder: folder, key: key,
        trust: invocation[BackupOptions.trusted] ? .source : .none)
    }
    let outcome = try await round.run(
      selection, note: { console.note($0) },
      onVerified: { if !console.isJSON { try BackupShow.show($0, in: folder, on: console) } })
    if console.isJSON { try console.write(outcome.json(in: folder).lines) }
    console.note(outcome.notes)
    await invocation.recordBackups()
    return outcome.isGood ? outcome.failures.first?.failure.exitCode ?? .ok : .finding
  }

  /// Verifies a backup, with a bar.
  static func verify(
    _ backup: BackupManifest, _ invocation: Invocation, folder: BackupFolder, key: EncryptionKey?,
    trust: BackupTrust
  ) async throws -> BackupManifest {
    let verification = BackupVerification(
      folder: folder, key: key, place: try await invocation.scratchPlace(),
      connections: invocation[BackupOptions.connections] ?? 2, trust: trust,
      allowsUnsealed: invocation[BackupOptions.unsealed])
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    return try await verification.run(backup) { progress in
      gauge.update("verify: \(progress.phase)", done: progress.rawBytes, total: progress.totalBytes)
    }
  }
}
