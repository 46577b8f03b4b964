import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Monitoring

/// The values of the catalogue's metrics, compared with the tables.
@Suite("Sources of metrics", .timeLimit(.minutes(5)))
struct MetricSourceTests {
  private func withPayments(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'A', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        SET @payops_as_of = '2026-11-22 12:00:30';
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            base_amount, transaction_type, acquirer, channel, status, requested_at, responded_at)
        SELECT 1, '2026-11-22 09:00:00' + INTERVAL p.seq * 9 SECOND, 10, 'EUR', 10,
            'card_payment', IF(p.seq MOD 2, 'A', 'B'), 'web',
            IF(p.seq MOD 10 = 0, 'pending', IF(p.seq MOD 13 = 0, 'denied', 'completed')),
            '2026-11-22 09:00:00' + INTERVAL p.seq * 9 SECOND,
            IF(p.seq MOD 10 = 0, NULL, '2026-11-22 09:00:00' + INTERVAL p.seq * 9 SECOND
                + INTERVAL (100 + p.seq MOD 100 * 30) * 1000 MICROSECOND)
        FROM \(numbers(0...1_199)) AS p;
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(1000000)")
      try await body(connection)
    }
  }

  private func rows(
    _ metric: String, on connection: Connection, from: String = "2026-11-22 09:00:00",
    to: String = "2026-11-22 12:00:00"
  ) async throws -> [Row] {
    try await connection.queryAll(
      "CALL read_monitor_series(?, ?, ?)", [.text(metric), .text(from), .text(to)]
    ).first?.rows ?? []
  }

  @Test("every metric of the catalogue can be read and judged")
  func wholeCatalogue() async throws {
    try await withPayments { connection in
      try await connection.execute("UPDATE monitor_metrics SET is_enabled = 1")
      let metrics = try await MetricDefinition.readAll(on: connection)
      #expect(metrics.count > 60)
      for (name, metric) in metrics {
        #expect(throws: Never.self, "\(name)") { _ = try metric.get() }
        _ = try await rows(name, on: connection)
      }
      let report = try await MonitorTick(connection).run()
      #expect(report.failed == 0)
      // A rate by each dimension counts the same payments as the whole.
      for dimension in ["channel", "product", "acquirer", "scheme", "location", "type"] {
        let parts = try await rows("denied_rate_by_\(dimension)", on: connection)
        let sum = parts.compactMap { $0["numerator"].flatMap(Double.init) }.reduce(0, +)
        let total = parts.compactMap { $0["denominator"].flatMap(Double.init) }.reduce(0, +)
        #expect(sum == 83 && total == 1200, "\(dimension)")
      }
    }
  }

  @Test("percentiles equal those of the published view, by step and by part of a route")
  func percentiles() async throws {
    try await withPayments { connection in
      let published = try await connection.query(
        """
        SELECT p95_ms FROM latency_percentiles_hour
        WHERE dimension = 'all' AND metric_hour = '2026-11-22 10:00:00'
        """
      ).rows.first?["p95_ms"].flatMap(Double.init)
      try await connection.execute(
        "UPDATE monitor_metrics SET step_minutes = 60 WHERE metric_name = 'latency_p95'")
      let hours = try await rows("latency_p95", on: connection)
      #expect(hours.map { $0["metric_minute"] ?? "" }.count == 3)
      let read = try #require(hours[1]["numerator"].flatMap(Double.init))
      #expect(abs(read - (published ?? 0)) < 0.001)

      // The longest are 3,070 ms: within the error of a histogram.
      try await connection.execute(
        "UPDATE monitor_metrics SET numerator = 'p99', step_minutes = 15"
          + " WHERE metric_name = 'latency_p95'")
      let quarters = try await rows("latency_p95", on: connection)
      #expect(quarters.count == 12)
      #expect(quarters.first?["metric_minute"]?.hasPrefix("2026-11-22 09:00:00") == true)
      for row in quarters {
        let value = try #require(row["numerator"].flatMap(Double.init))
        #expect(value > 2800 && value < 3250)
      }
      let slow = try await rows("slow_rate_by_acquirer", on: connection)
      #expect(Set(slow.compactMap { $0["member"] }) == ["A", "B"])
      // The service level of card payments is 800 ms: 3 of 4 take longer, but for what is in its
      // bin.
      for metric in ["sla_breach_rate", "sla_breach_rate_by_type"] {
        let breaches = try await rows(metric, on: connection)
        let late = breaches.compactMap { $0["numerator"].flatMap(Double.init) }.reduce(0, +)
        let expected = try await connection.query(
          """
          SELECT SUM(t.latency_bin > p.target_bin) AS n FROM transactions AS t
          INNER JOIN int_latency_policy AS p ON p.scope_member = ?
          """, [.text(metric == "sla_breach_rate" ? "all" : "card_payment")]
        ).rows.first?["n"].flatMap(Double.init)
        #expect(late > 500 && late == expected, "\(metric)")
      }
      try await connection.execute("DELETE FROM sla_policies WHERE subject = 'latency'")
      #expect(try await rows("sla_breach_rate", on: connection).isEmpty)
      let answered = slow.compactMap { $0["denominator"].flatMap(Double.init) }.reduce(0, +)
      #expect(answered == 1080)
    }
  }

  @Test("gauges are sampled in the present, once a minute, and not for the past")
  func gauges() async throws {
    try await withPayments { connection in
      let tick = MonitorTick(connection)
      _ = try await tick.run(at: CivilInstant("2026-11-22 11:00:00"))
      let count = "SELECT COUNT(*) AS n FROM monitor_gauges"
      #expect(try await connection.query(count).rows.first?["n"] == "0")
      _ = try await tick.run()
      func gauge(_ name: String, _ member: String) async throws -> [String?] {
        try await connection.query(
          "SELECT gauge_value AS v FROM monitor_gauges WHERE gauge_name = ? AND member = ?"
            + " ORDER BY sample_minute", [.text(name), .text(member)]
        ).rows.map { $0["v"] }
      }
      #expect(try await gauge("open_count", "pending") == ["120"])
      #expect(try await gauge("open_amount", "pending") == ["1200"])
      // The latest payment is 39 seconds old; 900 are allowed.
      let age = try #require(try await gauge("age_ratio", "transactions").first)
      #expect(abs((age.flatMap(Double.init) ?? 0) - 39.0 / 900) < 1e-9)
      let before = try await connection.query(count).rows.first?["n"]
      _ = try await tick.run()
      #expect(try await connection.query(count).rows.first?["n"] == before)

      // Half an hour without a payment: the table is stale after 15 minutes, notified after 15
      // more.
      for minute in 1...34 {
        let text = "2026-11-22 12:\(minute < 10 ? "0" : "")\(minute):30"
        try await connection.execute("SET @payops_as_of = '\(text)'")
        _ = try await tick.run()
      }
      let alerts = try await connection.query(
        "SELECT alert_subject, severity FROM alerts WHERE alert_rule = 'monitor_freshness'"
          + " AND alert_subject = 'transactions'"
      ).rows
      #expect(alerts.map { $0["severity"] } == ["INFO"])
      let shown = try await connection.query(
        """
        SELECT verdict, upper_value FROM monitor_series WHERE metric_name = 'freshness'
          AND member = 'transactions' ORDER BY metric_minute DESC LIMIT 1
        """
      ).rows.first
      #expect(shown?["verdict"] == "anomalous" && shown?["upper_value"] == "1")
    }
  }
}
