package import MariaDBClient
package import PayopsCore

/// The health of the payment operations at one moment, read from the published views.
package struct HealthSummary: Sendable {
  /// A headline KPI of today with its course over the last days.
  package struct Headline: Sendable {
    /// Name in the KPI catalogue.
    package let name: String
    /// ratio, count, amount or ms.
    package let unit: String
    /// The value; nil when its denominator is 0.
    package let value: Double?
    /// Change against the same weekday last week up to the same time, percent.
    package let changePct: Double?
    /// The same change of a rate in percentage points; nil for what is no rate.
    package let changePoints: Double?
    /// One value per day, oldest first.
    package let course: [Double?]
  }

  /// Open payments of one age.
  package struct AgingBucket: Sendable {
    /// Label of the bucket.
    package let label: String
    /// The number of payments.
    package let count: Int64
    /// Their amount, base currency.
    package let amount: Double
  }

  /// Settlements of one rail over the last seven due dates.
  package struct RailCompliance: Sendable {
    /// The rail.
    package let rail: String
    /// Settlements due.
    package let due: Int64
    /// Of these, settled in time.
    package let onTime: Int64
    /// Of these, settled later than due.
    package let late: Int64
    /// Of these, failed.
    package let failed: Int64
    /// Of these, past due and not settled.
    package let overdue: Int64
    /// Share in time; nil when nothing was due.
    package let share: Double?
    /// Share in time per due date, oldest first.
    package let course: [Double?]
  }

  /// Money at risk.
  package struct Exposure: Sendable {
    /// Amount of open payments and pending settlements, base currency.
    package let total: Double
    /// Of it, open payments.
    package let open: Double
    /// Of it, pending settlements.
    package let unsettled: Double
    /// Amount still open by day of origin, oldest first.
    package let course: [Double?]
  }

  /// An open alert that no other alert explains.
  package struct Incident: Sendable {
    /// Number of the alert.
    package let id: Int64
    /// The rule of the alert.
    package let rule: String
    /// The subject of the alert.
    package let subject: String
    /// The severity of the alert.
    package let severity: Severity
    /// firing or acknowledged.
    package let state: String
    /// When it was raised.
    package let raisedAt: String
    /// Its age, seconds.
    package let ageSeconds: Int64
    /// The member that explains most of it; nil without one.
    package let cause: String?
  }

  /// The state of the jobs.
  package struct Jobs: Sendable {
    /// Whether a scheduler starts them.
    package let isScheduled: Bool
    /// Those that are late or failing, comma separated; nil for none.
    package let troubled: String?
    /// Runs that failed in the last 24 hours.
    package let failedRuns: Int64
  }

  /// The state of the backups.
  package struct Backups: Sendable {
    /// The newest backup that was verified by a restore; nil for none.
    package let newestVerified: String?
    /// Its age, seconds.
    package let ageSeconds: Int64?
    /// Backups whose verification failed.
    package let failed: Int64
  }

  /// The moment of every figure (UTC).
  package let asOf: String
  /// Base currency of every amount.
  package let currency: String
  /// Name of the weekday with which today is compared.
  package let weekday: String
  /// Today's KPIs.
  package let headlines: [Headline]
  /// The backlog by age, youngest first.
  package let backlog: [AgingBucket]
  /// Settlement by rail.
  package let settlement: [RailCompliance]
  /// Money at risk.
  package let exposure: Exposure
  /// Open incidents, the most severe first; their severities are those of the alerts.
  package let incidents: [Incident]
  /// The last minute that the monitor judged (UTC); nil before its first tick.
  package let monitoredUntil: String?
  /// The jobs.
  package let jobs: Jobs
  /// The backups.
  package let backups: Backups
}

extension HealthSummary {
  /// Days over which a course is drawn.
  package static let courseDays = 14

