import MariaDBClient
import TestSupport
import Testing

@Suite("Boundaries of views", .timeLimit(.minutes(5)))
struct ViewBoundaryTests {
  private func rows(_ sql: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  /// A schema with one payment, seen from an instant.
  private func withPayment(
    at now: String, _ body: (Connection) async throws -> Void
  ) async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(now)'")
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'One', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        INSERT INTO transactions (transaction_id, account_id, transaction_time,
            transaction_amount, currency, transaction_type, status)
        VALUES (1, 1, '2026-09-01', 1, 'EUR', 'wire', 'completed');
        """)
      try await body(connection)
    }
  }

  private func settle(
    _ due: String, _ settled: String?, _ connection: Connection
  ) async throws {
    try await connection.execute(
      """
      INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at,
          due_at, settlement_status, settlement_date)
      VALUES (1, 'SEPA_INST', 10, 'EUR', '\(due)' - INTERVAL 10 SECOND, '\(due)',
          '\(settled == nil ? "pending" : "settled")', \(settled.map { "'\($0)'" } ?? "NULL"))
      """)
  }

  private func refresh(_ connection: Connection) async throws {
    _ = try await connection.query("CALL refresh_rollups(1000000)")
  }

  @Test("a settlement in the second in which it is due is on time, also in the current hour")
  func settledWhenDue() async throws {
    try await withPayment(at: "2026-11-18 12:30:20") { connection in
      try await settle("2026-11-18 12:10:00", "2026-11-18 12:10:00", connection)
      try await settle("2026-11-18 12:10:00", "2026-11-18 12:10:01", connection)
      try await settle("2026-11-18 12:30:20", nil, connection)
      try await settle("2026-11-18 12:30:21", nil, connection)
      try await refresh(connection)
      #expect(
        try await rows(
          "SELECT item_count, settled_count, on_time_count, on_time_amount, pending_count"
            + " FROM int_settlement_due", connection) == ["3|2|1|10.0000|1"])
    }
  }

  @Test("a delay of exactly the start of an aging bucket is in that bucket alone")
  func agingBuckets() async throws {
    try await withPayment(at: "2026-11-18 12:00:00") { connection in
      // Delays of 2, 5, 15 and 30 days, and one of 30 days less an hour.
      for due in [
        "2026-11-16 12:00:00", "2026-11-13 12:00:00", "2026-11-03 12:00:00",
        "2026-10-19 12:00:00", "2026-10-19 13:00:00",
      ] { try await settle(due, nil, connection) }
      try await refresh(connection)
      #expect(
        try await rows(
          "SELECT due_hour, bucket_number FROM int_settlement_overdue ORDER BY due_hour, 2",
          connection) == [
            "2026-10-19 12:00:00|5", "2026-10-19 13:00:00|4", "2026-11-03 12:00:00|4",
            "2026-11-13 12:00:00|3", "2026-11-16 12:00:00|2",
          ])
    }
  }

  @Test("due compliance of today is compared with the same hours seven days ago")
  func complianceSevenDaysAgo() async throws {
    try await withPayment(at: "2026-11-18 12:30:20") { connection in
      // Seven days ago: 1 of 2 in the first hour; then an hour that today has not reached.
      try await settle("2026-11-11 00:00:00", "2026-11-11 00:00:00", connection)
      try await settle("2026-11-11 00:59:59", "2026-11-12 00:00:00", connection)
      try await settle("2026-11-11 12:00:00", "2026-11-12 00:00:00", connection)
      try await settle("2026-11-10 23:59:59", "2026-11-12 00:00:00", connection)
      try await settle("2026-11-18 11:59:59", "2026-11-18 11:59:59", connection)
      try await refresh(connection)
      #expect(
        try await rows(
          "SELECT numerator, denominator, previous_value, change_pct FROM kpi_today"
            + " WHERE kpi_name = 'settlement_sla_compliance'", connection)
          == ["1.0000|1.0000|0.500000|100.00"])
    }
  }

  @Test("a moving volume covers the day and the six before it, each once")
  func movingVolume() async throws {
    try await withPayment(at: "2026-11-18 12:30:20") { connection in
      // Powers of two, so that every sum names its days.
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 1, '2026-11-09' + INTERVAL d.seq DAY, 1 << d.seq, 'EUR', 'wire', 'completed'
        FROM \(numbers(0...8)) AS d
        INNER JOIN \(numbers(1...256)) AS n ON n.seq <= 1 << d.seq
        """)
      try await refresh(connection)
      #expect(
        try await rows(
          """
          SELECT metric_date, moving_7d_count, moving_7d_amount, moving_7d_mean_amount, present_days
          FROM kpi_moving_volume
          WHERE dimension = 'all' AND metric_date IN ('2026-11-15', '2026-11-17')
          ORDER BY metric_date
          """, connection) == [
            "2026-11-15|127|5461.0000|780.1429|7", "2026-11-17|508|87376.0000|12482.2857|7",
          ])
    }
  }

  @Test("an anomaly is three sample deviations above the others")
  func sampleDeviation() async throws {
    let cases: [(amount: Double, expected: [String])] = [
      (102.40, []), (102.50, ["10|100.0000|0.8165"]),
    ]
    for (amount, expected) in cases {
      try await withPayment(at: "2026-11-18 12:30:20") { connection in
        try await connection.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status)
          SELECT 1, '2026-11-18 10:00:00', IF(seq = 11, \(amount), 99 + seq % 3), 'EUR', 'transfer',
              'completed'
          FROM \(numbers(1...11)) AS n
          """)
        try await refresh(connection)
        #expect(
          try await rows(
            "SELECT other_count, other_mean_amount, other_deviation_amount"
              + " FROM spend_high_value_anomalies", connection) == expected)
      }
    }
  }

  @Test("a percentile is the smallest bin that holds its share exactly")
  func percentileShares() async throws {
    try await withPayment(at: "2026-11-18 12:30:20") { connection in
      // Of 100: 50 in 10 ms, 45 in 100 ms, 4 in 1 s and 1 in 10 s.
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status, requested_at, responded_at)
        SELECT 1, '2026-11-17 10:00:00', 1, 'EUR', 'wire', 'completed', '2026-11-17 10:00:00',
            '2026-11-17 10:00:00' + INTERVAL 1000 * CASE
                WHEN seq <= 50 THEN 10 WHEN seq <= 95 THEN 100 WHEN seq <= 99 THEN 1000
                ELSE 10000
            END MICROSECOND
        FROM \(numbers(1...100)) AS n
        """)
      try await refresh(connection)
      for grain in ["minute", "hour", "day"] {
        let row = try #require(
          await connection.query(
            "SELECT p50_ms, p95_ms, p99_ms FROM latency_percentiles_\(grain)"
              + " WHERE dimension = 'all'"
          ).rows.first)
        for (column, milliseconds) in [("p50_ms", 10.0), ("p95_ms", 100), ("p99_ms", 1000)] {
          let found = try #require(row.double(column))
          #expect(abs(found / milliseconds - 1) <= 0.0501, "\(grain) \(column) \(found)")
        }
      }
    }
  }

  @Test("points of a risk event halve in the half-life that it was recorded with")
  func halfLives() async throws {
    try await withPayment(at: "2026-11-18 12:00:00") { connection in
      for (number, days) in [7, 30, 90].enumerated() {
        try await connection.runScript(
          """
          INSERT INTO risk_hits (hit_id, rule_id, rule_version, subject, window_from, window_to,
              customer_id, measured_value, threshold_value, points, evidence, first_found_at,
              last_found_at)
          VALUES (\(number + 1), 'A01', 1, 'account:\(number)', '2026-01-01', '2026-01-02', 1, 1, 1,
              40, 'e', '2026-01-02', '2026-01-02');
          INSERT INTO risk_events (customer_id, rule_id, rule_version, hit_id, points, window_key,
              half_life_days, occurred_at, expires_at, evidence, recorded_at)
          VALUES (1, 'A01', 1, \(number + 1), 40, '\(number)', \(days),
              '2026-11-18 12:00:00' - INTERVAL \(days) DAY, '2027-01-01', 'e', '2026-11-18');
          """)
      }
      #expect(
        try await rows("SELECT remaining_points FROM int_risk_points ORDER BY event_id", connection)
          == ["20.0000", "20.0000", "20.0000"])
    }
  }

  @Test("a payment and a login with a future date do not affect freshness, now or later")
  func eventsToCome() async throws {
    try await withPayment(at: "2026-11-18 12:00:00") { connection in
      let freshness =
        "SELECT table_name, last_event_at FROM ops_freshness"
        + " WHERE table_name IN ('transactions', 'rollups', 'login_activity') ORDER BY table_name"
      try await connection.runScript(
        """
        INSERT INTO login_activity (customer_id, login_time, login_status)
        VALUES (1, '2026-11-18 11:00:00', 'failed'), (1, '2099-01-01', 'success');
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (1, '2099-12-31', 1, 'EUR', 'wire', 'completed');
        """)
      try await refresh(connection)
      let expected = [
        "login_activity|2026-11-18 11:00:00", "rollups|2026-09-01 00:00:00",
        "transactions|2026-09-01 00:00:00",
      ]
      var found = try await rows(freshness, connection)
      #expect(found == expected)
      // The record of an earlier version is replaced with the next change.
      try await connection.execute("UPDATE rollup_state SET last_event_at = '2099-12-31'")
      try await connection.execute("UPDATE transactions SET status = 'failed' WHERE account_id = 1")
      try await refresh(connection)
      found = try await rows(freshness, connection)
      #expect(found == expected)
    }
  }
}
