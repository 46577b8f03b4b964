import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Monitoring

/// The impact of an alert, and which alerts are one incident.
@Suite("Causes of alerts", .timeLimit(.minutes(5)))
struct AlertCauseTests {
  /// Two days of twelve payments a minute, alternating over three acquirers and two channels, of
  /// forty customers; a condition on minute `m.seq` and payment `p.seq` decides which fail.
  private func withPayments(
    failing: String, denied: String = "0", _ body: (Connection) async throws -> Void
  ) async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        SELECT c.seq, 'A', 'DE', '2020-01-01' FROM \(numbers(1...40)) AS c;
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        SELECT c.seq, c.seq, 'personal', 'EUR', '2020-01-01' FROM \(numbers(1...40)) AS c;
        UPDATE monitor_metrics SET is_enabled = metric_name IN ('failed_rate',
            'failed_rate_by_acquirer', 'failed_rate_by_channel', 'denied_rate');
        SET @payops_as_of = '2026-11-22 21:30:00';
        INSERT INTO notification_routes (route_name, channel_kind, target, group_seconds)
        VALUES ('log', 'log', '/tmp/x', 0);
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            base_amount, transaction_type, acquirer, channel, status)
        SELECT 1 + (m.seq * 12 + p.seq) MOD 40,
            '2026-11-21 00:00:00' + INTERVAL m.seq MINUTE + INTERVAL p.seq SECOND,
            10 + p.seq, 'EUR', 10 + p.seq, 'card_payment', ELT(1 + p.seq MOD 3, 'A', 'B', 'C'),
            IF(p.seq MOD 4 < 2, 'web', 'pos'),
            CASE
                WHEN (\(failing)) OR (m.seq * 12 + p.seq) MOD 41 = 0 THEN 'failed'
                WHEN (\(denied)) OR (m.seq * 12 + p.seq) MOD 29 = 0 THEN 'denied'
                ELSE 'completed' END
        FROM \(numbers(0...2_729)) AS m, \(numbers(1...12)) AS p;
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(1000000)")
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      try await body(connection)
    }
  }

  private func at(_ text: String) throws -> CivilInstant {
    try #require(CivilInstant("2026-11-22 \(text):00"))
  }

  private func column(_ query: String, on connection: Connection) async throws -> [String] {
    try await connection.query(query).rows.map { $0["v"] ?? "NULL" }
  }

  private static let outage = "p.seq MOD 3 = 1 AND m.seq BETWEEN 2640 AND 2679"

  private static let heads = """
    SELECT CONCAT_WS(' ', alert_rule, alert_subject, COALESCE(cause, '-')) AS v FROM alerts
    WHERE parent_alert_id IS NULL ORDER BY alert_id
    """

  @Test("an outage of an acquirer is one incident and one notice, with its impact")
  func oneIncident() async throws {
    try await withPayments(failing: Self.outage) { connection in
      for minute in stride(from: 11, through: 35, by: 4) {
        _ = try await MonitorTick(connection).run(at: at("20:\(minute)"))
      }
      let rules = try await column(
        "SELECT CONCAT(alert_rule, ' ', alert_subject) AS v FROM alerts ORDER BY 1", on: connection)
      #expect(rules.contains("monitor_failed_rate_by_acquirer B"))
      #expect(rules.contains("monitor_failed_rate all"))
      #expect(rules.contains("monitor_failed_rate_by_channel pos"))
      #expect(rules.contains("monitor_failed_rate_by_channel web"))
      let heads = try await column(Self.heads, on: connection)
      #expect(heads.count == 1, "\(heads)")
      let notified = try await column(
        "SELECT CONCAT(alert_subject, ' ', severity) AS v FROM notifications", on: connection)
      #expect(Set(notified).count == notified.count && notified.count <= 2, "\(notified)")

      let end = try await MonitorTick(connection).run(at: at("21:30"))
      #expect(end.resolved == rules.count)
      // The stored impact equals one computed from the payments in another way.
      let stored = try await connection.query(
        """
        SELECT payments_affected AS n, value_at_stake AS v, customers_affected AS c,
          raised_at AS since, alert_message AS m,
          (SELECT COUNT(*) FROM alert_slices AS s WHERE s.alert_id = a.alert_id) AS slices
        FROM alerts AS a WHERE alert_rule = 'monitor_failed_rate_by_acquirer'
        """
      ).rows
      let expected = try await connection.query(
        """
        SELECT COUNT(*) AS n, SUM(base_amount) AS v, COUNT(DISTINCT account_id) AS c
        FROM transactions WHERE acquirer = 'B' AND status = 'failed'
          AND transaction_time >= '2026-11-22 20:00' AND transaction_time < '2026-11-22 20:40'
        """
      ).rows
      #expect(stored.count == 1)
      #expect(stored.first?["since"]?.hasPrefix("2026-11-22 20:00") == true)
      // The normal minutes that end it belong to it, too, and have few failures.
      let many = try #require(stored.first?.integer("n"))
      let real = try #require(expected.first?.integer("n"))
      #expect(real == 160 && many >= real && many <= real + 4)
      #expect(stored.first?["c"] == expected.first?["c"])
      let value = try #require(stored.first?["v"].flatMap(Double.init))
      let realValue = try #require(expected.first?["v"].flatMap(Double.init))
      #expect(value >= realValue && value < realValue + 100)
    }
  }

  @Test("the cause of a rise over all payments is found, and its parts add up")
  func cause() async throws {
    try await withPayments(failing: Self.outage) { connection in
      try await connection.execute(
        "UPDATE monitor_metrics SET is_enabled = metric_name = 'failed_rate'")
      _ = try await MonitorTick(connection).run(at: at("20:20"))
      let alert = try await connection.query(
        "SELECT cause, alert_message FROM alerts WHERE alert_rule = 'monitor_failed_rate'"
      ).rows
      #expect(alert.first?["cause"] == "acquirer=B")
      let message = try #require(alert.first?["alert_message"])
      // What was seen, where, how much, what is normal: each with its unit.
      #expect(
        message.contains(
          #/^\d+\.\d % of \d+ payments, expected \d\.\d %; mostly acquirer B; \d+ payments of \d+ customers, [\d,]+\.\d\d EUR; normal up to \d+\.\d %, seen at 2026-/#
        ), "\(message)")
      let slices = try await connection.query(
        "SELECT dimension, member, observed_count, event_count, expected_count, explained_share,"
          + " event_share FROM alert_slices ORDER BY slice_number"
      ).rows
      #expect(slices.first?["member"] == "B")
      let share = try #require(slices.first?["explained_share"].flatMap(Double.init))
      #expect(share > 0.9 && share < 1.1)
      // The same, from the payments alone.
      let parts = try await connection.query(
        """
        SELECT t.acquirer, SUM(t.status = 'failed') - COUNT(*) * (
            SELECT AVG(b.status = 'failed') FROM transactions AS b
            WHERE b.acquirer = t.acquirer AND b.transaction_date = '2026-11-21') AS excess
        FROM transactions AS t
        WHERE t.transaction_time >= (SELECT MAX(since_minute) FROM alert_evidence)
          AND t.transaction_time < (SELECT MAX(until_minute) FROM alert_evidence)
        GROUP BY t.acquirer ORDER BY t.acquirer = 'B' DESC
        """
      ).rows.compactMap { $0["excess"].flatMap(Double.init) }
      try #require(parts.count == 3)
      #expect(abs(share - parts[0] / parts.reduce(0, +)) < 1e-3)
      let events = try #require(slices.first?["event_share"].flatMap(Double.init))
      #expect(abs(events - 1.0 / 3) < 0.01)
      let expectedCount = try #require(slices.first?["expected_count"].flatMap(Double.init))
      let eventCount = try #require(slices.first?["event_count"].flatMap(Double.init))
      #expect(abs(expectedCount / eventCount - 1.0 / 41) < 0.01)
    }
  }

  @Test("two causes at once are two incidents")
  func twoIncidents() async throws {
    try await withPayments(
      failing: Self.outage,
      denied: "p.seq MOD 3 = 0 AND m.seq BETWEEN 2640 AND 2679"
    ) { connection in
      _ = try await MonitorTick(connection).run(at: at("20:35"))
      let heads = try await column(Self.heads, on: connection)
      #expect(heads.count == 2, "\(heads)")
      #expect(heads.contains("monitor_denied_rate all acquirer=A"))
      #expect(heads.contains { $0.hasPrefix("monitor_failed_rate") })
    }
    // Two acquirers fail, one after the other.
    try await withPayments(
      failing: Self.outage + " OR p.seq MOD 3 = 2 AND m.seq BETWEEN 2652 AND 2679"
    ) { connection in
      try await connection.execute(
        "UPDATE monitor_metrics SET is_enabled = metric_name = 'failed_rate_by_acquirer'")
      _ = try await MonitorTick(connection).run(at: at("20:35"))
      #expect(
        try await column(Self.heads, on: connection) == [
          "monitor_failed_rate_by_acquirer B -", "monitor_failed_rate_by_acquirer C -",
        ])
    }
  }

  @Test("a failure of every acquirer is one incident of all payments")
  func everything() async throws {
    try await withPayments(failing: "m.seq BETWEEN 2640 AND 2679") { connection in
      for minute in stride(from: 11, through: 35, by: 4) {
        _ = try await MonitorTick(connection).run(at: at("20:\(minute)"))
      }
      let count = try await column("SELECT COUNT(*) AS v FROM alerts", on: connection)
      #expect(count == ["6"])
      #expect(try await column(Self.heads, on: connection) == ["monitor_failed_rate all -"])
    }
  }

  @Test("an alert that outlasts its parent or becomes more severe than it is notified")
  func outlasting() async throws {
    try await withPayments(failing: Self.outage) { connection in
      _ = try await MonitorTick(connection).run(at: at("20:35"))
      let parents = try await column(
        "SELECT DISTINCT parent_alert_id AS v FROM alerts WHERE parent_alert_id IS NOT NULL",
        on: connection)
      #expect(parents.count == 1)
      let head = try #require(parents.first)
      let notified = "SELECT COUNT(DISTINCT alert_id) AS v FROM notifications"
      try await connection.execute("DELETE FROM notifications")
      _ = try await connection.queryAll("CALL write_alert_notices(NULL)")
      #expect(try await column(notified, on: connection) == ["1"])
      // Resolved a moment ago, it still explains the others.
      _ = try await connection.queryAll("CALL end_alert(\(head), 'over', 'payops')")
      try await connection.execute("DELETE FROM notifications")
      _ = try await connection.queryAll("CALL write_alert_notices(NULL)")
      #expect(try await column(notified, on: connection) == ["0"])
      try await connection.execute(
        "UPDATE alerts SET resolved_at = resolved_at - INTERVAL 11 MINUTE WHERE alert_id = \(head)")
      _ = try await connection.queryAll("CALL write_alert_notices(NULL)")
      #expect(try await column(notified, on: connection) != ["0"])
      // More severe than its parent.
      try await connection.execute("DELETE FROM notifications")
      try await connection.execute(
        "UPDATE alerts SET resolved_at = UTC_TIMESTAMP(3) WHERE alert_id = \(head)")
      try await connection.execute(
        "UPDATE alerts SET severity = 'SEVERE' WHERE parent_alert_id IS NOT NULL LIMIT 1")
      try await connection.execute("UPDATE alerts SET severity = 'INFO' WHERE alert_id = \(head)")
      _ = try await connection.queryAll("CALL write_alert_notices(NULL)")
      #expect(try await column(notified, on: connection) != ["0"])
    }
  }

  @Test(
    "counts of single payments add up to the minute rollups, in every column")
  func eventColumns() async throws {
    try await withPayments(failing: Self.outage) { connection in
      let columns = try await column(
        """
        SELECT column_name AS v FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'int_payment_minute'
          AND column_name REGEXP '_(count|amount|ms)$'
        """, on: connection)
      #expect(columns.count > 25)
      try await connection.runScript(
        """
        SET @payops_as_of = '2026-11-22 21:30:00';
        UPDATE transactions SET status = ELT(1 + transaction_id MOD 10, 'created', 'pending',
            'authorized', 'completed', 'failed', 'denied', 'cancelled', 'reversed', 'refunded',
            'charged_back'), requested_at = transaction_time,
            responded_at = IF(transaction_id MOD 3 = 0, NULL, transaction_time + INTERVAL
                transaction_id MOD 3000 * 1000 MICROSECOND),
            is_final_attempt = transaction_id MOD 7 <> 0,
            base_amount = IF(transaction_id MOD 11 = 0, NULL, base_amount)
        WHERE transaction_time >= '2026-11-22 21:00';
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(1000000)")
      for source in columns {
        let sums = try await column(
          """
          SELECT SUM(\(source)) + 0e0 AS v FROM int_payment_event
            WHERE transaction_time >= '2026-11-22 21:00'
          UNION ALL SELECT SUM(\(source)) + 0e0 FROM int_payment_minute
            WHERE dimension = 'all' AND metric_minute >= '2026-11-22 21:00'
          """, on: connection)
        #expect(sums.count == 2 && sums[0] == sums[1], "\(source)")
      }
    }
  }
}