  /// Reads the published views.
  ///
  /// - Parameter connection: connection with the schema selected; its `@payops_as_of` is the
  ///   moment.
  package static func read(from connection: Connection) async throws -> HealthSummary {
    let head = try await connection.query("SELECT * FROM ops_health").rows.first
    let days = try await connection.query("SELECT * FROM ops_health_days ORDER BY metric_date").rows
    return HealthSummary(
      asOf: String((head?["as_of_time"] ?? "").prefix(16)), currency: head?["base_currency"] ?? "",
      weekday: head?["weekday"] ?? "", headlines: try await headlines(days, connection),
      backlog: try await backlog(connection), settlement: try await settlement(connection),
      exposure: Exposure(
        total: head?.double("exposure_amount") ?? 0, open: head?.double("open_amount") ?? 0,
        unsettled: head?.double("unsettled_amount") ?? 0,
        course: days.map { $0.double("open_amount") }),
      incidents: try await incidents(connection), monitoredUntil: head?["monitored_until"],
      jobs: Jobs(
        isScheduled: head?["is_at_work"] == "1", troubled: head?["troubled_jobs"],
        failedRuns: head?.integer("failed_run_count") ?? 0),
      backups: Backups(
        newestVerified: head?["newest_verified_id"],
        ageSeconds: head?.integer("verified_age_seconds"),
        failed: head?.integer("failed_backup_count") ?? 0))
  }

  private static func headlines(
    _ days: [Row], _ connection: Connection
  ) async throws -> [Headline] {
    let names = [
      "total_count", "total_amount", "success_rate", "authorization_rate", "order_success_rate",
      "technical_decline_rate", "business_decline_rate", "reversal_rate", "mean_duration_ms",
    ]
    var byName: [String: Row] = [:]
    for row in try await connection.query(
      "SELECT kpi_name, unit, kpi_value, change_pct, change_points FROM kpi_today"
    ).rows { byName[row["kpi_name"] ?? ""] = row }
    return names.compactMap { name in
      guard let row = byName[name] else { return nil }
      return Headline(
        name: name, unit: row["unit"] ?? "", value: row.double("kpi_value"),
        changePct: row.double("change_pct"), changePoints: row.double("change_points"),
        course: days.map { $0.double(name) })
    }
  }

  private static func backlog(_ connection: Connection) async throws -> [AgingBucket] {
    try await connection.query(
      "SELECT bucket_label, open_count, open_amount FROM backlog_by_age ORDER BY bucket_number"
    ).rows.map { row in
      AgingBucket(
        label: row["bucket_label"] ?? "", count: row.integer("open_count") ?? 0,
        amount: row.double("open_amount") ?? 0)
    }
  }

  private static func settlement(_ connection: Connection) async throws -> [RailCompliance] {
    let days = Dictionary(
      grouping: try await connection.query(
        "SELECT rail, sla_compliance FROM ops_health_rail_days ORDER BY rail, due_date"
      ).rows
    ) { $0["rail"] ?? "" }
    return try await connection.query("SELECT * FROM ops_health_rails ORDER BY rail").rows.map {
      row in
      let rail = row["rail"] ?? ""
      return RailCompliance(
        rail: rail, due: row.integer("due_count") ?? 0,
        onTime: row.integer("on_time_count") ?? 0, late: row.integer("late_count") ?? 0,
        failed: row.integer("failed_count") ?? 0, overdue: row.integer("overdue_count") ?? 0,
        share: row.double("sla_compliance"),
        course: (days[rail] ?? []).map { $0.double("sla_compliance") })
    }
  }

  private static func incidents(_ connection: Connection) async throws -> [Incident] {
    try await connection.query(
      "SELECT * FROM ops_health_incidents ORDER BY severity + 0 DESC, raised_at, incident_id"
    ).rows.map { row in
      Incident(
        id: row.integer("incident_id") ?? 0, rule: row["alert_rule"] ?? "",
        subject: row["alert_subject"] ?? "",
        severity: row["severity"].flatMap(Severity.init(rawValue:)) ?? .severe,
        state: row["alert_state"] ?? "", raisedAt: row["raised_at"] ?? "",
        ageSeconds: row.integer("age_seconds") ?? 0, cause: row["cause"])
    }
  }
}
