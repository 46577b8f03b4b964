package import Backup
import MariaDBClient
internal import Restore

extension Check {
  /// Whether the data could be restored.
  package static let backupChecks: [Check] = [
    Check(name: "restore", examine: restore),
    Check(name: "backups", needsSchema: true, examine: backups),
  ]

  /// Whether a restore into the schema was interrupted.
  private static func restore(_ examination: Examination) async throws -> Finding {
    let schema = examination.database
    guard examination.schema != .missing else { return .ok("there is no schema to restore into") }
    guard examination.schema != .forbidden else {
      return .unknown("the account may not read schema \(schema)")
    }
    guard
      let restore = try await InterruptedRestore.read(
        on: examination.connection, schema: schema)
    else { return .ok("no restore into schema \(schema) was interrupted") }
    let what =
      "a restore of \(restore.backup.map { "backup \($0)" } ?? "a backup") into schema \(schema)"
      + (restore.begunAt.map { ", begun at \($0) UTC," } ?? "")
    if restore.isBusy {
      return .warning(
        "\(what) is running, or was interrupted", "wait until it ends, then check again")
    }
    return .failure(
      "\(what) was interrupted "
        + (restore.isSwitched
          ? "after its tables were exchanged: views, routines or triggers may be missing"
          : "before it changed anything"),
      restore.backup == nil
        ? "run the same `payops restore` again, with --replace" : "run `payops restore --finish`")
  }

  /// The age, hours, above which the newest verified backup is stale, as for `payops backup check`.
  package static let staleHours = 26
  /// The age, days, above which that is a failure.
  package static let lostDays = 7

  private static func backups(_ examination: Examination) async throws -> Finding {
    let job = try await examination.connection.query(
      """
      SELECT r.run_state AS state, r.error_message AS message FROM ops_job_runs AS r
      WHERE r.job_name = 'create_backup' AND r.run_state NOT IN ('running', 'skipped', 'missed')
      ORDER BY r.scheduled_for DESC, r.run_id DESC LIMIT 1
      """
    ).rows.first
    if let state = job?["state"], state != "succeeded" {
      return .failure(
        "the last run of the job create_backup ended as \(state)"
          + (job?["message"].map { ": \($0)" } ?? ""),
        "see `payops jobs history create_backup`, then run `payops backup create`")
    }
    if let health = examination.backups { return backups(health) }
    let row = try await examination.connection.query(
      """
      SELECT backup_count, verified_count, newest_verified_id, verified_age_seconds, newest_state,
        newest_backup_id
      FROM ops_backup_status
      """
    ).rows.first
    return backups(
      count: Int(row?.integer("backup_count") ?? 0), newest: row?["newest_backup_id"],
      newestState: row?["newest_state"], verified: row?["newest_verified_id"],
      ageSeconds: row?.integer("verified_age_seconds").map(Int.init))
  }

  private static let makeOne =
    "run `payops backup create`, and `payops jobs enable create_backup` for daily backups"

  /// Judges the backups of a folder on this machine.
  package static func backups(_ health: BackupHealth) -> Finding {
    guard health.newestVerified != nil || !health.problems.isEmpty else {
      return .warning(health.message, makeOne)
    }
    if health.isGood { return .ok(health.message) }
    let isLost = health.ageSeconds.map { $0 > Int64(lostDays) * 86_400 } ?? true
    guard health.problems.isEmpty, !isLost else {
      return .failure(
        health.message, "see `payops backup list`, then run `payops backup create`")
    }
    return .warning(health.message, makeOne)
  }

  /// Judges the backups that the database has recorded.
  ///
  /// - Parameters:
  ///   - count: the number of backups
  ///   - newest: the newest, in any state
  ///   - newestState: its state
  ///   - verified: the newest verified one
  ///   - ageSeconds: its age; negative when its date is in the future
  package static func backups(
    count: Int, newest: String?, newestState: String?, verified: String?, ageSeconds: Int?
  ) -> Finding {
    guard count > 0 else { return .warning("no backup of the schema is known", makeOne) }
    if newestState == "failed" {
      return .failure(
        "\(newest ?? "the newest backup") FAILED its verification",
        "see `payops backup show`, then run `payops backup create`")
    }
    guard let verified, let ageSeconds else {
      return .failure(
        "none of \(count) backups is verified", "run `payops backup verify --latest`")
    }
    if ageSeconds < -Int(BackupHealth.clockTolerance) {
      return .warning(
        "\(verified) is dated in the future", "correct the clocks, then create another backup")
    }
    let sentence = "\(verified) is verified, \(age(max(0, ageSeconds))) old"
    if ageSeconds > lostDays * 86_400 { return .failure(sentence, makeOne) }
    return ageSeconds > staleHours * 3600 ? .warning(sentence, makeOne) : .ok(sentence)
  }
}
