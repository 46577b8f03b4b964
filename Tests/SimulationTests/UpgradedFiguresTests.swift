import MariaDBClient
import Schema
import TestSupport
import Testing

@testable import Simulation

/// The same history before and after an upgrade: every view that both versions publish answers
/// with the same rows and values.
@Suite("Figures of an upgraded installation", .timeLimit(.minutes(10)))
struct UpgradedFiguresTests {
  /// Columns of 0.1.0 that have another name, or another text, now; the changelog lists them.
  private static let renamed = [
    "kpi_payment_minute.reversed_rate_s4": "kpi_payment_minute.reversed_rate",
    "kpi_payment_hour.reversed_rate_s4": "kpi_payment_hour.reversed_rate",
    "kpi_payment_day.reversed_rate_s4": "kpi_payment_day.reversed_rate",
    "kpi_payment_minute.pending_amount": "kpi_payment_minute.created_or_pending_amount",
    "kpi_payment_hour.pending_amount": "kpi_payment_hour.created_or_pending_amount",
    "kpi_payment_day.pending_amount": "kpi_payment_day.created_or_pending_amount",
    "backlog_by_hour.pending_amount": "backlog_by_hour.created_or_pending_amount",
    "backlog_by_location.pending_amount": "backlog_by_location.created_or_pending_amount",
    "backlog_by_merchant_category.pending_amount":
      "backlog_by_merchant_category.created_or_pending_amount",
  ]
  private static let removed: Set<String> = [
    "kpi_today.kpi_name", "int_today_payment.kpi_name", "risk_rule_catalog.source",
  ]
  /// Views of rules that find more, and what shows their hits, since 0.2.0; the changelog says what.
  private static let changed: Set<String> = [
    "rule_a13_dormant_reactivation", "rule_a20_scatter_gather", "rule_a38_relationship_burst",
    "risk_rule_catalog", "risk_scores.risk_score", "risk_scores.risk_band",
    // Its mean is rounded in decimals.
    "rule_a26_amount_outlier.evidence",
    // It has the jobs of later releases.
    "ops_jobs",
  ]
  /// A view by this name lists what the catalogue has.
  private static let catalogues: Set<String> = ["ops_scheduler"]

  /// Sums by view and column, at each moment.
  private static func sums(_ connection: Connection) async throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    let sources = try await Figures.sources(
      connection,
      without: PublishedFiguresTests.unsteady.union(PublishedFiguresTests.unsteadyColumns))
    for moment in PublishedFiguresTests.moments {
      try await connection.execute("SET @payops_as_of = '\(moment)'")
      for source in sources where source.isView && !source.name.hasPrefix("int_") {
        let values = try await Figures.values(of: source, connection)
        for line in Figures.lines(of: source, [values]) {
          let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
          if parts[0].hasSuffix(".together") { continue }
          found[renamed[parts[0]] ?? parts[0], default: []].append(parts[1])
        }
      }
    }
    return found
  }

  @Test("every view answers as before the upgrade, at three moments")
  func figures() async throws {
    let earlier = try await RecordedRelease.manifest("0.1.0")
    try await TestServer.withSchema(deployed: false) { connection in
      try await Deployment(connection: connection, manifest: earlier, version: "0.1.0").deploy()
      try await PublishedFiguresTests.fill(connection)
      let before = try await Self.sums(connection)
      #expect(before["kpi_payment_day.total_count"]?.count == 3)
      try await Deployment(connection: connection).deploy()
      let after = try await Self.sums(connection)
      let isMeant = { (column: String) in
        Self.removed.contains(column) || Self.changed.contains(column)
          || Self.changed.contains(String(column.prefix { $0 != "." }))
      }
      for (column, values) in before where !isMeant(column) {
        #expect(after[column] == values, "\(column)")
      }
    }
  }
}
