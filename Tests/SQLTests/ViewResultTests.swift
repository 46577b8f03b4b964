internal import MariaDBClient
internal import TestSupport
internal import Testing

/// A query of a view, with the answer computed by hand.
struct ViewExpectation: Sendable, CustomTestStringConvertible {
  let view: String
  let sql: String
  let rows: [String]

  init(_ view: String, _ columns: String, _ rest: String = "", _ rows: [String]) {
    self.view = view
    sql = "SELECT \(columns) FROM \(view) \(rest)"
    self.rows = rows
  }

  var testDescription: String { view }
}

@Suite("Views over a sample computed by hand", .timeLimit(.minutes(5)))
struct ViewResultTests {
  static let payments = [
    ViewExpectation(
      "kpi_payment_day",
      "total_count, completed_count, attempt_count, approved_count, success_rate, failed_rate, "
        + "denied_rate, reversed_rate, authorization_rate, technical_decline_rate, "
        + "business_decline_rate, reversal_rate, conversion_rate",
      "WHERE dimension = 'all' AND metric_date = '2026-11-18'",
      ["7|2|5|3|0.285714|0.142857|0.142857|0.142857|0.600000|0.200000|0.200000|0.333333|0.428571"]),
    ViewExpectation(
      "kpi_payment_day", "conversion_rate, conversion_rate_of_created",
      "WHERE dimension = 'all' AND metric_date = '2026-10-01'", ["NULL|0.000000"]),
    ViewExpectation(
      "kpi_payment_hour", "member, total_count, authorization_rate_by_value",
      "WHERE dimension = 'location' AND metric_hour = '2026-11-18 12:00:00' ORDER BY member",
      ["Berlin|2|1.000000", "Paris|2|0.000000"]),
    ViewExpectation(
      "kpi_payment_minute", "total_count, total_amount, mean_duration_ms",
      "WHERE dimension = 'all' AND metric_minute = '2026-11-18 12:00:00'",
      ["4|200210.0000|2850.000"]),
    ViewExpectation(
      "kpi_order_day", "final_attempt_count, final_captured_count, order_success_rate",
      "WHERE dimension = 'all' AND metric_date = '2026-11-18'", ["7|3|0.428571"]),
    ViewExpectation(
      "kpi_response_code_day", "response_code, response_class, payment_count, response_ratio",
      "WHERE metric_date = '2026-11-18' ORDER BY response_code",
      [
        "(none)|no_answer|2|0.285714", "00|approved|3|0.428571",
        "51|business_decline|1|0.142857", "91|technical_decline|1|0.142857",
      ]),
    ViewExpectation(
      "kpi_moving_volume", "moving_7d_count, moving_7d_amount, present_days",
      "WHERE dimension = 'all' AND metric_date = '2026-11-11'", ["2|120.0000|2"]),
    ViewExpectation(
      "kpi_entity_totals", "customer_count, account_count, payment_count, total_value_amount", "",
      ["2|2|10|200590.0000"]),
    ViewExpectation(
      "kpi_customer_counts", "high_risk_customers, pending_kyc_customers", "", ["1|1"]),
    ViewExpectation("kpi_customer_locations", "city, customer_count", "", ["Berlin|2"]),
    ViewExpectation(
      "kpi_today", "kpi_name, kpi_value, previous_value, change_pct, change_points",
      "WHERE kpi_name IN ('success_rate', 'authorization_rate', 'backlog_count') "
        + "ORDER BY kpi_number",
      [
        "success_rate|0.285714|1.000000|-71.43|-71.43",
        "authorization_rate|0.600000|1.000000|-40.00|-40.00",
        "backlog_count|4.000000|NULL|NULL|NULL",
      ]),
    ViewExpectation(
      "monitor_minute", "source_name, total_count, completed_count, failed_count, reversed_count",
      "WHERE metric_minute = '2026-11-18 12:00:00' ORDER BY source_name",
      ["live|4|2|1|0", "switch|100|90|1|2"]),
    ViewExpectation(
      "login_failures_hour", "login_hour, login_count, failed_count, login_failure_rate",
      "ORDER BY login_hour",
      ["2026-11-18 09:00:00|2|1|0.500000", "2026-11-18 11:00:00|2|2|1.000000"]),
  ]

