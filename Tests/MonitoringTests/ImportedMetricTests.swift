import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Monitoring

/// Metrics over counts of other systems.
@Suite("Metrics of imported counts", .timeLimit(.minutes(5)))
struct ImportedMetricTests {
  /// Two sources from 08:00, 130 payments a minute of which about 6 denied and 1 reversed: `gate`
  /// denies 30 a minute from 10:00 to 10:19 and continues until 11:30, `till` ends at 09:30.
  private func withImports(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        SET @payops_as_of = '2026-11-22 12:00:30';
        INSERT INTO imported_status_counts
            (source_name, metric_minute, source_status, state, payment_count)
        SELECT s.source_name, '2026-11-22 08:00:00' + INTERVAL m.seq MINUTE, c.status, c.state,
            CASE c.status
                WHEN 'approved' THEN 120 + m.seq MOD 7
                WHEN 'denied' THEN IF(
                    s.source_name = 'gate' AND m.seq BETWEEN 120 AND 139, 30,
                    4 + m.seq * 7 MOD 5)
                WHEN 'reversed' THEN m.seq MOD 3
                ELSE m.seq MOD 2 END
        FROM \(numbers(0...209)) AS m
        CROSS JOIN (SELECT 'gate' AS source_name, 209 AS last UNION ALL SELECT 'till', 90) AS s
        CROSS JOIN (
            SELECT 'approved' AS status, 'completed' AS state
            UNION ALL SELECT 'denied', 'denied'
            UNION ALL SELECT 'reversed', 'reversed'
            UNION ALL SELECT 'backend_reversed', 'reversed') AS c
        WHERE m.seq <= s.last;
        """)
      try await body(connection)
    }
  }

  private func rows(_ metric: String, on connection: Connection) async throws -> [Row] {
    try await connection.queryAll(
      "CALL read_monitor_series(?, '2026-11-22 08:00:00', '2026-11-22 12:00:00')", [.text(metric)]
    ).first?.rows ?? []
  }

  @Test("imported metrics are read by source from imports, not from live payments")
  func counts() async throws {
    try await withImports { connection in
      for (metric, column) in [
        ("failed", "failed_count"), ("denied", "denied_count"), ("reversed", "reversed_count"),
      ] {
        let read = try await rows("imported_\(metric)_rate", on: connection)
        #expect(read.count == 210 + 91)
        #expect(Set(read.compactMap { $0["member"] }) == ["gate", "till"])
        let sums = try await connection.query(
          "SELECT SUM(\(column)) AS n, SUM(total_count) AS t FROM monitor_minute"
        ).rows.first
        func sum(_ name: String) -> Double {
          read.compactMap { $0[name].flatMap(Double.init) }.reduce(0, +)
        }
        #expect(sum("numerator") == sums?["n"].flatMap(Double.init))
        #expect(sum("denominator") == sums?["t"].flatMap(Double.init))
      }
      // The live payments of the same minutes are those of other metrics.
      try await connection.execute(
        "INSERT INTO metric_minute (metric_minute, dimension, member, total_count, failed_count)"
          + " VALUES ('2026-11-22 09:00:00', 'all', 'all', 7, 7)")
      #expect(try await rows("imported_failed_rate", on: connection).count == 210 + 91)
    }
  }

  @Test(
    "an imported metric accepts only a column of counts and the dimension source",
    arguments: [
      "dimension = 'all'", "numerator = 'metric_minute'", "denominator = 'source_name'",
      "numerator = 'approved_count'", "numerator = '1; DROP TABLE alerts; --'",
    ])
  func refused(change: String) async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        "UPDATE monitor_metrics SET \(change) WHERE metric_name = 'imported_denied_rate'")
      let error = await #expect(throws: DatabaseError.self) {
        _ = try await rows("imported_denied_rate", on: connection)
      }
      #expect(error?.errno == 30671)
    }
  }

  @Test("a burst is notified and resolved at its source; a source that ends is not an incident")
  func burst() async throws {
    try await withImports { connection in
      for time in ["09:00", "09:45", "10:05", "10:15", "11:00", "12:00"] {
        _ = try await MonitorTick(connection).run(at: CivilInstant("2026-11-22 \(time):00"))
      }
      let alerts = try await connection.query(
        """
        SELECT alert_id, alert_rule, alert_subject, severity, alert_state,
          DATE_FORMAT(raised_at, '%H:%i') AS since
        FROM alerts WHERE alert_rule LIKE 'monitor\\_imported%'
        """
      ).rows
      #expect(alerts.count == 1)
      let alert = try #require(alerts.first)
      #expect(alert["alert_rule"] == "monitor_imported_denied_rate")
      #expect(alert["alert_subject"] == "gate" && alert["severity"] == "CRITICAL")
      #expect(alert["since"] == "10:00" && alert["alert_state"] == "resolved")
      let number = try #require(alert.integer("alert_id"))
      #expect(try await AlertExplanation.read(number, on: connection).isReproduced)

      let replayed = try await MonitorReplay(connection).run(
        from: try #require(CivilInstant("2026-11-22 09:00:00")),
        to: try #require(CivilInstant("2026-11-22 12:00:00")), warmUpDays: 1)
      #expect(replayed.map(\.metric) == ["imported_denied_rate"])
      #expect(replayed.first?.member == "gate" && replayed.first?.endedAt != nil)
    }
  }

  @Test("an alert over all live payments does not explain one of another system")
  func apart() async throws {
    try await TestServer.withSchema { connection in
      _ = try await connection.queryAll(
        "CALL raise_alert('monitor_denied_rate', 'all', 'CRITICAL', 'x')")
      func parent() async throws -> String? {
        let period: [SQLValue] = [
          .text("imported_denied_rate"), .text("gate"), .text("2026-11-22 10:00:00"),
          .text("2026-11-22 10:05:00"),
        ]
        try await connection.execute("UPDATE alerts SET raised_at = '2026-11-22 10:00:00'")
        _ = try await connection.queryAll("CALL collect_alert_payments(?, ?, ?, ?)", period)
        _ = try await connection.queryAll(
          "CALL find_parent_alert(0, ?, ?, ?, ?, @payops_parent)", period)
        return try await connection.query("SELECT @payops_parent AS p").rows.first?["p"]
      }
      #expect(try await parent() == nil)
      // With a cause in common it would.
      try await connection.execute(
        "UPDATE monitor_metrics SET cause_groups = 'denial'"
          + " WHERE metric_name = 'imported_denied_rate'")
      #expect(try await parent() != nil)
    }
  }

  @Test("without imports nothing is read, judged or notified")
  func nothing() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '2026-11-22 12:00:30'")
      try await connection.execute(
        "UPDATE monitor_metrics SET is_enabled = series_source = 'imports'")
      _ = try await MonitorTick(connection).run(at: CivilInstant("2026-11-22 11:00:00"))
      let report = try await MonitorTick(connection).run(at: CivilInstant("2026-11-22 12:00:00"))
      #expect(report.minutes == 60 && report.steps == 0 && report.failed == 0)
      let kept = try await connection.query("SELECT COUNT(*) AS n FROM monitor_tracks").rows
      #expect(kept.first?["n"] == "0")
    }
  }
}
