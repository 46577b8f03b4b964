import MariaDBClient
import TestSupport
import Testing

@Suite("Lag of the rollups", .timeLimit(.minutes(5)))
struct RollupLagTests {
  @Test("the lag is the age of the oldest pending change of each log, and NULL without one")
  func waiting() async throws {
    try await CaptureSchema.use { connection in
      let lag =
        "SELECT change_log, waiting_count, oldest_captured_at FROM ops_rollup_lag ORDER BY 1"
      #expect(
        try await connection.query(lag).rows.map(\.values) == [
          ["login_changes", "0", nil], ["settlement_changes", "0", nil],
          ["transaction_changes", "0", nil],
        ])
      try await CaptureLedger.addPayments(40, connection)
      for log in ["transaction_changes", "settlement_changes", "login_changes"] {
        // The order of capture counts, whatever a clock said.
        try await connection.execute(
          "UPDATE \(log) SET captured_at = '2026-11-06 10:00:00' - INTERVAL change_id SECOND")
        try await connection.execute(
          "UPDATE \(log) SET captured_at = '2026-11-06 11:00:00' ORDER BY change_id LIMIT 1")
        let row = try await connection.query(
          "SELECT waiting_count, oldest_captured_at,"
            + " (SELECT COUNT(*) FROM \(log)) AS waiting, lag_seconds > 0 AS is_late"
            + " FROM ops_rollup_lag WHERE change_log = '\(log)'"
        ).rows[0]
        #expect(row["waiting_count"] == row["waiting"] && row["waiting"] != "1", "\(log)")
        #expect(row["oldest_captured_at"]?.hasPrefix("2026-11-06 11:00:00") == true, "\(log)")
        #expect(row["is_late"] == "1", "\(log)")
      }
    }
  }
}