  static let backlog = [
    ViewExpectation(
      "backlog_by_state", "state, open_count, open_amount, oldest_age_seconds, over_age_count",
      "ORDER BY sort_order",
      ["created|1|90.0000|4150800|1", "pending|2|140.0000|3600|0", "authorized|1|80.0000|694800|1"]
    ),
    ViewExpectation(
      "backlog_by_age", "bucket_number, open_count, open_amount",
      "WHERE open_count <> 0 ORDER BY bucket_number",
      ["1|1|70.0000", "2|1|70.0000", "6|2|170.0000"]),
    ViewExpectation(
      "backlog_by_hour", "metric_hour, pending_count, open_count",
      "WHERE metric_hour >= '2026-11-18' ORDER BY metric_hour", ["2026-11-18 11:00:00|2|2"]),
    ViewExpectation(
      "backlog_by_location", "location, pending_count, open_amount", "", ["Paris|2|310.0000"]),
    ViewExpectation(
      "backlog_by_merchant_category", "merchant_category, open_count", "", ["food|4"]),
    ViewExpectation("backlog_by_account", "account_id", "", []),
    ViewExpectation(
      "backlog_flow_hour", "inflow_count, outflow_count, net_count, backlog_count, clear_seconds",
      "WHERE metric_hour = '2026-11-18 12:00:00'", ["4|4|0|4|3600"]),
    ViewExpectation(
      "backlog_affected_customers", "affected_customers, open_count, open_amount", "",
      ["1|4|310.0000"]),
    ViewExpectation(
      "backlog_stuck_payments", "transaction_id, state, age_seconds", "ORDER BY transaction_id",
      ["7|authorized|694800", "8|created|4150800"]),
    ViewExpectation(
      "exposure_total", "open_amount, unsettled_amount, exposure_amount", "",
      ["310.0000|200080.0000|200390.0000"]),
    ViewExpectation("exposure_by_location", "location, pending_amount", "", ["Paris|230.0000"]),
    ViewExpectation(
      "exposure_value_days", "component, exposure_amount, overdue_amount", "ORDER BY component",
      [
        "authorized_payments|80.0000|80.0000", "pending_payments|230.0000|90.0000",
        "unsettled_settlements|200080.0000|80.0000",
      ]),
    ViewExpectation(
      "exposure_expected_loss",
      "rail, bucket_number, pending_amount, fail_ratio, expected_loss_amount",
      "ORDER BY rail, bucket_number",
      [
        "SEPA_CT|0|200000.0000|0.000000|0.0000", "SEPA_INST|1|50.0000|NULL|NULL",
        "WIRE|1|30.0000|1.000000|30.0000",
      ]),
  ]

  static let settlements = [
    ViewExpectation(
      "settlement_sla_day",
      "rail, due_date, due_count, on_time_count, overdue_count, miss_count, sla_compliance",
      "ORDER BY rail, due_date",
      [
        "SEPA_CT|2026-11-12|1|0|0|1|0.000000", "SEPA_INST|2026-11-18|2|1|1|1|0.500000",
        "WIRE|2026-11-17|2|0|1|2|0.000000",
      ]),
    ViewExpectation(
      "settlement_sla_compliance", "within_24h_count, settled_count, sla_compliance, pending_count",
      "WHERE rail = 'all'", ["1|2|0.500000|3"]),
    ViewExpectation(
      "settlement_failure_day", "failed_count, item_count, settlement_fail_rate",
      "WHERE rail = 'WIRE'", ["1|2|0.500000"]),
    ViewExpectation(
      "settlement_delay_percentiles_day", "rail, delayed_count, mean_delay_seconds",
      "ORDER BY rail", ["SEPA_CT|1|91800.0", "SEPA_INST|0|0.0"]),
    ViewExpectation(
      "settlement_pending", "rail, pending_settlements, overdue_count",
      "WHERE pending_settlements > 0 ORDER BY rail", ["SEPA_CT|1|0", "SEPA_INST|1|1", "WIRE|1|1"]),
    ViewExpectation(
      "settlement_overdue", "rail, overdue_seconds, overdue_business_seconds",
      "ORDER BY rail", ["SEPA_INST|1210|1210", "WIRE|70220|70220"]),
    ViewExpectation(
      "settlement_overdue_by_age", "rail, bucket_number, overdue_count",
      "WHERE overdue_count > 0 ORDER BY rail", ["SEPA_INST|1|1", "WIRE|1|1"]),
    ViewExpectation(
      "latency_apdex_hour", "answered_count, satisfied_count, frustrated_count, apdex",
      "WHERE dimension = 'all'", ["4|3|1|0.750000"]),
    ViewExpectation(
      "latency_apdex_day", "member, satisfied_count, apdex",
      "WHERE dimension = 'transaction_type' ORDER BY member",
      ["card_payment|2|0.666667", "transfer|1|1.000000"]),
  ]

