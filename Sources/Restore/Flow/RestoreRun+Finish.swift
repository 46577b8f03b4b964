internal import Backup

extension RestoreRun {
  /// Completes the restore that was interrupted in the schema; begins anew when it had not changed
  /// anything.
  ///
  /// - Throws: ``BackupError/Code/notFound`` when no restore was interrupted there
  package mutating func finish() async throws -> Outcome {
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
    let backup = try folder.backup(id)
    plan.tables = interrupted.tables
    guard interrupted.isSwitched else {
      onEvent(
        .note(
          "note: the restore of \(id) was interrupted before it changed anything: it begins anew"))
      return try await attempt(backup)
    }
    try await proof.check(backup, isNewest: false) { onEvent(.note($0)) }
    let look = Restore(backup, in: folder, key: key, plan: plan)
    let missing = try await look.lookForDefiners(of: try await look.checkFile())
    guard !request.isDryRun else {
      return .wouldFinish(
        "the tables of \(id) are in place in \(plan.schema): keys, triggers, views, routines and"
          + " events would follow; no row would change\n", missing: missing)
    }
    let outcome = try await restore(backup) { restore, _ in try await restore.finish() }
    return .restored(
      RestoreReport(backup, plan, outcome, replayed: nil, verb: "finished the restore of"))
  }
}
