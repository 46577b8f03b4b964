extension Question {
  private static let open = "('created', 'pending', 'authorized')"

  /// Questions about rates, volumes and answers.
  static func payments(_ windows: QuestionWindows) -> [Question] {
    [
      Question(
        name: "success rate today", kinds: [.count, .count, .ratio(within: 1.1e-6)],
        mariaDB: """
          SELECT total_count, completed_count, success_rate FROM kpi_payment_day
          WHERE dimension = 'all' AND metric_date = '\(windows.today)'
          """,
        duckDB: """
          SELECT count(*), count(*) FILTER (status = 'completed'),
              count(*) FILTER (status = 'completed') / count(*)
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.today)'
          """),
      Question(
        name: "daily success, 90 days", kinds: [.key, .count, .count, .ratio(within: 1.1e-6)],
        mariaDB: """
          SELECT metric_date, total_count, completed_count, success_rate FROM kpi_payment_day
          WHERE dimension = 'all' AND metric_date >= '\(windows.day(90))'
          """,
        duckDB: """
          SELECT transaction_time::DATE, count(*), count(*) FILTER (status = 'completed'),
              count(*) FILTER (status = 'completed') / count(*)
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.day(90))' GROUP BY 1
          """),
      Question(
        name: "success by location, 24 hours", kinds: [.key, .count, .count],
        mariaDB: """
          SELECT member, SUM(total_count), SUM(completed_count) FROM kpi_payment_hour
          WHERE dimension = 'location' AND metric_hour >= '\(windows.hour(24))' GROUP BY member
          """,
        duckDB: """
          SELECT coalesce(location, '(none)'), count(*), count(*) FILTER (status = 'completed')
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.hour(24))' GROUP BY 1
          """),
      Question(
        name: "success by location, 90 days", kinds: [.key, .count, .count],
        mariaDB: """
          SELECT member, SUM(total_count), SUM(completed_count) FROM kpi_payment_day
          WHERE dimension = 'location' AND metric_date >= '\(windows.day(90))' GROUP BY member
          """,
        duckDB: """
          SELECT coalesce(location, '(none)'), count(*), count(*) FILTER (status = 'completed')
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.day(90))' GROUP BY 1
          """),
      Question(
        name: "hourly volume, 48 hours", kinds: [.key, .count, .count, .amount],
        mariaDB: """
          SELECT metric_hour, total_count, completed_count, total_amount FROM kpi_payment_hour
          WHERE dimension = 'all' AND metric_hour >= '\(windows.hour(48))'
          """,
        duckDB: """
          SELECT date_trunc('hour', transaction_time), count(*),
              count(*) FILTER (status = 'completed'), sum(base_amount)
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.hour(48))' GROUP BY 1
          """),
      Question(
        name: "minutes by acquirer, 3 hours", kinds: [.key, .key, .count, .count],
        mariaDB: """
          SELECT metric_minute, member, total_count, failed_count FROM kpi_payment_minute
          WHERE dimension = 'acquirer' AND metric_minute >= '\(windows.minute(180))'
          """,
        duckDB: """
          SELECT date_trunc('minute', transaction_time), coalesce(acquirer, '(none)'), count(*),
              count(*) FILTER (status = 'failed')
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.minute(180))'
          GROUP BY 1, 2
          """),
      Question(
        name: "mean amount by type, 7 days",
        kinds: [.key, .count, .amount, .ratio(within: 1e-4)],
        mariaDB: """
          SELECT member, SUM(total_count), SUM(total_amount), SUM(total_amount) / SUM(total_count)
          FROM kpi_payment_day
          WHERE dimension = 'transaction_type' AND metric_date >= '\(windows.day(7))'
          GROUP BY member
          """,
        duckDB: """
          SELECT transaction_type, count(*), sum(base_amount), sum(base_amount) / count(*)
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.day(7))' GROUP BY 1
          """),
      Question(
        name: "decline codes, 7 days", kinds: [.key, .count, .amount],
        mariaDB: """
          SELECT response_code, SUM(payment_count), SUM(payment_amount)
          FROM kpi_response_code_day
          WHERE metric_date >= '\(windows.day(7))' AND response_code NOT IN ('00', '(none)')
          GROUP BY response_code
          """,
        duckDB: """
          SELECT response_code, count(*), sum(base_amount) FROM transactions
          WHERE transaction_time >= TIMESTAMP '\(windows.day(7))' AND response_code <> '00'
          GROUP BY 1
          """),
      Question(
        name: "latency p95 by channel, 7 days", kinds: [.key, .key, .count, .percentile],
        mariaDB: """
          SELECT metric_date, member, answered_count, p95_ms FROM latency_percentiles_day
          WHERE dimension = 'channel' AND metric_date >= '\(windows.day(7))'
          """,
        duckDB: """
          SELECT transaction_time::DATE, coalesce(channel, '(none)'), count(duration_ms),
              quantile_disc(duration_ms, 0.95)
          FROM transactions
          WHERE transaction_time >= TIMESTAMP '\(windows.day(7))' AND duration_ms IS NOT NULL
          GROUP BY 1, 2
          """),
    ]
  }

  /// Questions about the backlog, payers and settlement.
  static func operations(_ windows: QuestionWindows) -> [Question] {
    [
      Question(
        name: "backlog by age", kinds: [.key, .count, .amount],
        mariaDB: "SELECT bucket_number, open_count, open_amount FROM backlog_by_age",
        duckDB: """
          SELECT b.bucket_number, coalesce(s.n, 0), coalesce(s.amount, 0)
          FROM (VALUES (1), (2), (3), (4), (5), (6)) AS b (bucket_number)
          LEFT JOIN (
              SELECT CASE WHEN age < 3600 THEN 1 WHEN age < 14400 THEN 2 WHEN age < 86400 THEN 3
                  WHEN age < 172800 THEN 4 WHEN age < 432000 THEN 5 ELSE 6 END AS bucket_number,
                  count(*) AS n, sum(base_amount) AS amount
              FROM (
                  SELECT base_amount, epoch(TIMESTAMP '\(windows.asOfMinute)')
                      - epoch(date_trunc('minute', transaction_time)) AS age
                  FROM transactions WHERE status IN \(open)) AS o
              GROUP BY 1
          ) AS s ON s.bucket_number = b.bucket_number
          """),
      Question(
        name: "exposure by location", kinds: [.key, .count, .amount],
        mariaDB: "SELECT location, open_count, open_amount FROM exposure_by_location",
        duckDB: """
          SELECT coalesce(location, '(none)'), count(*), sum(base_amount) FROM transactions
          WHERE status IN \(open) GROUP BY 1
          """),
      Question(
        name: "top 20 accounts, 30 days", kinds: [.key, .count, .amount],
        mariaDB: """
          SELECT account_id, completed_count, completed_amount FROM spend_top_accounts_30d
          WHERE account_rank <= 20
          """,
        duckDB: """
          SELECT account_id, count(*), sum(base_amount) AS amount FROM transactions
          WHERE transaction_time >= TIMESTAMP '\(windows.windowStart)'
              AND transaction_time < TIMESTAMP '\(windows.windowAfter)' AND status = 'completed'
          GROUP BY account_id ORDER BY amount DESC, account_id LIMIT 20
          """),
      Question(
        name: "one account's profile, 30 days",
        kinds: [.key, .count, .amount, .ratio(within: 1e-4), .ratio(within: 1e-4)],
        mariaDB: """
          SELECT account_id, completed_count, completed_amount,
              completed_amount / completed_count,
              SQRT((completed_amount_squares - completed_amount * completed_amount
                  / completed_count) / (completed_count - 1))
          FROM account_window WHERE account_id = \(windows.account)
          """,
        duckDB: """
          SELECT account_id, count(*), sum(base_amount), sum(base_amount) / count(*),
              stddev_samp(base_amount)
          FROM transactions
          WHERE account_id = \(windows.account) AND status = 'completed'
              AND transaction_time >= TIMESTAMP '\(windows.windowStart)'
              AND transaction_time < TIMESTAMP '\(windows.windowAfter)'
          GROUP BY 1
          """),
      Question(
        name: "settlement SLA by rail, 30 days", kinds: [.key, .count, .count, .count],
        mariaDB: """
          SELECT rail, SUM(due_count), SUM(on_time_count), SUM(overdue_count)
          FROM settlement_sla_day WHERE due_date >= '\(windows.day(30))' GROUP BY rail
          """,
        duckDB: """
          SELECT rail, count(*),
              count(*) FILTER (settlement_status = 'settled' AND settlement_date <= due_at),
              count(*) FILTER (settlement_status = 'pending')
          FROM settlements
          WHERE due_at >= TIMESTAMP '\(windows.day(30))' AND due_at <= TIMESTAMP '\(windows.asOf)'
          GROUP BY 1
          """),
      Question(
        name: "spend by hour of day, 30 days", kinds: [.key, .count, .count, .amount],
        mariaDB: """
          SELECT hour_of_day, total_count, completed_count, completed_amount
          FROM spend_by_hour_of_day
          """,
        duckDB: """
          SELECT hour(transaction_time), count(*), count(*) FILTER (status = 'completed'),
              coalesce(sum(base_amount) FILTER (status = 'completed'), 0)
          FROM transactions WHERE transaction_time >= TIMESTAMP '\(windows.fullHour30Days)'
          GROUP BY 1
          """),
      Question(
        name: "after failed login, today", kinds: [.count, .amount],
        mariaDB: """
          SELECT COUNT(*), COALESCE(SUM(base_amount), 0) FROM risk_payments_after_failed_login
          WHERE failed_login_at >= '\(windows.today)'
          """,
        duckDB: """
          SELECT count(*), coalesce(sum(p.base_amount), 0)
          FROM (
              SELECT a.customer_id, t.transaction_time, t.base_amount
              FROM transactions AS t INNER JOIN accounts AS a ON a.account_id = t.account_id
              WHERE t.transaction_time >= TIMESTAMP '\(windows.today)') AS p
          ASOF JOIN (
              SELECT customer_id, login_time FROM login_activity
              WHERE login_status = 'failed' AND login_time >= TIMESTAMP '\(windows.today)'
                  AND login_time <= TIMESTAMP '\(windows.asOf)') AS l
              ON l.customer_id = p.customer_id AND p.transaction_time >= l.login_time
          WHERE p.transaction_time <= l.login_time + INTERVAL 3600 SECOND
          """),
    ]
  }
}