  static let spend = [
    ViewExpectation(
      "spend_average_per_customer", "customer_count, completed_amount, average_spend_amount", "",
      ["2|200140.0000|100070.0000"]),
    ViewExpectation(
      "spend_top_payees", "payee_rank, payee, completed_amount", "ORDER BY payee_rank",
      ["1|fuel|200100.0000", "2|food|40.0000"]),
    ViewExpectation(
      "spend_by_hour_of_day", "hour_of_day, completed_count", "ORDER BY hour_of_day",
      ["10|1", "11|0", "12|2"]),
    ViewExpectation(
      "spend_trend_day", "completed_amount, week_before_amount, change_ratio",
      "WHERE metric_date = '2026-11-18'", ["200100.0000|40.0000|5001.500000"]),
    ViewExpectation(
      "spend_top_customers", "customer_id, completed_amount", "ORDER BY completed_amount DESC",
      ["1|200100.0000", "2|40.0000"]),
    ViewExpectation(
      "spend_top_accounts_30d", "account_rank, account_id", "ORDER BY account_rank",
      ["1|11", "2|12"]),
    ViewExpectation(
      "spend_value_distribution", "bucket_number, completed_count, completed_total",
      "ORDER BY bucket_number", ["6|1|3", "8|1|3", "21|1|3"]),
    ViewExpectation(
      "spend_amount_percentiles", "sample_count, p50_amount, p95_amount", "",
      ["3|104.7934|205116.4534"]),
    ViewExpectation("spend_high_value_anomalies", "transaction_id", "", []),
    ViewExpectation(
      "risk_high_value_customers", "customer_id, completed_amount", "", ["1|200100.0000"]),
    ViewExpectation("risk_non_kyc_active_customers", "customer_id", "", ["2"]),
    ViewExpectation(
      "risk_payments_after_failed_login", "transaction_id, elapsed_seconds",
      "ORDER BY transaction_id", ["1|310", "2|320", "9|1820"]),
    ViewExpectation(
      "ops_rollup_lag", "change_log, waiting_count", "ORDER BY change_log",
      ["login_changes|0", "settlement_changes|0", "transaction_changes|0"]),
    ViewExpectation(
      "ops_freshness", "event_age_seconds, is_stale", "WHERE table_name = 'transactions'",
      ["1780|1"]),
  ]

  @Test("every view gives the result computed by hand")
  func viewsGiveWhatWasWorkedOut() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      for expectation in Self.payments + Self.backlog + Self.settlements + Self.spend {
        let rows = try await connection.query(expectation.sql).rows.map { row in
          row.values.map { $0 ?? "NULL" }.joined(separator: "|")
        }
        #expect(rows == expectation.rows, "\(expectation.sql)")
      }
    }
  }

  @Test("latency percentiles are within five percent")
  func percentilesAreWithinFivePercent() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      for grain in ["minute", "hour", "day"] {
        let row = try #require(
          try await connection.query(
            "SELECT p50_ms, p99_ms FROM latency_percentiles_\(grain) WHERE dimension = 'all'"
          ).rows.first)
        let median = try #require(row.double("p50_ms"))
        let tail = try #require(row.double("p99_ms"))
        #expect(abs(median - 300) <= 15.001)
        #expect(abs(tail - 10_000) <= 500.001)
      }
    }
  }

  @Test("a payment is compared only with other payments of its account")
  func anomaliesAreLeaveOneOut() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.execute(
        "INSERT INTO customers (customer_id, name, country, account_open_date) "
          + "VALUES (1, 'One', 'DE', '2024-01-01')")
      try await connection.execute(
        "INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at) "
          + "VALUES (11, 1, 'personal', 'EUR', '2024-01-01')")
      for number in 1...11 {
        try await connection.execute(
          """
          INSERT INTO transactions (
              transaction_id, account_id, transaction_time, transaction_amount, currency,
              transaction_type, status
          ) VALUES (?, 11, '2026-11-18 10:00:00', ?, 'EUR', 'transfer', 'completed')
          """, [.integer(Int64(number)), .integer(number == 11 ? 120 : Int64(99 + number % 3))])
      }
      _ = try await connection.queryAll("CALL refresh_rollups(1000)")
      let found = try await connection.query(
        "SELECT transaction_id, other_count, other_mean_amount FROM spend_high_value_anomalies")
      #expect(found.rows.map(\.values) == [["11", "10", "100.0000"]])
    }
  }
}
