import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Simulation

/// Every table and view over one generated history, compared with checksums of each of its columns.
///
/// The tests of single views show why a figure is right; this one notices any change of any figure
/// of any view, at three moments. After an intended change `PAYOPS_UPDATE_SNAPSHOTS=1` renews the
/// golden file.
@Suite("Figures of every table and view", .timeLimit(.minutes(10)))
struct PublishedFiguresTests {
  static let parameters = SimulationParameters(
    transactions: 5000, days: 70, end: Sample.end, seed: 23, customers: 250)

  /// Moments at which the views are read: the end of the history, within it, and long after it.
  static let moments = [
    "2026-01-15 12:00:00", "2026-01-03 06:30:00", "2026-03-01 00:00:00",
  ]

  /// Columns about the installation, the moment of the run or random keys.
  static let unsteady: Set<String> = [
    "deployed_objects", "audit_log", "audit_head", "ops_audit_entries", "erasure_keys",
    "ops_objects",
    "ops_rollup_lag", "ops_space_forecast", "space_samples", "ops_freshness", "rollup_state",
    "ops_revision",
  ]

  /// Columns that hold, or derive from, the time at which a row was written by the clock of the
  /// server.
  static let unsteadyColumns: Set<String> = [
    "alert_list.raised_at", "alert_list.seen_at", "alert_list.open_seconds", "alert_list.fired_at",
    "customer_counterparties.counterparty_key", "payment_cube_days.counted_at", "alerts.raised_at",
    "alerts.seen_at", "alerts.fired_at", "alert_changes.changed_at",
    "integrity_checks.checked_at", "integrity_checks.check_ms", "ops_alerts.raised_at",
    "ops_alerts.seen_at", "ops_alerts.open_seconds", "ops_alerts.fired_at",
    "ops_alert_changes.changed_at", "ops_health_incidents.age_seconds",
    "ops_health_incidents.raised_at", "ops_incidents.raised_at", "ops_integrity_checks.checked_at",
    "ops_integrity_checks.age_seconds", "ops_integrity_checks.check_ms",
    "risk_rule_catalog.last_duration_ms", "risk_rule_runs.duration_ms", "risk_runs.started_at",
    "risk_runs.ended_at", "risk_score_runs.started_at", "risk_score_runs.ended_at",
    "rule_versions.proposed_at", "rule_versions.approved_at", "simulation_runs.started_at",
    "simulation_runs.finished_at", "stuck_payments.marked_at",
  ]

  /// Thresholds with many hits: with the defaults, half of the rules hit nobody here.
  private static let loosened = """
    UPDATE rule_parameters SET parameter_value = CASE
        WHEN parameter_name = 'minimum_amount' THEN parameter_value / 20
        WHEN parameter_name = 'minimum_count' THEN LEAST(parameter_value, 2)
        WHEN parameter_name IN ('minimum_share', 'percentile') THEN parameter_value / 2
        WHEN parameter_name = 'minimum_deviations' THEN 1
        WHEN parameter_name = 'idle_days' THEN 5
        WHEN parameter_name = 'age_days' THEN 60
        WHEN parameter_name IN ('window_seconds', 'window_hours') THEN parameter_value * 4
        WHEN parameter_name = 'round_unit' THEN 5
        ELSE parameter_value END
    """

  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden/published_figures.txt")

  /// The history, with everything that the jobs of the database derive from it.
  static func fill(_ connection: Connection) async throws {
    _ = try await SimulationLoader(options: connection.options, parameters: parameters)
      .run(now: Sample.end)
    try await connection.execute("SET @payops_as_of = '\(moments[0])'")
    for call in [
      "refresh_rollups(100000)", "mark_stuck_payments()", "update_risk_scores()",
      "roll_settlement_due_dates()", "sample_gauges('2026-01-15 11:59:00')", "watch_integrity()",
      "refresh_rollups(100000)",
    ] { _ = try await connection.queryAll("CALL \(call)") }
  }

  /// What later releases derive beside that.
  private static func fillLater(_ connection: Connection) async throws {
    for call in ["sample_backlog()", "refresh_payment_cube(1000)"] {
      _ = try await connection.queryAll("CALL \(call)")
    }
  }

  @Test("no figure of any table or view changes unnoticed")
  func figures() async throws {
    try await TestServer.withSchema { connection in
      try await Self.fill(connection)
      try await Self.fillLater(connection)
      let sources = try await Figures.sources(
        connection, without: Self.unsteady.union(Self.unsteadyColumns))
      var found: [String] = []
      for source in sources {
        var moments: [[String]] = []
        for moment in source.isView ? Self.moments : Array(Self.moments.prefix(1)) {
          try await connection.execute("SET @payops_as_of = '\(moment)'")
          moments.append(try await Figures.values(of: source, connection))
        }
        found += Figures.lines(of: source, moments)
      }
      try await connection.execute("SET @payops_as_of = '\(Self.moments[0])'")
      try await connection.execute(Self.loosened)
      for source in sources where source.isView && source.name.hasPrefix("rule_") {
        let values = try await Figures.values(of: source, connection)
        found += Figures.lines(of: source, [values], note: ", loosened")
      }
      try Figures.hold(found, to: Self.golden)
    }
  }
}
