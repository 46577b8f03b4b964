import Backup
import Foundation
import MariaDBClient
import PayopsCore
import Restore
import Tabular

/// `payops backup prune`.
struct BackupPrune: DatabaseVerb {
  static let dryRun = Flag("dry-run", help: "only show what would be kept and deleted")

  let name = "prune"
  let summary = "delete the backups that the policy lets go"
  let discussion = """
    Keeps every backup of the last days before the newest verified one, the newest
    verified one of each day, week and month asked for, the minimum number of verified
    ones, and what is pinned. A backup goes only when a newer one has been verified, and
    the data of those that stay have been read and are whole; one that failed its
    verification is verified once more first. What payops did not make is left alone.
    Exits with 1 when data that were to be kept are not whole or cannot be read.
    """
  let options =
    [
      BackupOptions.dir.declaration, dryRun.declaration, BackupOptions.key.declaration,
      BackupOptions.on.declaration,
    ] + BackupOptions.policy
    + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let isDryRun = invocation[Self.dryRun]
    if !isDryRun { try await invocation.checkJobFence() }
    let rotation = Rotation(folder: invocation.backupFolder, policy: invocation.retentionPolicy)
    let now = Int64(Date().timeIntervalSince1970)
    let outcome =
      isDryRun
      ? try await rotation.plan(now: now)
      : try await rotation.run(
        now: now,
        verification: BackupVerification(
          folder: invocation.backupFolder, key: try invocation.backupKey(),
          place: try await invocation.scratchPlace()))
    if !isDryRun {
      let logs = try BinaryLogArchive(folder: invocation.backupFolder).expire()
      if !logs.isEmpty {
        console.note("\(logs.count) binary logs that no backup needs are deleted")
      }
    }
    let decisions = outcome.decisions
    try console.writeFindings(outcome.table(isDryRun: isDryRun), as: invocation.format)
    let count = decisions.filter { !$0.isKept }.count
    console.note(
      "\(count) \(isDryRun ? "would be deleted" : "deleted"), \(decisions.count - count) kept")
    for (id, reason) in outcome.held { console.note("note: \(id) counts for nothing: \(reason)") }
    if !isDryRun, count > 0 { await invocation.recordBackups() }
    return outcome.held.isEmpty ? .ok : .finding
  }
}
