import Foundation

/// How rows make numbers, written without the SQL of the views.
extension RowProof {
  /// Views whose rows are single things: what stands in a row is of that thing.
  static let things: Set<String> = [
    "payment_list", "settlement_list", "settlement_overdue", "backlog_stuck_payments",
    "spend_value_anomalies", "alert_list", "ops_alert_changes", "risk_case_list", "risk_hit_list",
    "risk_case_evidence", "ops_job_runs", "ops_jobs", "ops_import_runs",
    "risk_score_events", "ops_backups", "ops_log_archives", "ops_audit_entries", "ops_job_timeline",
  ]

  /// Numbers without rows, and why; `*` stands for all of a view that have no link.
  static let reasons: [String: String] = [
    "kpi_today.kpi_number": "the place on the page",
    "kpi_today.previous_value": "the figure of a week before, up to the same time of the day",
    "backlog_by_age.bucket_number": "the place on the page",
    "backlog_by_age.from_seconds": "a bound", "backlog_by_age.to_seconds": "a bound",
    "backlog_by_state.oldest_age_seconds": "an age, of the payment that is last in the list",
    "backlog_by_state.maximum_age_seconds": "a limit that people set",
    "kpi_slo_budget.target_ratio": "a limit that people set",
    "kpi_scheme_headroom.*": "months of sales against months of disputes, and limits of schemes",
    "ops_health_rails.target_ratio": "a limit that people set",
    "settlement_sla_day.target_ratio": "a limit that people set",
    "backlog_history_hour.*": "what was open when the hour was sampled",
    "alert_day.*": "alerts of a day by rule, severity and owner, which the list has by rule",
    "monitor_persistence.*": "minutes of a departure, which the chart of the series shows",
    "customer_transfers.*": "the other party is personal data, which no list is searched by",
    "monitor_now.*": "a judged step of a series, which the chart beside it shows",
    "ops_alert_slices.*": "what was counted when the alert was judged last",
    "risk_scores.*": "points that decay, which explain_risk lists",
    "customer_counterparties.*": "the other party is personal data, which no list is searched by",
    "spend_top_payees.*": "the other party is personal data, which no list is searched by",
    "spend_by_hour_of_day.*": "one hour of each of thirty days",
    "spend_value_distribution.bucket_number": "the place on the page",
    "spend_value_distribution.from_amount": "a bound",
    "spend_value_distribution.to_amount": "a bound",
    "spend_value_distribution.completed_total": "the sum of the buckets, which stand beside it",
    "customer_location_metrics.*": "customers, whose addresses are personal data",
    "ops_backup_status.*": "facts of backups",
    "ops_scheduler.*": "jobs, which stand below",
    "ops_rollup_lag.*": "changes that wait to be applied",
    "ops_freshness.*": "ages of the newest rows",
    "ops_integrity_checks.*": "rows of the view that was checked, when it was",
    "ops_space_forecast.*": "sizes of tables",
  ]

