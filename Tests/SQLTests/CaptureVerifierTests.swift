import MariaDBClient
import TestSupport
import Testing

@Suite("Reconciliation of rollups", .timeLimit(.minutes(10)))
struct CaptureVerifierTests {
  @Test("reconciliation names every damaged column of every rollup, and a rebuild repairs it")
  func damagedColumns() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(60, spacingSeconds: 600, connection)
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureLedger.differences(connection) == [])
      var damaged = 0
      for table in CaptureRecomputation.tables {
        let columns = try await connection.query(
          """
          SELECT GROUP_CONCAT(column_name ORDER BY ordinal_position) AS names
          FROM information_schema.columns
          WHERE table_schema = DATABASE() AND table_name = ? AND column_key <> 'PRI'
          """, [.text(table)]
        ).rows.first?.text("names")?.split(separator: ",").map(String.init)
        for column in try #require(columns) {
          // One row each, so that the name must come from the right row.
          try await connection.execute(
            "UPDATE \(table) SET \(column) = \(column) + 1 \(Self.other(table)) LIMIT 1")
          damaged += 1
        }
      }
      #expect(damaged > 100)
      let found = try await connection.query(
        "CALL reconcile_rollups(?, ?)", CaptureLedger.span(connection))
      for table in CaptureRecomputation.tables {
        let names = Set(
          found.rows.filter { $0.text("rollup_name") == table }
            .flatMap { ($0.text("different_columns") ?? "").split(separator: ", ") }.map(
              String.init))
        let columns = try await connection.query(
          """
          SELECT column_name AS name FROM information_schema.columns
          WHERE table_schema = DATABASE() AND table_name = ? AND column_key <> 'PRI'
          """, [.text(table)]
        ).rows.compactMap { $0.text("name") }
        #expect(names == Set(columns), "\(table)")
      }
      try await rebuild(connection)
      #expect(try await CaptureLedger.differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  /// Another account than in account_day, and the customer of a third: equal damage in two tables
  /// would not be a difference between them.
  private static func other(_ table: String) -> String {
    switch table {
    case "account_window": "ORDER BY account_id DESC"
    case "customer_window": "ORDER BY customer_id DESC"
    default: ""
    }
  }

  private func rebuild(_ connection: Connection) async throws {
    let row = try await connection.query(
      "CALL rebuild_rollups(?, ?)", CaptureLedger.span(connection)
    ).rows.first
    #expect((row?.integer("rebuilt_days") ?? 0) > 2)
  }

  @Test("reconciliation finds missing and superfluous rows, and changes that no trigger captured")
  func bypassedCapture() async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await CaptureLedger.addPayments(60, spacingSeconds: 600, connection)
      try await CaptureLedger.drain(connection)
      for table in CaptureRecomputation.tables {
        try await connection.execute("DELETE FROM \(table) \(Self.other(table)) LIMIT 1")
      }
      let missing = try await CaptureLedger.differences(connection)
      for table in CaptureRecomputation.tables {
        #expect(missing.contains { $0.hasPrefix("\(table) ") }, "\(table)")
      }
      try await connection.execute(
        "INSERT INTO metric_hour (dimension, metric_hour, member, total_count) "
          + "VALUES ('channel', '2026-11-30 03:00:00', 'pigeon', 7)")
      #expect(
        try await CaptureLedger.differences(connection).contains {
          $0.contains("pigeon") && $0.contains("0 7 total_count")
        })
      try await rebuild(connection)
      #expect(try await CaptureLedger.differences(connection) == [])

      // Pending changes are left for the refresh, also across a rebuild.
      try await connection.execute("UPDATE transactions SET status = 'reversed' LIMIT 5")
      #expect(try await CaptureLedger.differences(connection) == [])
      try await rebuild(connection)
      #expect(try await CaptureLedger.pending(connection) > 0)
      #expect(try await CaptureLedger.differences(connection) == [])
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])

      try await connection.execute("DROP TRIGGER transactions_after_update_capture")
      try await connection.execute(
        "UPDATE transactions SET status = 'cancelled' WHERE transaction_id = 7")
      #expect(try await CaptureLedger.pending(connection) == 0)
      #expect(try await CaptureLedger.differences(connection).isEmpty == false)
      try await rebuild(connection)
      #expect(try await CaptureLedger.differences(connection) == [])

      try await connection.execute("SET foreign_key_checks = 0")
      try await connection.execute("TRUNCATE TABLE settlements")
      try await connection.execute("TRUNCATE TABLE login_activity")
      try await connection.execute("SET foreign_key_checks = 1")
      let seen = try await CaptureLedger.differences(connection)
      #expect(seen.contains { $0.hasPrefix("settlement_hour ") })
      #expect(seen.contains { $0.hasPrefix("login_hour ") })
      try await rebuild(connection)
      #expect(try await CaptureLedger.differences(connection) == [])
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }
}
