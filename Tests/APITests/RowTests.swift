import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import API
@testable import Pages

@Suite("Numbers and the rows behind them", .timeLimit(.minutes(5)))
struct RowTests {
  /// Pages with the parameters that make them show something.
  private func targets(_ fixture: APIFixture) async throws -> [String] {
    let customer = try #require(
      try await fixture.root.query(
        """
        SELECT a.customer_id AS n FROM transactions AS t
        INNER JOIN accounts AS a ON a.account_id = t.account_id
        WHERE t.status = 'completed' AND t.counterparty_account_id IS NOT NULL LIMIT 1
        """
      ).rows.first?["n"])
    let chosen = ["risk": "?customer_id=\(customer)", "alerts": "?alert_id=1"]
    return PageDefinition.all.map { $0.name + (chosen[$0.name] ?? "") }
  }

  /// Alerts in several states, so that their counts are not all 0.
  private func raiseAlerts(_ fixture: APIFixture) async throws {
    for subject in ["a", "b", "c"] {
      _ = try await fixture.root.query("CALL raise_alert('rule', '\(subject)', 'WARNING', 'text')")
    }
    for (verb, body) in [
      ("2/acknowledge", "{}"), ("3/disposition", #"{"disposition":"false_positive"}"#),
      ("3/resolve", "{}"),
    ] {
      let answer = try await fixture.ask(
        "POST", "/api/v1/alerts/\(verb)", as: .operate, body: body)
      try #require(answer.status == 200, "\(answer.text)")
    }
  }

  @Test("what the rows behind a number count and add up to is the number, or it is said why not")
  func addUp() async throws {
    try await APIFixture.with { fixture in
      try await raiseAlerts(fixture)
      let alert = try await fixture.raiseIncident().alert
      try await fixture.root.execute(
        """
        INSERT INTO alert_slices (alert_id, slice_number, dimension, member, observed_count,
          event_count, expected_count, explained_share, event_share)
        VALUES (1, 9, 'channel', 'web', 10, 20, 1, 0.5, 0.1)
        """)
      _ = try await fixture.root.query("CALL sample_space()")
      try await fixture.root.execute("UPDATE space_samples SET sample_date = '2026-11-18'")
      _ = try await fixture.root.query("CALL check_integrity(@payops_findings)")
      let proof = RowProof(fixture)
      for target in try await targets(fixture) { try await proof.check(target) }
      try await proof.check("alerts?alert_id=\(alert)")
      #expect(proof.faults.isEmpty, "\(proof.faults.prefix(20).joined(separator: "\n"))")
      #expect(proof.compared > 300)
      // The fixture has no hourly samples, no departure that lasts, no counterparty of another.
      let unseen = ["backlog_history_hour.*", "customer_transfers.*", "monitor_persistence.*"]
      #expect(proof.reasonsLeft == unseen, "reasons that no number has: \(proof.reasonsLeft)")
    }
  }

  @Test("payments that the rollups have not seen, and a link to other rows, are noticed")
  func negativeControl() async throws {
    try await APIFixture.with { fixture in
      try await fixture.root.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status)
        SELECT account_id, '2026-11-18 12:10:00', 1, currency, 'transfer', 'pending'
        FROM accounts WHERE currency = 'EUR' LIMIT 1
        """)
      let proof = RowProof(fixture)
      for page in ["overview", "backlog"] { try await proof.check(page) }
      for number in [
        "kpi_today.total_count", "kpi_today.success_rate", "kpi_today.backlog_count",
        "exposure_total.open_count", "exposure_total.open_amount", "backlog_by_age.open_count",
        "backlog_by_state.open_count", "backlog_flow_hour.inflow_count",
        "ops_health_days.total_count", "kpi_payment_hour.total_count",
      ] {
        #expect(proof.faults.contains { $0.hasPrefix(number) }, "\(number)")
      }
      let without = RowProof(fixture, reasons: [:])
      try await without.check("overview")
      #expect(without.faults.contains { $0.hasPrefix("kpi_today.previous_value: has no rows") })
    }
  }
}
