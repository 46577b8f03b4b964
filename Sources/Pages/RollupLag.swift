internal import MariaDBClient

/// How far the rollups, and so most figures, are behind the payments.
package struct RollupLag: Sendable {
  /// The age of the oldest change that waits, seconds; 0 when none does.
  package let seconds: String
  /// Since when it waits; nil when nothing does.
  package let waitingSince: String?
  /// Changes that wait.
  package let waiting: String

  /// The job applies changes every ten seconds: twelve times in a row it has not.
  static let staleSeconds = 120.0

  /// Whether a reader must know.
  package var isStale: Bool { (Double(seconds) ?? 0) >= Self.staleSeconds }

  /// Reads it; nil for an account that may not.
  static func read(on connection: Connection) async throws(DatabaseError) -> RollupLag? {
    do {
      let row = try await connection.query(
        """
        SELECT
          MAX(lag_seconds) AS lag_seconds, MIN(oldest_captured_at) AS waiting_since,
          SUM(waiting_count) AS waiting_count
        FROM ops_rollup_lag
        """
      ).rows.first
      return RollupLag(
        seconds: row?["lag_seconds"] ?? "0", waitingSince: row?["waiting_since"],
        waiting: row?["waiting_count"] ?? "0")
    } catch  where ![.cannotConnect, .connectionLost, .closed].contains(error.code) {
      return nil
    }
  }
}