  /// Sums that the columns beside a number make.
  static func derived(_ number: String, _ record: Row) -> Double? {
    func column(_ name: String) -> Double? { (record[name] as? NSNumber)?.doubleValue }
    func over(_ upper: Double?, _ lower: Double?) -> Double? {
      guard let upper, let lower, lower != 0 else { return nil }
      return upper / lower
    }
    func burn(_ window: String) -> Double? {
      over(
        over(column("miss_\(window)_count"), column("due_\(window)_count")),
        column("target_ratio").map { 1 - $0 })
    }
    let budget = column("due_count").flatMap { due in
      column("target_ratio").map { due * (1 - $0) }
    }
    switch number {
    case "kpi_today.numerator":
      // A KPI that is no ratio is its own numerator.
      return record["denominator"] is NSNull
        ? column("kpi_value")
        : over(column("kpi_value"), 1).flatMap { value in
          column("denominator").map { (value * $0).rounded() }
        }
    case "kpi_today.denominator":
      return over(column("numerator"), column("kpi_value")).map { $0.rounded() }
        ?? column("denominator")
    case "kpi_today.change_pct":
      return over(column("kpi_value"), column("previous_value")).map { 100 * ($0 - 1) }
    case "kpi_today.change_points":
      return column("kpi_value").flatMap { now in
        column("previous_value").map { 100 * (now - $0) }
      }
    case "exposure_total.exposure_amount":
      return column("open_amount").flatMap { open in
        column("unsettled_amount").map { open + $0 }
      }
    case "backlog_flow_hour.clear_seconds":
      return over(column("backlog_count").map { $0 * 3600 }, column("outflow_count"))?.rounded()
    case "kpi_slo_budget.budget_count": return budget
    case "kpi_slo_budget.budget_left_count":
      return budget.flatMap { budget in column("miss_count").map { budget - $0 } }
    case "kpi_slo_budget.budget_left_ratio":
      return over(budget.flatMap { budget in column("miss_count").map { budget - $0 } }, budget)
    case "kpi_slo_budget.burn_1h": return burn("1h")
    case "kpi_slo_budget.burn_6h": return burn("6h")
    case "kpi_slo_budget.burn_3d": return burn("3d")
    case "spend_value_distribution.share_ratio":
      return over(column("completed_count"), column("completed_total"))
    default: return nil
    }
  }

  private static let attempted: Set<String> = approved.union(["failed", "denied"])
  private static let approved: Set<String> = captured.union(["authorized"])
  private static let captured: Set<String> = ["completed", "reversed", "refunded", "charged_back"]

  /// What rows make of a number; nil when it is not known how.
  static func sum(_ rows: [Row], of name: String, unit: String) -> Double? {
    func count(_ states: Set<String>? = nil, where isWanted: (Row) -> Bool = { _ in true })
      -> Double
    {
      Double(
        rows.filter {
          (states?.contains($0["status"] as? String ?? "") ?? true) && isWanted($0)
        }.count)
    }
    func share(_ upper: Double, _ lower: Double) -> Double? { lower == 0 ? nil : upper / lower }
    func values(_ column: String) -> [Double] {
      rows.compactMap { ($0[column] as? NSNumber)?.doubleValue }
    }
    func mean(_ column: String) -> Double? {
      share(values(column).reduce(0, +), Double(values(column).count))
    }
    let isFinal: (Row) -> Bool = { ($0["is_final_attempt"] as? NSNumber)?.intValue == 1 }
    switch name {
    case "success_rate": return share(count(["completed"]), count())
    case "authorization_rate": return share(count(approved), count(attempted))
    case "technical_decline_rate": return share(count(["failed"]), count(attempted))
    case "business_decline_rate": return share(count(["denied"]), count(attempted))
    case "reversal_rate": return share(count(["reversed"]), count(approved))
    case "order_success_rate":
      return share(count(captured, where: isFinal), count(where: isFinal))
    case "mean_duration_ms": return mean("duration_ms")
    case "mean_amount": return share(values("base_amount").reduce(0, +), count())
    case "customers_affected": return Double(Set(values("customer_id")).count)
    case "account_count": return Double(Set(values("account_id")).count)
    case "sla_compliance":
      return share(count(where: { ($0["is_on_time"] as? NSNumber)?.intValue == 1 }), count())
    case "acknowledged_count": return count(where: { $0["acknowledged_at"] is String })
    case "mean_detect_seconds": return mean("detect_seconds")
    case "mean_acknowledge_seconds": return mean("acknowledge_seconds")
    case "mean_resolve_seconds": return mean("resolve_seconds")
    case "alert_precision":
      return share(
        count(where: { $0["disposition"] as? String == "true_positive" }), count())
    default:
      switch unit {
      case "count": return count()
      case "amount": return values("base_amount").reduce(0, +)
      default: return nil
      }
    }
  }
}
