import PayopsCore

extension MetricSource {
  /// Everything that is measured, the cheapest first, so that a deadline costs the least.
  static let all: [MetricSource] = [
    MetricSource(
      view: "ops_health", subject: "health", labels: [],
      omitted: [
        "as_of_time", "verified_age_seconds", "exposure_amount", "open_amount", "unsettled_amount",
        "failed_backup_count", "is_at_work", "failed_run_count",
      ],
      words: ["incident_count": "open_incidents", "monitored_until": "monitored_until"]),
    MetricSource(
      view: "kpi_today", subject: "today", labels: [],
      shape: .named(by: "kpi_name", unit: "unit", value: "kpi_value")),
    MetricSource(
      view: "exposure_total", subject: "exposure", labels: [],
      words: ["exposure_amount": "amount", "exposure_count": "items"]),
    MetricSource(
      view: "backlog_by_age", subject: "backlog_by_age", labels: ["bucket_label"],
      omitted: ["from_seconds", "to_seconds"]),
    MetricSource(
      view: "backlog_by_state", subject: "backlog", labels: ["state"],
      omitted: ["oldest_age_seconds", "oldest_state_age_seconds"],
      words: ["maximum_age_seconds": "limit_seconds"]),
    MetricSource(
      view: "settlement_pending", subject: "settlement", labels: ["rail"],
      words: ["pending_settlements": "pending"]),
    MetricSource(
      view: "settlement_overdue_by_age", subject: "settlement_by_age",
      labels: ["rail", "bucket_label"], omitted: ["from_seconds", "to_seconds"]),
    MetricSource(view: "ops_health_rails", subject: "settlement_week", labels: ["rail"]),
    MetricSource(view: "kpi_slo_budget", subject: "slo", labels: ["rail"]),
    MetricSource(
      view: "kpi_scheme_headroom", subject: "scheme",
      labels: ["card_scheme", "programme", "limit_level", "month_start"],
      words: [
        "sales_count": "sales", "dispute_count": "disputes", "limit_count": "disputes_at_limit",
        "headroom_count": "disputes_left", "minimum_count": "least_disputes",
      ]),
    MetricSource(
      view: "ops_alerts", subject: "alerts", labels: ["severity", "alert_state"],
      shape: .counted(name: "open", help: "alerts that are open", sums: []),
      members: [
        "severity": Severity.allCases.map(\.rawValue), "alert_state": ["firing", "acknowledged"],
      ]),
    MetricSource(
      view: "ops_alerts", subject: "alerts_by_rule", labels: ["alert_rule"],
      shape: .counted(name: "open", help: "alerts that are open, by rule", sums: []),
      condition: "alert_state IN ('firing', 'acknowledged')"),
    MetricSource(
      view: "ops_alerts", subject: "incidents", labels: ["severity"],
      shape: .counted(
        name: "open", help: "open alerts that no other alert explains",
        sums: ["payments_affected", "value_at_stake", "customers_affected"]),
      members: ["severity": Severity.allCases.map(\.rawValue)],
      condition: "alert_state IN ('firing', 'acknowledged') AND parent_alert_id IS NULL"),
    MetricSource(
      view: "monitor_now", subject: "monitor", labels: ["verdict"],
      shape: .counted(name: "series", help: "watched series by their last verdict", sums: []),
      members: ["verdict": ["normal", "anomalous", "no_verdict"]]),
    MetricSource(
      view: "ops_scheduler", subject: "scheduler", labels: [],
      words: ["enabled_count": "enabled_jobs", "failed_run_count": "failed_runs_last_day"]),
    MetricSource(view: "ops_jobs", subject: "job", labels: ["job_name"]),
    MetricSource(
      view: "ops_backup_status", subject: "backup", labels: [],
      omitted: [
        "verified_age_seconds", "rpo_seconds", "log_rpo_seconds", "stored_bytes_trend",
        "previous_mean_bytes",
      ], words: ["backup_count": "kept", "rto_seconds": "restore_seconds"]),
    MetricSource(
      view: "ops_rollup_lag", subject: "rollup", labels: ["change_log"], omitted: ["lag_seconds"],
      words: ["waiting_count": "waiting_changes"]),
    MetricSource(
      view: "ops_freshness", subject: "freshness", labels: ["table_name"],
      omitted: ["event_age_seconds", "ingested_age_seconds"],
      words: ["maximum_age_seconds": "limit_seconds", "ingest_lag_seconds": "ingest_delay_seconds"]),
    MetricSource(
      view: "ops_integrity_checks", subject: "integrity", labels: ["view_name"],
      omitted: ["age_seconds"], words: ["finding_count": "findings"]),
    MetricSource(
      view: "ops_notifications", subject: "notifications", labels: ["route_name"],
      shape: .counted(name: "waiting", help: "notifications that wait, by route", sums: []),
      condition: "notice_state IN ('waiting', 'sending')"),
    MetricSource(
      view: "ops_unfinished_imports", subject: "imports", labels: [],
      shape: .counted(name: "unfinished", help: "imports that have not ended", sums: [])),
    MetricSource(
      view: "ops_routine_errors", subject: "routine", labels: ["routine_name", "error_number"],
      words: ["error_count": "errors_last_day", "failed_at": "last_failure_at"]),
    MetricSource(
      view: "ops_calendar_horizon", subject: "calendar", labels: ["subject"],
      omitted: ["days_ahead"]),
    MetricSource(
      view: "ops_exchange_rates", subject: "exchange_rate", labels: ["currency"],
      omitted: ["age_days"], words: ["rate_date": "newest_date"]),
    MetricSource(
      view: "ops_space_forecast", subject: "table", labels: ["table_name"],
      omitted: ["sample_count", "bytes_per_day", "bytes_in_30_days", "bytes_in_year"],
      words: ["row_count": "estimated_rows", "total_bytes": "size_bytes"]),
  ]
}
