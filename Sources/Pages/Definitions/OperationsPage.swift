internal import Catalogue

extension PageDefinition {
  /// Does the machine run?
  static let operations = PageDefinition(
    "operations", title: "Operations", question: "Does the machine run?", showsJobs: true,
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
          PageBlock(
            "lag", "Changes that wait for the rollups", .table, of: "ops_rollup_lag",
            ["change_log", "lag_seconds", "waiting_count", "oldest_captured_at", "refreshed_at"]),
          PageBlock(
            "freshness", "Freshness", .table, of: "ops_freshness",
            [
              "table_name", "event_age_seconds", "is_stale", "maximum_age_seconds",
              "ingested_age_seconds", "ingest_lag_seconds", "last_event_at", "last_ingested_at",
            ]),
        ]),
      Section(
        "work", "Work",
        [
          PageBlock("timeline", "Runs of jobs, 24 h", .timeline, of: "ops_job_timeline").with {
            $0.order = [("job_name", false), ("slot_at", false)]
            $0.limit = 2_000
            $0.draw = Drawing.jobs
            $0.empty = "no job ran in a day: payops run"
          },
          PageBlock(
            "runs", "Runs that did not succeed, 24 h", .table, of: "ops_job_runs",
            [
              "job_name", "run_state", "scheduled_for", "error_message", "run_seconds",
              "delay_seconds", "attempt_count", "missed_count",
            ]
          ).with {
            $0.conditions = [
              .init("scheduled_for", .greaterOrEqual, .hoursAgo(24)),
              .init("run_state", .notEqual, .text("succeeded")),
            ]
            $0.limit = 30
            $0.span = .full
            $0.empty = "every run of the day succeeded"
          },
          PageBlock(
            "jobs", "Jobs", .table, of: "ops_jobs",
            [
              "job_name", "last_state", "last_started_at", "last_seconds", "next_due_at",
              "is_late", "is_failing", "is_enabled", "schedule",
            ]
          ).with {
            $0.actions = [
              PageBlock.Action(
                label: "Run now", path: "/api/v1/jobs/{job_name}/run", scope: "operate")
            ]
            $0.empty = "no job"
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
        "proof", "Backups and logs",
        [
          PageBlock(
            "backups", "Backups, newest first", .table, of: "ops_backups",
            [
              "backup_id", "state", "created_at", "verified_at", "restore_seconds",
              "dump_seconds", "stored_bytes", "is_encrypted", "is_pinned", "next_deletion_at",
            ]
          ).with {
            $0.limit = 30
            $0.options = ["status": "state"]
            $0.actions = [
              .init(
                label: "Verify", path: "/api/v1/backups/{backup_id}/verify", scope: "operate")
            ]
            $0.empty = "no backup: payops backup create"
          },
          PageBlock(
            "logs", "Archived binary logs", .table, of: "ops_log_archives",
            [
              "log_name", "reached_age_seconds", "missing_count", "event_at", "reached_at",
              "log_position", "folder",
            ]
          ).with {
            $0.span = .full
            $0.empty = "no binary logs are archived: payops backup archive-logs"
          },
        ]),
      Section(
        "trust", "Trust",
        [
          PageBlock(
            "integrity", "Integrity checks", .table, of: "ops_integrity_checks",
            [
              "view_name", "finding_count", "checked_at", "age_seconds", "error_message",
            ]
          ).with {
            $0.order = [("finding_count", true), ("view_name", false)]
            $0.span = .full
            $0.empty = "nothing was checked yet"
          },
          PageBlock(
            "audit", "Audit log, its head first", .table, of: "ops_audit_entries",
            ["audit_id", "audit_action", "subject_kind", "recorded_at", "entry_hash"]
          ).with {
            $0.order = [("audit_id", true)]
            $0.limit = 10
            $0.span = .full
            $0.empty = "no entry yet"
          },
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
