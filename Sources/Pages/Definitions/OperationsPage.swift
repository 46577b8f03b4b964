internal import Catalogue

extension PageDefinition {
  /// Does the machine run?
  static let operations = PageDefinition(
    "operations", title: "Operations", question: "Does the machine run?",
    sections: [
      Section(
        "promises", "Promises",
        [
          PageBlock(
            "backup", "Backup", .facts, of: "ops_backup_status",
            [
              "newest_state", "newest_backup_at", "newest_verified_at", "rpo_seconds",
              "rto_seconds",
              "log_rpo_seconds", "backup_count", "verified_count", "failed_count", "stored_bytes",
            ]
          ).with { $0.empty = "no backup: payops backup create" },
          PageBlock(
            "scheduler", "Scheduler", .facts, of: "ops_scheduler",
            [
              "is_at_work", "holder", "renewed_at", "enabled_count", "failed_run_count",
              "failed_jobs",
            ]),
          PageBlock("lag", "Changes that wait for the rollups", .table, of: "ops_rollup_lag"),
          PageBlock("freshness", "Freshness", .table, of: "ops_freshness"),
        ]),
      Section(
        "work", "Work",
        [
          PageBlock(
            "jobs", "Jobs", .table, of: "ops_jobs",
            [
              "job_name", "is_enabled", "last_state", "last_started_at", "last_seconds",
              "next_due_at", "is_late", "is_failing", "schedule",
            ]
          ).with {
            $0.actions = [
              PageBlock.Action(
                label: "Run now", path: "/api/v1/jobs/{job_name}/run", scope: "operate")
            ]
            $0.empty = "no job"
          },
          PageBlock(
            "runs", "Runs of a day", .table, of: "ops_job_runs",
            [
              "job_name", "scheduled_for", "run_state", "run_seconds", "delay_seconds", "row_count",
              "error_message",
            ]
          ).with {
            $0.conditions = [.init("scheduled_for", .greaterOrEqual, .hoursAgo(24))]
            $0.limit = 50
            $0.empty = "no job ran in a day"
          },
          PageBlock(
            "imports", "Imports", .table, of: "ops_import_runs",
            [
              "import_id", "file_name", "state", "read_count", "loaded_count", "quarantined_count",
              "started_at", "duration_seconds",
            ]
          ).with {
            $0.limit = 20
            $0.empty = "no import"
          },
        ]),
      Section(
        "trust", "Trust",
        [
          PageBlock(
            "integrity", "Integrity checks", .table, of: "ops_integrity_checks",
            [
              "view_name", "is_clean", "finding_count", "checked_at", "age_seconds",
              "error_message",
            ]
          ).with { $0.empty = "nothing was checked yet" },
          PageBlock("space", "Space", .table, of: "ops_space_forecast").with {
            $0.order = [("total_bytes", true), ("table_name", false)]
            $0.limit = 15
            $0.empty = "no sample yet"
          },
        ]),
    ]
  ) { tables in
    guard tables["backup"] != nil || tables["jobs"] != nil else {
      return Summary("unknown", "Operations cannot be read with this token.")
    }
    var problems: [String] = []
    if tables["backup"] != nil, tables.first("backup", "newest_verified_at") == nil {
      problems.append("no verified backup")
    }
    if tables.first("scheduler", "is_at_work") == "0" { problems.append("no scheduler is at work") }
    if let jobs = tables["jobs"] {
      let count = jobs.rows.filter {
        jobs.text($0, "is_failing") == "1" || jobs.text($0, "is_late") == "1"
      }.count
      if count > 0 { problems.append("\(count) jobs are late or failing") }
    }
    if let checks = tables["integrity"] {
      let count = checks.rows.filter { (checks.number($0, "finding_count") ?? 0) > 0 }.count
      if count > 0 { problems.append("\(count) integrity checks found something") }
    }
    guard !problems.isEmpty else {
      return Summary("good", "The machine runs: backup, jobs and checks are in order.")
    }
    let text = problems.joined(separator: ", ")
    return Summary("warning", text.prefix(1).uppercased() + text.dropFirst() + ".")
  }
}
