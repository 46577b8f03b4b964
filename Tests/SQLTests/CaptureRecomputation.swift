import MariaDBClient

/// The expected rollups, computed from the base tables by plain SQL that shares nothing with the
/// procedures. The settlement delay assumes November and December, when Berlin is one hour ahead of
/// UTC and New York five behind.
enum CaptureRecomputation {
  static let dimensions = [
    "all", "transaction_type", "merchant_category", "location", "device_type", "channel", "product",
    "acquirer", "card_scheme", "response_code",
  ]
  static let routeDimensions = ["all", "transaction_type", "channel", "acquirer", "card_scheme"]

  static let tables = [
    "metric_minute", "metric_hour", "metric_day", "latency_minute", "latency_hour", "latency_day",
    "amount_day", "account_day", "account_window", "customer_window", "settlement_hour",
    "settlement_day", "settlement_delay_day",
    "login_hour",
  ]

  /// The suffixes of columns that are sums.
  private static let measures = ["_count", "_amount", "_ms", "_squares", "_seconds"]

  private static let states = [
    "created", "pending", "authorized", "completed", "failed", "denied", "cancelled", "reversed",
    "refunded", "charged_back",
  ]

  private static let minute = "DATE_FORMAT(transaction_time, '%Y-%m-%d %H:%i:00')"
  private static let hour = "DATE_FORMAT(transaction_time, '%Y-%m-%d %H:00:00')"

  private static func member(_ dimension: String) -> String {
    dimension == "all" ? "'all'" : "COALESCE(\(dimension), '(none)')"
  }

  private static func amount(_ states: String...) -> String {
    let list = states.map { "'\($0)'" }.joined(separator: ", ")
    return "SUM(CASE WHEN status IN (\(list)) THEN COALESCE(base_amount, 0) ELSE 0 END)"
  }

  /// Detail is stored from this day on.
  private static let detailFrom = "(SELECT detail_from_date FROM rollup_state)"

  private static func metric(_ column: String, _ period: String) -> (columns: String, sql: String) {
    let isDetail = column == "metric_minute"
    var columns: [String] = ["dimension", column, "member", "total_count"]
    var sums: [String] = ["COUNT(*)"]
    for state in states {
      columns.append("\(state)_count")
      sums.append("SUM(status = '\(state)')")
    }
    columns += [
      "final_attempt_count", "final_captured_count", "unconverted_count", "answered_count",
      "duration_sum_ms", "total_amount", "pending_amount", "authorized_amount",
      "completed_amount", "failed_amount", "denied_amount", "reversed_amount", "refunded_amount",
      "charged_back_amount",
    ]
    let more: [String] = [
      "SUM(is_final_attempt)",
      "SUM(is_final_attempt AND status IN ('completed', 'reversed', 'refunded', 'charged_back'))",
      "SUM(base_amount IS NULL)",
      "SUM(requested_at IS NOT NULL AND responded_at IS NOT NULL)",
      "COALESCE(SUM(TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000), 0)",
      "SUM(COALESCE(base_amount, 0))", amount("created", "pending"), amount("authorized"),
      amount("completed"), amount("failed"), amount("denied"), amount("reversed"),
      amount("refunded"), amount("charged_back"),
    ]
    sums += more
    let list = sums.joined(separator: ", ")
    let sql = dimensions.map { (dimension: String) -> String in
      """
      SELECT '\(dimension)', CAST(\(period) AS DATETIME), \(member(dimension)) AS m,
          \(list)
      FROM transactions
      WHERE \(isDetail && dimension != "all" ? "transaction_time >= \(detailFrom)" : "TRUE")
      GROUP BY \(period), m
      """
    }.joined(separator: "\nUNION ALL\n")
    return (columns.joined(separator: ", "), sql)
  }

  private static func latency(
    _ column: String, _ period: String, _ dimensions: [String]
  ) -> (columns: String, sql: String) {
    let milliseconds = "TIMESTAMPDIFF(MICROSECOND, requested_at, responded_at) DIV 1000"
    let bin = "IF(\(milliseconds) < 1, 0, CEIL(LN(\(milliseconds)) / 0.10008345855698263e0))"
    let sql = dimensions.map { (dimension: String) -> String in
      let isDetail =
        column == "metric_minute" || (column == "metric_hour" && dimension != "all")
      return """
        SELECT '\(dimension)', CAST(\(period) AS DATETIME), \(member(dimension)) AS m, \(bin) AS b,
            COUNT(*), SUM(status = 'failed')
        FROM transactions
        WHERE requested_at IS NOT NULL AND responded_at IS NOT NULL
            AND \(isDetail ? "transaction_time >= \(detailFrom)" : "TRUE")
        GROUP BY \(period), m, b
        """
    }.joined(separator: "\nUNION ALL\n")
    return ("dimension, \(column), member, latency_bin, answered_count, failed_count", sql)
  }

