package import MariaDBClient
package import Tabular

/// Scores of customers, and the hits behind them.
package enum Scores {
  /// The customers with the highest scores.
  package static func highest(_ limit: Int, on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT customer_id, risk_score, risk_band, event_count, is_override FROM risk_scores"
          + " ORDER BY risk_score DESC, customer_id LIMIT ?", [.integer(Int64(limit))]))
  }

  /// The hits behind the score of a customer.
  package static func explain(_ customer: Int64, on connection: Connection) async throws
    -> DataTable
  {
    DataTable(try await connection.query("CALL explain_risk(?)", [.integer(customer)])).roles([
      "risk_level": .minor, "rule_version": .minor, "occurred_at": .key, "points": .key,
      "evidence": .text(atLeast: 28),
    ])
  }

  /// Overrides the score of a customer for some days.
  package static func override(
    _ customer: Int64, score: Int, reason: String, days: Int, on connection: Connection
  ) async throws {
    _ = try await connection.query(
      "CALL override_risk_score(?, ?, ?, ?)",
      [.integer(customer), .integer(Int64(score)), .text(reason), .integer(Int64(days))])
    _ = try await connection.query("CALL apply_risk_scores(NULL)")
  }
}
