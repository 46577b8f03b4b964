package import MariaDBClient
package import Monitoring

/// The health of the payment operations at one moment, as the published views give it.
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
    /// One value per day, oldest first.
    package let course: [Double?]
  }

  /// Open payments of one age.
  package struct AgingBucket: Sendable {
    /// Label of the bucket.
    package let label: String
    /// Payments.
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
    /// Of these, past due and not settled.
    package let overdue: Int64
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

  /// The moment that every figure is of (UTC).
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
  /// What the monitor says of the last week; nil when it had nothing to look at.
  package let monitor: MonitorReport?
}

extension HealthSummary {
  /// Days over which a course is drawn.
  package static let courseDays = 14

  /// Reads the published views.
  ///
  /// - Parameter connection: connection with the schema selected; its `@payops_as_of` is the moment.
  package static func read(from connection: Connection) async throws -> HealthSummary {
    let moment = try await connection.query(
      """
      SELECT DATE_FORMAT(as_of(), '%Y-%m-%d %H:%i') AS moment, DAYNAME(as_of()) AS weekday,
        base_currency() AS currency
      """
    ).rows.first
    return HealthSummary(
      asOf: moment?["moment"] ?? "", currency: moment?["currency"] ?? "",
      weekday: moment?["weekday"] ?? "",
      headlines: try await headlines(connection), backlog: try await backlog(connection),
      settlement: try await settlement(connection), exposure: try await exposure(connection),
      monitor: try await monitor(connection))
  }

  private static func headlines(_ connection: Connection) async throws -> [Headline] {
    let names = [
      "total_count", "total_amount", "success_rate", "authorization_rate", "order_success_rate",
      "technical_decline_rate", "business_decline_rate", "reversal_rate", "mean_duration_ms",
    ]
    let days = try await connection.query(
      """
      SELECT p.total_count, p.total_amount, p.success_rate, p.authorization_rate,
        o.order_success_rate, p.technical_decline_rate, p.business_decline_rate, p.reversal_rate,
        p.mean_duration_ms
      FROM kpi_payment_day AS p
      INNER JOIN kpi_order_day AS o
        ON o.dimension = p.dimension AND o.metric_date = p.metric_date AND o.member = p.member
      WHERE p.dimension = 'all' AND o.dimension = 'all'
        AND p.metric_date > DATE(as_of()) - INTERVAL ? DAY AND p.metric_date <= DATE(as_of())
      ORDER BY p.metric_date
      """, [.integer(Int64(courseDays))])
    let today = try await connection.query(
      "SELECT kpi_name, unit, kpi_value, change_pct FROM kpi_today")
    var byName: [String: Row] = [:]
    for row in today.rows { byName[row["kpi_name"] ?? ""] = row }
    return names.compactMap { name in
      guard let row = byName[name] else { return nil }
      return Headline(
        name: name, unit: row["unit"] ?? "", value: row.double("kpi_value"),
        changePct: row.double("change_pct"), course: days.rows.map { $0.double(name) })
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
    let rows = try await connection.query(
      """
      SELECT rail, due_count, on_time_count, overdue_count, sla_compliance,
        due_date > DATE(as_of()) - INTERVAL 7 DAY AS is_counted
      FROM settlement_sla_day
      WHERE due_date > DATE(as_of()) - INTERVAL ? DAY AND due_date <= DATE(as_of())
      ORDER BY rail, due_date
      """, [.integer(Int64(courseDays))]
    ).rows
    var rails: [String] = []
    for row in rows {
      if let rail = row["rail"], rails.last != rail { rails.append(rail) }
    }
    return rails.map { rail in
      let days = rows.filter { $0["rail"] == rail }
      let counted = days.filter { $0["is_counted"] == "1" }
      func sum(_ column: String) -> Int64 {
        counted.reduce(0) { $0 + ($1.integer(column) ?? 0) }
      }
      return RailCompliance(
        rail: rail, due: sum("due_count"), onTime: sum("on_time_count"),
        overdue: sum("overdue_count"), course: days.map { $0.double("sla_compliance") })
    }
  }

  /// What the monitor says of the last week, in steps long enough to hold a sample of payments.
  private static func monitor(_ connection: Connection) async throws -> MonitorReport? {
    let observed = try await connection.observe(MonitorWindow(hours: 7 * 24))
    let payments = observed.minutes.reduce(0) { $0 + $1.total }
    guard let first = observed.minutes.first?.minute, payments > 0 else { return nil }
    let span = Int64(max(1, observed.currentMinute - first + 1))
    var parameters = MonitorParameters()
    parameters.stepMinutes =
      [1, 5, 15, 30, 60].first { payments * Int64($0) / span >= Int64(parameters.minimumVolume) }
      ?? 60
    return Monitor(parameters).report(on: observed.minutes, currentMinute: observed.currentMinute)
  }

  private static func exposure(_ connection: Connection) async throws -> Exposure {
    let total = try await connection.query(
      "SELECT exposure_amount, open_amount, unsettled_amount FROM exposure_total"
    ).rows.first
    let course = try await connection.query(
      """
      SELECT pending_amount + authorized_amount AS open_amount
      FROM kpi_payment_day
      WHERE dimension = 'all' AND metric_date > DATE(as_of()) - INTERVAL ? DAY
        AND metric_date <= DATE(as_of())
      ORDER BY metric_date
      """, [.integer(Int64(courseDays))])
    return Exposure(
      total: total?.double("exposure_amount") ?? 0, open: total?.double("open_amount") ?? 0,
      unsettled: total?.double("unsettled_amount") ?? 0,
      course: course.rows.map { $0.double("open_amount") })
  }
}
