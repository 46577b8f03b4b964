package import MariaDBClient
internal import PayopsCore
package import Statistics

/// A metric of the catalogue `monitor_metrics`.
package struct MetricDefinition: Sendable {
  /// Its name.
  package let name: String
  /// The source of its counts, such as payments or settlements.
  package let source: String
  /// The dimension whose members are watched; `all` when it is not split.
  package let dimension: String
  /// Whether it is a share of events, not a count or amount.
  package let isShare: Bool
  /// Whether a step may have no value, such as a gauge without a sample or a percentile of no
  /// payments; a count without payments is 0 instead.
  package let isSampled: Bool
  /// How many minutes are judged at once.
  package let stepMinutes: Int
  /// The detector that judges it.
  package let detector: DetectorConfiguration
  /// When its alerts are raised and resolved.
  package let ladder: SeverityLadder
  /// Whether a step without payments counts as quiet.
  package let gapIsQuiet: Bool
  /// The calendar whose holidays its seasons know; nil for none.
  package let calendar: String?
  /// The columns of `monitor_metrics` that it is read from, without those that are NULL.
  package let columns: [String: String]

  /// Reads the enabled metrics.
  ///
  /// - Returns: each metric, or a ``MonitoringError`` when its detector does not exist or does not
  ///   accept its parameters.
  /// - Throws: `DatabaseError`.
  package static func readAll(
    on connection: Connection
  ) async throws -> [(name: String, metric: Result<MetricDefinition, any Error>)] {
    try await connection.query(
      "SELECT \(columnNames.joined(separator: ", ")) FROM monitor_metrics WHERE is_enabled = 1"
        + " ORDER BY metric_name"
    ).rows.map { row in
      var columns: [String: String] = [:]
      for name in columnNames { columns[name] = row[name] }
      return (columns["metric_name"] ?? "", Result { try MetricDefinition(columns: columns) })
    }
  }

  private static let columnNames = [
    "metric_name", "series_source", "dimension", "numerator", "denominator", "step_minutes",
    "detector", "detector_parameters",
    "calendar_name", "info_minutes", "warning_minutes", "critical_minutes", "severe_minutes",
    "clear_minutes", "gap_is_quiet", "fast_evidence", "fast_severity",
  ]

  /// Makes a metric.
  ///
  /// - Parameter columns: its row of `monitor_metrics`, by column, without what is NULL
  /// - Throws: ``MonitoringError`` when its detector does not exist or does not accept its
  ///   parameters
  package init(columns row: [String: String]) throws(MonitoringError) {
    columns = row
    func number(_ column: String) -> Int { row[column].flatMap { Int($0) } ?? 0 }
    name = row["metric_name"] ?? ""
    source = row["series_source"] ?? ""
    dimension = row["dimension"] ?? ""
    isShare = row["denominator"] != nil
    isSampled =
      source == "gauges" || source == "latency" && (row["numerator"] ?? "").hasPrefix("p")
    stepMinutes = max(1, number("step_minutes"))
    do {
      detector = try DetectorConfiguration(
        row["detector"] ?? "", json: row["detector_parameters"] ?? "{}")
    } catch {
      throw MonitoringError(
        .badMetric, "metric \(name) cannot be judged: \(error.description)", hint: error.hint)
    }
    ladder = SeverityLadder(
      minutes: ["info_minutes", "warning_minutes", "critical_minutes", "severe_minutes"]
        .map(number),
      clearMinutes: max(1, number("clear_minutes")),
      fastEvidence: row["fast_evidence"].flatMap(Double.init),
      fastSeverity: row["fast_severity"].flatMap(Severity.init(rawValue:)) ?? .critical)
    gapIsQuiet = row["gap_is_quiet"] == "1"
    calendar = row["calendar_name"]
  }
}
