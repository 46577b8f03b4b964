package import MariaDBClient
package import Statistics

/// A metric of the catalogue `monitor_metrics`.
package struct MetricDefinition: Sendable {
  /// Its name.
  package let name: String
  /// The dimension whose members are watched, all for no split.
  package let dimension: String
  /// Whether it is a share of events rather than a count or amount.
  package let isShare: Bool
  /// How many minutes are judged at once.
  package let stepMinutes: Int
  /// How it is judged.
  package let detector: DetectorConfiguration
  /// When it is told.
  package let ladder: SeverityLadder
  /// Whether a step without payments counts as quiet.
  package let gapIsQuiet: Bool
  /// The calendar whose holidays its seasons know; nil for none.
  package let calendar: String?

  /// Reads the metrics that are enabled.
  ///
  /// - Returns: the metrics, or a ``MonitoringError`` that names one whose detector does not exist or
  ///   cannot have its parameters.
  /// - Throws: `DatabaseError`.
  package static func readAll(
    on connection: Connection
  ) async throws -> [(name: String, metric: Result<MetricDefinition, any Error>)] {
    try await connection.query(
      """
      SELECT metric_name, dimension, denominator, step_minutes, detector, detector_parameters,
        calendar_name, info_minutes, warning_minutes, critical_minutes, severe_minutes,
        clear_minutes, gap_is_quiet, fast_evidence, fast_severity
      FROM monitor_metrics WHERE is_enabled = 1 ORDER BY metric_name
      """
    ).rows.map { row in
      (row["metric_name"] ?? "", Result { try MetricDefinition(row) })
    }
  }

  private init(_ row: Row) throws {
    func number(_ column: String) -> Int { Int(row.integer(column) ?? 0) }
    name = row["metric_name"] ?? ""
    dimension = row["dimension"] ?? ""
    isShare = row["denominator"] != nil
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