  private static func account(_ window: Bool) -> (columns: String, sql: String) {
    let open = "status IN ('created', 'pending', 'authorized')"
    let day = window ? "" : ", activity_date"
    let selected = window ? "" : ", DATE(transaction_time) AS d"
    let group = window ? "" : ", d"
    let span = "SELECT window_end_date - INTERVAL 29 DAY FROM rollup_state"
    let end = "SELECT window_end_date FROM rollup_state"
    let filter = window ? "WHERE DATE(transaction_time) BETWEEN (\(span)) AND (\(end))" : ""
    return (
      """
      account_id\(day), total_count, completed_count, failed_count, denied_count, open_count,
      total_amount, completed_amount, open_amount, completed_amount_squares
      """,
      """
      SELECT account_id\(selected), COUNT(*),
          SUM(status = 'completed'), SUM(status = 'failed'), SUM(status = 'denied'), SUM(\(open)),
          SUM(COALESCE(base_amount, 0)), \(amount("completed")),
          \(amount("created", "pending", "authorized")),
          SUM(IF(status = 'completed', COALESCE(base_amount * base_amount, 0), 0))
      FROM transactions
      \(filter)
      GROUP BY account_id\(group)
      """
    )
  }

  private static func settlement(_ column: String, _ period: String) -> (
    columns: String, sql: String
  ) {
    (
      """
      rail, \(column), item_count, settled_count, on_time_count, within_24h_count, failed_count,
      pending_count, item_amount, settled_amount, on_time_amount, failed_amount, pending_amount
      """,
      """
      SELECT rail, CAST(\(period) AS DATETIME), COUNT(*), SUM(settlement_status = 'settled'),
          SUM(settlement_status = 'settled' AND settlement_date <= due_at),
          SUM(settlement_status = 'settled'
              AND settlement_date <= accepted_at + INTERVAL 24 HOUR),
          SUM(settlement_status = 'failed'), SUM(settlement_status = 'pending'),
          SUM(COALESCE(base_amount, 0)),
          SUM(IF(settlement_status = 'settled', COALESCE(base_amount, 0), 0)),
          SUM(IF(settlement_status = 'settled' AND settlement_date <= due_at,
              COALESCE(base_amount, 0), 0)),
          SUM(IF(settlement_status = 'failed', COALESCE(base_amount, 0), 0)),
          SUM(IF(settlement_status = 'pending', COALESCE(base_amount, 0), 0))
      FROM settlements GROUP BY rail, \(period)
      """
    )
  }

  private static let settlementDelay = (
    columns: """
    rail, due_date, delay_bin, settled_count, settled_amount, delay_sum_seconds,
    delay_amount_seconds
    """,
    sql: """
    SELECT rail, DATE(due_at), IF(delay < 1, 0, 1 + CEIL(LN(delay) / 0.10008345855698263e0)) AS b,
        COUNT(*), SUM(amount), SUM(delay), SUM(amount * delay)
    FROM (
        SELECT s.settlement_id, s.rail, s.due_at, COALESCE(s.base_amount, 0) AS amount,
            CASE
                WHEN r.calendar_name = 'ALWAYS'
                    THEN GREATEST(0, TIMESTAMPDIFF(SECOND, s.due_at, s.settlement_date))
                ELSE COALESCE((
                    SELECT SUM(GREATEST(0, TIMESTAMPDIFF(SECOND,
                        GREATEST(s.due_at, d.calendar_date - INTERVAL z.hours HOUR),
                        LEAST(s.settlement_date,
                            d.calendar_date + INTERVAL 1 DAY - INTERVAL z.hours HOUR))))
                    FROM calendar_days AS d
                    WHERE d.calendar_name = r.calendar_name AND d.is_business_day
                        AND d.calendar_date BETWEEN DATE(s.due_at) - INTERVAL 1 DAY
                            AND DATE(s.settlement_date) + INTERVAL 1 DAY), 0)
            END AS delay
        FROM settlements AS s
        JOIN rails AS r ON r.rail = s.rail
        JOIN (SELECT 'TARGET' AS calendar_name, 1 AS hours UNION SELECT 'US_FED', -5
            UNION SELECT 'ALWAYS', 0) AS z ON z.calendar_name = r.calendar_name
        WHERE s.settlement_status = 'settled'
    ) AS q
    GROUP BY rail, DATE(due_at), b
    """
  )

