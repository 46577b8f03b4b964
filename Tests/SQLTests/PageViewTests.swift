import MariaDBClient
import TestSupport
import Testing

/// Views that pages are made of, over the sample computed by hand.
@Suite("Views of pages over a sample computed by hand", .timeLimit(.minutes(5)))
struct PageViewTests {
  static let expectations = [
    ViewExpectation(
      "payment_list", "transaction_id, customer_id, transaction_date, location, card_scheme",
      "WHERE status = 'pending' ORDER BY transaction_time DESC",
      ["6|2|2026-11-18|Paris|NULL", "5|2|2026-11-18|Paris|NULL"]),
    ViewExpectation(
      "kpi_slo_budget",
      "rail, due_count, miss_count, budget_left_count, budget_left_ratio, due_3d_count, burn_3d,"
        + " burn_1h",
      "WHERE due_count > 0 ORDER BY rail",
      [
        "SEPA_CT|1|1|-0.9900|-99.000000|0|NULL|NULL",
        "WIRE|2|2|-1.9900|-199.000000|2|200.0000|NULL",
      ]),
    // Settlements of the hour that has not ended do not count yet.
    ViewExpectation(
      "kpi_slo_budget", "target_ratio, due_count, budget_count, budget_left_ratio, burn_3d",
      "WHERE rail = 'SEPA_INST'", ["0.990000|0|0.0000|NULL|NULL"]),
    ViewExpectation(
      "customer_location_metrics",
      "country, city, customer_count, high_risk_count, high_risk_ratio, completed_count,"
        + " completed_amount, all_amount, amount_share, largest_amount, concentration_ratio", "",
      [
        "DE|Berlin|2|1|0.500000|3|200140.0000|200140.0000|1.000000|200100.0000|0.999800"
      ]),
    ViewExpectation(
      "spend_customers", "*", "ORDER BY completed_amount DESC",
      ["1|2|2|200100.0000|100050.0000", "2|7|1|40.0000|40.0000"]),
    ViewExpectation(
      "spend_customers", "customer_id", "ORDER BY total_count DESC", ["2", "1"]),
    ViewExpectation(
      "spend_customer_day", "*", "WHERE metric_date = '2026-11-18' ORDER BY customer_id",
      [
        "2026-11-18|1|2|2|0|0|0|200100.0000|200100.0000",
        "2026-11-18|2|5|0|1|1|2|280.0000|0.0000",
      ]),
    ViewExpectation(
      "dim_date", "*", "WHERE metric_date = '2026-11-18'",
      ["2026-11-18|20261118|2026|4|11|18|3|2026|47|2026-11-01|2026-11-16|0|3|3"]),
    // A Friday in the last week of the year before, on which two of three calendars are closed.
    ViewExpectation(
      "dim_date",
      "iso_weekday, iso_year, iso_week, week_start, calendar_count, open_calendar_count",
      "WHERE metric_date = '2027-01-01'", ["5|2026|53|2026-12-28|3|1"]),
    ViewExpectation(
      "dim_customer", "customer_id, customer_label, city, risk_category, risk_band, is_erased",
      "ORDER BY customer_id",
      ["1|O*** (1)|Berlin|high|Low|0", "2|T*** (2)|Berlin|low|Low|0"]),
    ViewExpectation("alert_list", "alert_id", "", []),
    ViewExpectation("alert_day", "alert_date", "", []),
    ViewExpectation("payment_cube_day", "status", "", []),
    ViewExpectation("backlog_history_hour", "stock", "", []),
    ViewExpectation("kpi_scheme_headroom", "SUM(dispute_count), SUM(sales_count)", "", ["0|0"]),
  ]

