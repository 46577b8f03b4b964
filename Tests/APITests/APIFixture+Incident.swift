import MariaDBClient
import TestSupport

@testable import API

extension APIFixture {
  /// An acquirer over which payments fail.
  struct Incident: Sendable {
    let alert: Int64
    let acquirer: String
  }

  /// Lets payments over an acquirer fail for half an hour, and raises the alert as the monitor does,
  /// with what it keeps of the series.
  func raiseIncident() async throws -> Incident {
    let acquirer =
      try await root.query(
        "SELECT acquirer FROM transactions WHERE acquirer IS NOT NULL"
          + " GROUP BY acquirer ORDER BY COUNT(*) DESC LIMIT 1"
      ).rows.first?["acquirer"] ?? ""
    try await root.execute(
      """
      INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
        transaction_type, status, acquirer)
      SELECT account_id, '2026-11-18 12:00:00' + INTERVAL account_id MOD 29 MINUTE,
        10 + account_id MOD 7, currency, 'transfer', 'failed', ?
      FROM accounts WHERE account_status = 'active' ORDER BY account_id LIMIT 40
      """, [.text(acquirer)])
    _ = try await root.query("CALL refresh_rollups(100000)")
    for series in ["'failed_rate_by_acquirer', ?", "'failed_rate', 'all'"] {
      let values: [SQLValue] = series.hasSuffix("?") ? [.text(acquirer)] : []
      try await root.execute(
        "INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)"
          + " VALUES (\(series), '{}', '2026-11-18 12:29:00')", values)
      try await root.execute(
        "INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value,"
          + " event_count, expected_value, upper_value, sample_size, verdict)"
          + " VALUES (\(series), '2026-11-18 12:29:00', 0.5, 40, 0.02, 0.1, 1000, 'anomalous')",
        values)
    }
    try await root.execute("START TRANSACTION")
    _ = try await root.query(
      "CALL raise_metric_alert('failed_rate_by_acquirer', ?, 'CRITICAL', '2026-11-18 12:00:00',"
        + " '2026-11-18 12:30:00', 'half of the payments failed', 'normal is 2 %')",
      [.text(acquirer)])
    try await root.execute("COMMIT")
    let id = try await root.query("SELECT MAX(alert_id) AS id FROM alerts").rows.first?
      .integer("id")
    return Incident(alert: id ?? 0, acquirer: acquirer)
  }

  /// The blocks of a page by name.
  func blocks(_ target: String, as scope: Scope = .operate) async throws -> [String: RowProof.Row] {
    let page = try await ask("GET", "/api/v1/pages/\(target)", as: scope)
    let blocks = (page.json["sections"] as? [RowProof.Row] ?? [])
      .flatMap { $0["blocks"] as? [RowProof.Row] ?? [] }
    return Dictionary(
      blocks.map { ($0["name"] as? String ?? "", $0) }, uniquingKeysWith: { first, _ in first })
  }
}