  private static let login = (
    columns: "login_hour, login_count, failed_count",
    sql: """
    SELECT CAST(DATE_FORMAT(login_time, '%Y-%m-%d %H:00:00') AS DATETIME) AS h, COUNT(*),
        SUM(login_status = 'failed')
    FROM login_activity GROUP BY h
    """
  )

  private static func expected(_ table: String) -> (columns: String, sql: String) {
    switch table {
    case "metric_minute": metric("metric_minute", minute)
    case "metric_hour": metric("metric_hour", hour)
    case "metric_day": metric("metric_date", "DATE(transaction_time)")
    case "latency_minute": latency("metric_minute", minute, ["all"])
    case "latency_hour": latency("metric_hour", hour, routeDimensions)
    case "latency_day": latency("metric_date", "DATE(transaction_time)", routeDimensions)
    case "amount_day":
      (
        "metric_date, amount_bin, completed_count, completed_amount",
        """
        SELECT DATE(transaction_time) AS d,
            FLOOR(24 * LOG10(GREATEST(0.0001e0, base_amount))) AS b, COUNT(*), SUM(base_amount)
        FROM transactions WHERE status = 'completed' AND base_amount IS NOT NULL GROUP BY d, b
        """
      )
    case "account_day": account(false)
    case "account_window": account(true)
    case "customer_window":
      (
        "customer_id, total_count, completed_count, completed_amount",
        """
        SELECT a.customer_id, COUNT(*), SUM(t.status = 'completed'),
            SUM(IF(t.status = 'completed', COALESCE(t.base_amount, 0), 0))
        FROM transactions AS t JOIN accounts AS a ON a.account_id = t.account_id
        WHERE DATE(t.transaction_time) BETWEEN
            (SELECT window_end_date - INTERVAL 29 DAY FROM rollup_state)
            AND (SELECT window_end_date FROM rollup_state)
        GROUP BY a.customer_id
        """
      )
    case "settlement_hour":
      settlement("due_hour", "DATE_FORMAT(due_at, '%Y-%m-%d %H:00:00')")
    case "settlement_day": settlement("due_date", "DATE(due_at)")
    case "settlement_delay_day": settlementDelay
    default: login
    }
  }

  /// Compares every rollup with its expected contents; no change may be pending.
  ///
  /// - Returns: a few missing and superfluous rows of each table; empty without differences.
  static func differences(_ connection: Connection) async throws -> [String] {
    var found: [String] = []
    for table in tables {
      let (columns, sql) = expected(table)
      // A row of zero counts equals no row; anything else in it is an error.
      let zero = columns.split { $0 == "," || $0 == "\n" || $0 == " " }.map(String.init)
        .filter { column in measures.contains { column.hasSuffix($0) } }
        .map { "\($0) = 0" }.joined(separator: " AND ")
      try await connection.execute("DROP TEMPORARY TABLE IF EXISTS expected_rollup")
      try await connection.execute(
        "CREATE TEMPORARY TABLE expected_rollup AS SELECT \(columns) FROM \(table) LIMIT 0")
      try await connection.execute("INSERT INTO expected_rollup \(sql)")
      for (what, query) in [
        (
          "missing",
          "SELECT * FROM expected_rollup EXCEPT SELECT \(columns) FROM \(table) LIMIT 3"
        ),
        (
          "too much",
          """
          SELECT \(columns) FROM \(table) WHERE NOT (\(zero))
          EXCEPT SELECT * FROM expected_rollup LIMIT 3
          """
        ),
      ] {
        for row in try await connection.query(query).rows {
          found.append(
            "\(table): \(what): \(row.values.map { $0 ?? "NULL" }.joined(separator: " "))")
        }
      }
    }
    try await connection.execute("DROP TEMPORARY TABLE IF EXISTS expected_rollup")
    return found
  }
}