  private func rows(_ sql: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  @Test("every view gives the result computed by hand")
  func results() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      for expectation in Self.expectations {
        #expect(
          try await rows(expectation.sql, connection) == expectation.rows, "\(expectation.sql)")
      }
    }
  }

  @Test("a customer with several addresses is on the map once, at the first")
  func addresses() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      try await connection.runScript(
        """
        INSERT INTO customer_locations (customer_id, city, country, latitude, longitude)
        VALUES (2, 'Paris', 'FR', 48.85, 2.35), (2, 'Lyon', 'FR', NULL, NULL);
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (3, 'Three', 'FR', '2024-01-01'), (4, 'Four', 'FR', '2024-01-01');
        INSERT INTO customer_locations (customer_id, city, country, latitude, longitude)
        VALUES (3, 'Paris', 'FR', 48.85, 2.35), (3, 'Paris', 'FR', 48.85, 2.35);
        """)
      #expect(
        try await rows(
          """
          SELECT city, latitude, customer_count, completed_amount, all_amount, amount_share,
              concentration_ratio
          FROM customer_location_metrics ORDER BY city
          """, connection) == [
            "Berlin|NULL|2|200140.0000|200140.0000|1.000000|0.999800",
            "Paris|48.850000|1|0.0000|200140.0000|0.000000|NULL",
          ])
    }
  }

  @Test("the top customers of a period are ordered by amount or by count, without gaps")
  func topCustomers() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      #expect(
        try await rows(
          "CALL read_top_customers('2026-11-01', '2026-11-18', 'amount', 10)", connection)
          == ["1|1|1|2|2|200100.0000|100050.0000", "2|2|1|7|1|40.0000|40.0000"])
      #expect(
        try await rows(
          "CALL read_top_customers('2026-11-11', '2026-11-11', 'count', 10)", connection)
          == ["1|2|1|1|1|40.0000|40.0000"])
      #expect(
        try await rows(
          "CALL read_top_customers('2026-11-10', '2026-11-10', 'count', 1)", connection)
          == ["1|2|1|1|0|0.0000|NULL"])
      #expect(
        try await rows(
          "CALL read_top_customers('2020-01-01', '2020-01-02', 'count', 1)", connection
        )
        .isEmpty)
      // Many small payments are first by count alone.
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 12, '2026-11-12', 1, 'EUR', 'transfer', 'completed' FROM \(numbers(1...5)) AS n
        """)
      _ = try await connection.query("CALL refresh_rollups(1000)")
      for (order, first) in [("amount", "1|1|"), ("count", "1|2|")] {
        let ranks = try await rows(
          "CALL read_top_customers('2026-11-01', '2026-11-18', '\(order)', 1)", connection)
        #expect(ranks.count == 1 && ranks[0].hasPrefix(first), "\(order): \(ranks)")
      }
      for arguments in [
        "NULL, '2026-11-18', 'amount', 10", "'2026-11-18', '2026-11-17', 'amount', 10",
        "'2026-11-18', '2026-11-18', 'AMOUNT', 10", "'2026-11-18', '2026-11-18', NULL, 10",
        "'2026-11-18', '2026-11-18', 'count', 0", "'2026-11-18', '2026-11-18', 'count', NULL",
      ] {
        let error = await #expect(throws: DatabaseError.self, "\(arguments)") {
          _ = try await rows("CALL read_top_customers(\(arguments))", connection)
        }
        #expect(error?.errno == 30002)
      }
    }
  }

  @Test("alerts count on the day they were raised, with sums that means follow from")
  func alerts() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.execute(
        """
        INSERT INTO alerts (alert_id, alert_rule, alert_subject, severity, alert_state,
            alert_message, raised_at, seen_at, fired_at, acknowledged_at, resolved_at, owner,
            disposition, reopened_count)
        VALUES
            (1, 'monitor_failed_rate', 'all', 'SEVERE', 'resolved', 'm', '2026-11-17 10:00:00',
                '2026-11-17 11:00:00', '2026-11-17 10:15:00.500', '2026-11-17 10:20:00.500',
                '2026-11-17 11:15:00.500', 'ops', 'true_positive', 0),
            (2, 'monitor_failed_rate', 'all', 'SEVERE', 'resolved', 'm', '2026-11-17 23:59:59.999',
                '2026-11-18 01:00:00', '2026-11-18 00:30:00.000', NULL, '2026-11-18 01:30:00',
                'ops', 'false_positive', 1),
            (3, 'job_failed', 'x', 'INFO', 'firing', 'm', '2026-11-18 00:00:00.000',
                '2026-11-18 01:00:00', '2026-11-18 00:00:00.000', NULL, NULL, NULL, NULL, 0),
            (4, 'monitor_unknown', 'x', 'INFO', 'firing', 'm', '2027-01-01', '2027-01-01',
                '2027-01-01', NULL, NULL, NULL, NULL, 0)
        """)
      #expect(
        try await rows(
          """
          SELECT alert_date, alert_rule, severity, owner, alert_count, open_count, detected_count,
              detect_seconds_sum, mean_detect_seconds, acknowledged_count, acknowledge_seconds_sum,
              resolved_count, resolve_seconds_sum, mean_resolve_seconds, judged_count, true_count,
              false_count, alert_precision
          FROM alert_day ORDER BY alert_date, alert_rule
          """, connection) == [
            "2026-11-17|monitor_failed_rate|SEVERE|ops|2|0|1|900.500|900.5|1|300.000|2|7200.000"
              + "|3600.0|2|1|1|0.500000",
            "2026-11-18|job_failed|INFO|(none)|1|1|1|0.000|0.0|0|0.000|0|0.000|NULL|0|0|0|NULL",
          ])
      #expect(
        try await rows(
          """
          SELECT alert_id, metric_name, dimension, is_open, detect_seconds, acknowledge_seconds,
              resolve_seconds, open_seconds
          FROM alert_list ORDER BY alert_id
          """, connection) == [
            "1|failed_rate|all|0|900.500|300.000|3600.000|4500",
            "2|failed_rate|all|0|NULL|NULL|3600.000|5400",
            "3|NULL|NULL|1|0.000|NULL|NULL|45020",
            "4|NULL|NULL|1|0.000|NULL|NULL|-3756580",
          ])
      // What ops_alert_times says of 90 days is what the days add up to.
      #expect(
        try await rows(
          """
          SELECT t.alert_rule
          FROM ops_alert_times AS t
          LEFT JOIN (
              SELECT alert_rule, SUM(alert_count) AS n, SUM(false_count) AS f,
                  SUM(resolve_seconds_sum) / NULLIF(SUM(resolved_count), 0) AS r
              FROM alert_day GROUP BY alert_rule
          ) AS d ON d.alert_rule = t.alert_rule
          WHERE NOT (t.alert_count <=> d.n AND t.false_count <=> d.f
              AND t.mean_resolve_seconds <=> CAST(d.r AS DECIMAL(14, 1)))
          """, connection
        ).isEmpty)
    }
  }

  @Test("disputes left count to the limit and its least number, in the month of the dispute")
  func headroom() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '2026-11-18 12:00:00'")
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'One', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, card_scheme, status, status_changed_at)
        SELECT 1, '2026-10-10', 1, 'EUR', 'card_payment', 'mastercard',
            IF(seq <= 120, 'charged_back', 'completed'),
            IF(seq <= 100, '2026-11-05', '2026-10-31 23:59:59')
        FROM \(numbers(1...1_000)) AS n;
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, card_scheme, status, status_changed_at)
        SELECT 1, '2026-11-10', 1, 'EUR', 'card_payment', 'visa',
            IF(seq <= 7, 'charged_back', IF(seq = 8, 'failed', 'completed')), '2026-11-12'
        FROM \(numbers(1...1_000)) AS n;
        """)
      _ = try await connection.query("CALL refresh_rollups(100000)")
      #expect(
        try await rows(
          """
          SELECT card_scheme, limit_level, month_start, sales_count, dispute_count, limit_count,
              headroom_count, is_reached
          FROM kpi_scheme_headroom
          WHERE month_start = '2026-11-01' OR card_scheme = 'mastercard'
          ORDER BY card_scheme, limit_level, month_start
          """, connection) == [
            "mastercard|excessive|2026-10-01|0|20|100|79|0",
            "mastercard|excessive|2026-11-01|1000|100|100|0|1",
            "mastercard|high_excessive|2026-10-01|0|20|300|279|0",
            "mastercard|high_excessive|2026-11-01|1000|100|300|199|0",
            "visa|acquirer_above_standard|2026-11-01|999|7|5|0|1",
            "visa|acquirer_excessive|2026-11-01|999|7|7|0|1",
            "visa|merchant_excessive|2026-11-01|999|7|1501|1493|0",
          ])
      // A limit holds from its month on.
      try await connection.execute("SET @payops_as_of = '2026-04-02'")
      #expect(
        try await rows(
          """
          SELECT month_start, limit_ratio FROM kpi_scheme_headroom
          WHERE limit_level = 'merchant_excessive' ORDER BY month_start
          """, connection) == ["2026-03-01|0.022000", "2026-04-01|0.015000"])
    }
  }

  @Test("a payment far above the others of its account is in its bucket, whatever its size")
  func anomalies() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'One', 'DE', '2024-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (11, 1, 'personal', 'EUR', '2024-01-01'), (12, 1, 'personal', 'EUR', '2024-01-01');
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 11, '2026-11-18 10:00:00', IF(seq = 11, 160, 99 + seq MOD 3), 'EUR', 'transfer',
            'completed'
        FROM \(numbers(1...11)) AS n;
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 12, '2026-11-18 11:00:00', IF(seq = 12, 0.9, 0.0001 * seq), 'EUR', 'transfer',
            'completed'
        FROM \(numbers(1...12)) AS n;
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(1000)")
      #expect(
        try await rows(
          "SELECT account_id, customer_id, base_amount, bucket_number, from_amount, to_amount"
            + " FROM spend_value_anomalies ORDER BY transaction_time", connection) == [
            "11|1|160.0000|8|100.0000|177.8279", "12|1|0.9000|0|0.0000|1.7783",
          ])
      #expect(
        try await rows(
          "SELECT transaction_id FROM spend_value_anomalies WHERE transaction_id NOT IN (SELECT"
            + " transaction_id FROM spend_high_value_anomalies) UNION ALL SELECT a.transaction_id"
            + " FROM spend_value_anomalies AS a LEFT JOIN spend_value_distribution AS d"
            + " ON d.bucket_number = a.bucket_number AND a.base_amount >= d.from_amount"
            + " AND a.base_amount < d.to_amount WHERE d.bucket_number IS NULL", connection
        ).isEmpty)
    }
  }
}
