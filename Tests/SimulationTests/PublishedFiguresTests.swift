import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Simulation

/// Every table and view over one generated history, held to checksums of each of its columns.
///
/// The tests of single views say why a figure is right; this one notices that any figure of any
/// view, at any of three moments, is no longer what it was. Where that is wanted,
/// `PAYOPS_UPDATE_SNAPSHOTS=1` writes the golden file anew.
@Suite("Figures of every table and view", .timeLimit(.minutes(10)))
struct PublishedFiguresTests {
  private static let parameters = SimulationParameters(
    transactions: 5000, days: 70, end: Sample.end, seed: 23, customers: 250)

  /// Moments at which the views are read: the end of the history, within it, and long after it.
  private static let moments = [
    "2026-01-15 12:00:00", "2026-01-03 06:30:00", "2026-03-01 00:00:00",
  ]

  /// What is about the installation, the moment of the run or random keys.
  private static let unsteady: Set<String> = [
    "deployed_objects", "audit_log", "audit_head", "erasure_keys", "ops_objects",
    "ops_rollup_lag", "ops_space_forecast", "space_samples", "ops_freshness", "rollup_state",
  ]

  /// Columns that hold when a row was written, by the clock of the server, or what comes from it.
  private static let unsteadyColumns: Set<String> = [
    "alerts.raised_at", "alerts.seen_at", "alerts.fired_at", "alert_changes.changed_at",
    "integrity_checks.checked_at", "integrity_checks.check_ms", "ops_alerts.raised_at",
    "ops_alerts.seen_at", "ops_alerts.open_seconds", "ops_alerts.fired_at",
    "ops_alert_changes.changed_at", "ops_incidents.raised_at", "ops_integrity_checks.checked_at",
    "ops_integrity_checks.age_seconds", "ops_integrity_checks.check_ms",
    "risk_rule_catalog.last_duration_ms", "risk_rule_runs.duration_ms", "risk_runs.started_at",
    "risk_runs.ended_at", "risk_score_runs.started_at", "risk_score_runs.ended_at",
    "rule_versions.proposed_at", "rule_versions.approved_at", "simulation_runs.started_at",
    "simulation_runs.finished_at", "stuck_payments.marked_at",
  ]

  /// Thresholds at which the rules hit many: with their own, half of them hit nobody here.
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

  /// The history, with everything that the jobs of the database make of it.
  private static func fill(_ connection: Connection) async throws {
    _ = try await SimulationLoader(options: connection.options, parameters: parameters)
      .run(now: Sample.end)
    try await connection.execute("SET @payops_as_of = '\(moments[0])'")
    for call in [
      "refresh_rollups(100000)", "mark_stuck_payments()", "update_risk_scores()",
      "roll_settlement_due_dates()", "sample_gauges('2026-01-15 11:59:00')", "watch_integrity()",
      "refresh_rollups(100000)",
    ] { _ = try await connection.queryAll("CALL \(call)") }
  }

  /// Rows and, by column, a checksum of all values whatever the order of the rows; the last says
  /// which values stand together.
  private static func figures(
    of name: String, columns: [(name: String, isFloat: Bool)], _ connection: Connection
  ) async throws -> [String] {
    let texts = columns.map { column in
      // Sums of floats depend on the order of what is added.
      let value = column.isFloat ? "ROUND(`\(column.name)`, 6)" : "`\(column.name)`"
      return "COALESCE(HEX(CAST(\(value) AS CHAR CHARACTER SET utf8mb4)), '-')"
    }
    let sums = (texts + ["CONCAT_WS('|', \(texts.joined(separator: ", ")))"])
      .map { "SUM(CRC32(\($0)))" }
    let row = try await connection.query(
      "SELECT COUNT(*), \(sums.joined(separator: ", ")) FROM \(name)"
    ).rows[0]
    return (0...sums.count).map { row.text(at: $0) ?? "none" }
  }

  @Test("no figure of any table or view changes unnoticed")
  func figures() async throws {
    try await TestServer.withSchema { connection in
      try await Self.fill(connection)
      let columns = try await connection.query(
        """
        SELECT c.table_name, c.column_name, c.data_type IN ('float', 'double') AS is_float
        FROM information_schema.columns AS c
        WHERE c.table_schema = DATABASE()
        ORDER BY c.table_name, c.ordinal_position
        """
      ).rows
      var byName: [(name: String, columns: [(name: String, isFloat: Bool)])] = []
      for row in columns {
        let (table, column) = (row["table_name"] ?? "", row["column_name"] ?? "")
        guard !Self.unsteady.contains(table), !Self.unsteadyColumns.contains("\(table).\(column)")
        else { continue }
        if byName.last?.name != table { byName.append((table, [])) }
        byName[byName.count - 1].columns.append((column, row["is_float"] == "1"))
      }
      let views = Set(
        try await connection.query(
          "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()"
        ).rows.compactMap { $0.text(at: 0) })
      var found: [String] = []
      for (name, columns) in byName {
        var moments: [[String]] = []
        for moment in views.contains(name) ? Self.moments : Array(Self.moments.prefix(1)) {
          try await connection.execute("SET @payops_as_of = '\(moment)'")
          moments.append(try await Self.figures(of: name, columns: columns, connection))
        }
        let labels = ["rows"] + columns.map(\.name) + ["together"]
        for (position, label) in labels.enumerated() {
          let values = moments.map { $0[position] }
          found.append(
            "\(name).\(label) "
              + (Set(values).count == 1 ? values[0] : values.joined(separator: " ")))
        }
      }
      try await connection.execute("SET @payops_as_of = '\(Self.moments[0])'")
      try await connection.execute(Self.loosened)
      for (name, columns) in byName where name.hasPrefix("rule_") && views.contains(name) {
        let values = try await Self.figures(of: name, columns: columns, connection)
        for (position, label) in (["rows"] + columns.map(\.name) + ["together"]).enumerated() {
          found.append("\(name).\(label), loosened \(values[position])")
        }
      }
      if ProcessInfo.processInfo.environment["PAYOPS_UPDATE_SNAPSHOTS"] != nil {
        try FileManager.default.createDirectory(
          at: Self.golden.deletingLastPathComponent(), withIntermediateDirectories: true)
        try (found.joined(separator: "\n") + "\n").write(
          to: Self.golden, atomically: true, encoding: .utf8)
      }
      let kept = try String(contentsOf: Self.golden, encoding: .utf8).split(separator: "\n")
        .map(String.init)
      let (lost, new) = (Set(kept).subtracting(found), Set(found).subtracting(kept))
      #expect(
        lost.isEmpty && new.isEmpty,
        """
        was:
        \(lost.sorted().prefix(20).joined(separator: "\n"))
        is:
        \(new.sorted().prefix(20).joined(separator: "\n"))
        """)
    }
  }
}
