internal import MariaDBClient
internal import TestSupport
internal import Testing

@Suite("Rows that views read", .timeLimit(.minutes(5)))
struct ViewReadTests {
  /// A view, its time column and a condition that together select a tenth of 400 days or hours.
  static let ranges = [
    ("kpi_payment_day", "metric_date", "dimension = 'all'", 1),
    ("kpi_payment_hour", "metric_hour", "dimension = 'all'", 24),
    ("kpi_order_day", "metric_date", "dimension = 'all'", 1),
    ("kpi_moving_volume", "metric_date", "dimension = 'all'", 8),
    ("spend_trend_day", "metric_date", "1 = 1", 2),
    ("backlog_by_hour", "metric_hour", "1 = 1", 24),
    ("backlog_flow_hour", "metric_hour", "1 = 1", 24),
    ("latency_percentiles_hour", "metric_hour", "dimension = 'all'", 250),
    ("latency_apdex_hour", "metric_hour", "dimension = 'all'", 100),
    ("monitor_minute", "metric_minute", "source_name = 'live'", 30),
    ("login_failures_hour", "login_hour", "1 = 1", 24),
  ]

  @Test("a filter on the time column reads only its range", arguments: [true, false])
  func filterReadsOnlyItsRange(literal: Bool) async throws {
    try await TestServer.withSchema { connection in
      try await Self.fill(connection)
      for (view, column, condition, perDay) in Self.ranges {
        // The query of a BI tool, and that of the catalogue.
        let bound =
          literal
          ? "'2026-11-14 00:00:00'"
          : "COALESCE(@payops_as_of, UTC_TIMESTAMP()) - INTERVAL 2 DAY"
        let reads = try await connection.rowsRead(
          by: "SELECT * FROM \(view) WHERE \(condition) AND \(column) >= \(bound)")
        // Two days; constants such as the present backlog read one row a day.
        let whole = try await connection.rowsRead(by: "SELECT * FROM \(view)")
        #expect(reads <= 4 * perDay + 520, "\(view) reads \(reads) of \(whole)")
        #expect(reads * 3 < whole, "\(view) reads \(reads) of \(whole)")
      }
    }
  }

  private static func fill(_ connection: Connection) async throws {
    try await connection.execute("SET @payops_as_of = '2026-11-16 00:00:00'")
    for (table, column, step) in [
      ("metric_day", "metric_date", "DAY"), ("metric_hour", "metric_hour", "HOUR"),
      ("metric_minute", "metric_minute", "HOUR"),
    ] {
      try await connection.execute(
        """
        INSERT INTO \(table) (dimension, \(column), member, total_count, pending_count)
        SELECT 'all', '2026-11-16' - INTERVAL s.seq \(step), 'all', 10, 1
        FROM \(numbers(0...(step == "DAY" ? 400 : 4_800))) AS s
        """)
    }
    try await connection.execute(
      """
      INSERT INTO latency_hour (dimension, metric_hour, member, latency_bin, answered_count)
      SELECT 'all', '2026-11-16' - INTERVAL s.seq HOUR, 'all', b.seq, 1
      FROM \(numbers(0...4_800)) AS s CROSS JOIN \(numbers(1...2)) AS b
      """)
    try await connection.execute(
      """
      INSERT INTO login_hour (login_hour, login_count)
      SELECT '2026-11-16' - INTERVAL s.seq HOUR, 1 FROM \(numbers(0...4_800)) AS s
      """)
    // The plan hangs on the number of rows, which the server otherwise counts some time later.
    _ = try await connection.query(
      "ANALYZE TABLE metric_day, metric_hour, metric_minute, latency_hour, login_hour")
  }
}
