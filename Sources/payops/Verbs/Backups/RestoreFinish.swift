import Backup
import PayopsCore
import Restore
import Tabular

/// `payops restore --finish`.
extension RestoreCommand {
  /// Completes the restore that was interrupted in the schema.
  func finishInterrupted(_ invocation: Invocation, once: inout Once) async throws -> ExitCode {
    let others = [
      invocation[BackupOptions.id] != nil, invocation[Self.latest], invocation[Self.nextGood],
      !invocation.all(Self.tables).isEmpty, invocation[Self.to] != nil,
      invocation[Self.toGTID] != nil,
    ]
    guard !others.contains(true) else {
      throw Fault.usage(
        "--finish goes with no backup, table or moment: those of the interrupted restore count")
    }
    var plan = try await plan(invocation)
    guard let interrupted = try await InterruptedRestore.read(plan) else {
      throw BackupError(
        .notFound,
        "there is nothing to finish: no restore into schema \(plan.schema) was interrupted",
        hint: "name the schema with --as when it was another one")
    }
    guard let id = interrupted.backup else {
      throw BackupError(
        .notFound,
        "an older version began the restore into schema \(plan.schema), and did not note of which"
          + " backup",
        hint: "run the same `payops restore` again, with --replace")
    }
    let folder = invocation.backupFolder
    let backup = try folder.backup(id)
    plan.tables = interrupted.tables
    guard interrupted.isSwitched else {
      invocation.console.note(
        "note: the restore of \(id) was interrupted before it changed anything: it begins anew")
      return try await attempt(backup, plan, nil, invocation, once: &once)
    }
    let key = try invocation.backupKey()
    try await BackupProof.check(backup, isNewest: false, invocation)
    let look = Restore(backup, in: folder, key: key, plan: plan)
    let missing = try await look.lookForDefiners(of: try await look.checkFile())
    guard !invocation[Self.dryRun] else {
      try invocation.console.write(
        "the tables of \(id) are in place in \(plan.schema): keys, triggers, views, routines and"
          + " events would follow; no row would change\n")
      invocation.console.note(RestoreNotes.missing(missing))
      return .ok
    }
    let outcome = try await Self.restore(
      backup, in: folder, key: key, plan: plan, invocation
    ) { restore, _ in try await restore.finish() }
    try invocation.console.write(
      RestoreReport(backup, plan, outcome, replayed: nil, verb: "finished the restore of"))
    return outcome.isWhole ? .ok : .finding
  }
}
