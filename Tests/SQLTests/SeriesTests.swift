import MariaDBClient
import TestSupport
import Testing

@Suite("Series of the monitor for a chart", .timeLimit(.minutes(5)))
struct SeriesTests {
  private func texts(_ result: ResultSet?) -> [String] {
    (result?.rows ?? []).map { row in row.values.map { $0 ?? "NULL" }.joined(separator: "|") }
  }

  private func series(
    _ arguments: String, _ connection: Connection
  ) async throws -> (buckets: [String], summary: [String]) {
    let results = try await connection.queryAll("CALL read_series(\(arguments))")
      .filter { !$0.columns.isEmpty }
    #expect(results.count == 2)
    return (texts(results.first), texts(results.last))
  }

  /// Judged minutes of a share, from 10:00.
  private func judge(
    _ steps: [(observed: String, events: String, verdict: String)], _ connection: Connection
  ) async throws {
    for (number, step) in steps.enumerated() {
      try await connection.execute(
        """
        INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value,
            event_count, expected_value, lower_value, upper_value, sample_size, verdict)
        VALUES ('failed_rate', 'all', '2026-11-18 10:00:00' + INTERVAL \(number) MINUTE,
            \(step.observed), \(step.events), 0.1, NULL, 0.2 + \(number), 30, '\(step.verdict)')
        """)
    }
  }

  @Test("a bucket has the extremes, the weighted mean and the worst verdict of its minutes")
  func buckets() async throws {
    try await TestServer.withSchema { connection in
      try await judge(
        [
          ("0.1", "100", "normal"), ("0.5", "300", "anomalous"),
          ("NULL", "0", "no_verdict"), ("NULL", "0", "no_verdict"),
          ("0.2", "10", "normal"), ("NULL", "0", "no_verdict"),
        ], connection)
      let found = try await series(
        "'failed_rate', 'all', '2026-11-18 10:00:00', '2026-11-18 10:06:00', 4", connection)
      // (0.1 * 100 + 0.5 * 300) / 400; bounds are means over the two minutes.
      #expect(
        found.buckets == [
          "2026-11-18 10:00:00|step|2|0.1|0.4|0.5|0.1|NULL|0.7|1|anomalous",
          "2026-11-18 10:02:00|step|2|NULL|NULL|NULL|0.1|NULL|2.7|0|no_verdict",
          "2026-11-18 10:04:00|step|2|0.2|0.2|0.2|0.1|NULL|4.7|0|normal",
        ])
      #expect(found.summary == ["failed_rate|all|1|2|2026-11-18 10:00:00|1|ratio"])
      // The end is not included, the begin is.
      #expect(
        try await series(
          "'failed_rate', 'all', '2026-11-18 10:01:00', '2026-11-18 10:02:00', 2", connection
        ).buckets == ["2026-11-18 10:01:00|step|1|0.5|0.5|0.5|0.1|NULL|1.2|1|anomalous"])
    }
  }

  @Test("no anomalous minute is thinned away, and there are no more buckets than asked for")
  func thinning() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value,
            event_count, sample_size, verdict)
        SELECT 'failed_rate', 'all', '2026-11-05' + INTERVAL seq MINUTE, IF(seq = 7777, 0.9, 0.01),
            10, 30, IF(seq = 7777, 'anomalous', 'normal')
        FROM \(numbers(0...20_159)) AS n
        """)
      for points in [2, 3, 10, 97, 400, 5000] {
        let results = try await connection.queryAll(
          "CALL read_series('failed_rate', 'all', '2026-11-05 00:00:07', '2026-11-19', \(points))")
        let rows = results.first?.rows ?? []
        #expect(rows.count <= points && rows.count > points / 3, "\(points)")
        #expect(rows.reduce(0) { $0 + ($1.integer("anomalous_count") ?? 0) } == 1)
        let worst = rows.filter { $0["worst_verdict"] == "anomalous" }
        #expect(worst.count == 1 && worst.first?.double("maximum_value") == 0.9, "\(points)")
        #expect(rows.reduce(0) { $0 + ($1.integer("point_count") ?? 0) } == 20159)
      }
    }
  }

  @Test("hours stand in where no minute is kept, without band, and say so")
  func hours() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      // Eleven payments of 2026-11-18: 3 at 11:00 and 10:00, 4 at 12:00, of which one failed.
      let all = try await series(
        "'failed_rate', 'all', '2026-11-18 09:00:00', '2026-11-18 13:00:00', 5", connection)
      #expect(
        all.buckets == [
          "2026-11-18 10:00:00|hour|1|0|0|0|NULL|NULL|NULL|NULL|NULL",
          "2026-11-18 11:00:00|hour|1|0|0|0|NULL|NULL|NULL|NULL|NULL",
          "2026-11-18 12:00:00|hour|1|0.25|0.25|0.25|NULL|NULL|NULL|NULL|NULL",
        ])
      #expect(all.summary == ["failed_rate|all|1|60|NULL|1|ratio"])
      #expect(
        try await series(
          "'denied_rate_by_location', 'Paris', '2026-11-18 12:00:00', '2026-11-18 13:00:00', 2",
          connection
        ).buckets == ["2026-11-18 12:00:00|hour|1|0.5|0.5|0.5|NULL|NULL|NULL|NULL|NULL"])
      // A count of an hour is its mean over the steps: 4 payments, twelve steps of 5 minutes.
      #expect(
        try await series(
          "'volume', 'all', '2026-11-18 12:00:00', '2026-11-18 13:00:00', 2", connection
        ).buckets
          == ["2026-11-18 12:00:00|hour|1|0.3333333|0.3333333|0.3333333|NULL|NULL|NULL|NULL|NULL"])
      #expect(
        try await series(
          "'failed_logins', 'all', '2026-11-18 09:00:00', '2026-11-18 10:00:00', 2", connection
        ).buckets == ["2026-11-18 09:00:00|hour|1|0.5|0.5|0.5|NULL|NULL|NULL|NULL|NULL"])
      #expect(
        try await series(
          "'late_settlements', 'WIRE', '2026-11-17 17:00:00', '2026-11-17 18:00:00', 2", connection
        ).buckets == ["2026-11-17 17:00:00|hour|1|1|1|1|NULL|NULL|NULL|NULL|NULL"])
      // Four answers of more than 2,000 ms or less: one took 10 s.
      #expect(
        try await series(
          "'slow_rate', 'all', '2026-11-18 12:00:00', '2026-11-18 13:00:00', 2", connection
        ).buckets == ["2026-11-18 12:00:00|hour|1|0.25|0.25|0.25|NULL|NULL|NULL|NULL|NULL"])
      #expect(
        try await series(
          "'imported_failed_rate', 'switch', '2026-11-18 12:00:00', '2026-11-18 13:00:00', 2",
          connection
        ).buckets == ["2026-11-18 12:00:00|hour|1|0.01|0.01|0.01|NULL|NULL|NULL|NULL|NULL"])
      for none in ["latency_p95', 'all", "repeated_payments', 'all", "freshness', 'transactions"] {
        let found = try await series(
          "'\(none)', '2026-11-18 12:00:00', '2026-11-18 13:00:00', 2", connection)
        #expect(found.buckets.isEmpty && found.summary.first?.contains("|0|") == true, "\(none)")
      }
      // Where minutes begin, hours end.
      try await judge([("0.7", "10", "normal")], connection)
      #expect(
        try await series(
          "'failed_rate', 'all', '2026-11-18 09:00:00', '2026-11-18 13:00:00', 5", connection
        ).buckets == ["2026-11-18 10:00:00|step|1|0.7|0.7|0.7|0.1|NULL|0.2|0|normal"])
    }
  }

  @Test("open payments of hours come from their samples")
  func stocks() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      _ = try await connection.query("CALL sample_backlog()")
      for (metric, member, value) in [
        ("open_count", "pending", "2"), ("open_amount", "pending", "140"),
        ("overdue_settlements", "WIRE", "1"),
      ] {
        #expect(
          try await series(
            "'\(metric)', '\(member)', '2026-11-18', '2026-11-19', 24", connection
          ).buckets.map { $0.split(separator: "|")[3] } == [Substring(value)], "\(metric)")
      }
    }
  }

  @Test("odd values, members and periods")
  func odd() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value,
            sample_size, verdict)
        VALUES ('volume_by_location', '😀''"\\\\', '2026-11-18 10:00:00', 1e300, 0, 'normal'),
            ('volume_by_location', '😀''"\\\\', '2026-11-18 10:05:00', -1e300, 0, 'normal'),
            ('volume_by_location', '😀''"\\\\', '2026-11-18 11:00:00', 123456.789012, 0, 'normal'),
            ('volume_by_location', '😀''"\\\\', '2026-11-18 12:00:00', 0, 0, 'normal')
        """)
      let found = try await series(
        "'volume_by_location', '😀''\"\\\\', '2026-11-18 10:00:00', '2026-11-18 13:00:00', 4",
        connection)
      #expect(
        found.buckets.map { $0.split(separator: "|")[3...5].joined(separator: "|") }
          == ["-1e300|0|1e300", "123456.8|123456.8|123456.8", "0|0|0"])
      for member in ["x", "", "'); DROP TABLE alerts; --"] {
        for metric in ["failed_rate", "imported_failed_rate", "open_count", "late_settlements"] {
          let empty = try await connection.queryAll(
            "CALL read_series(?, ?, '2026-11-18', '2026-11-19', 10)",
            [.text(metric), .text(member)])
          #expect(empty.first?.rows.isEmpty == true, "\(metric) \(member)")
        }
      }
      for (arguments, number) in [
        ("'failed_rate', 'all', '2026-11-18', '2026-11-18', 10", 30002),
        ("'failed_rate', 'all', '2026-11-19', '2026-11-18', 10", 30002),
        ("'failed_rate', 'all', NULL, '2026-11-18', 10", 30002),
        ("'failed_rate', 'all', '2000-11-19', '2026-11-18', 10", 30002),
        ("'failed_rate', 'all', '2026-11-17', '2026-11-18', 1", 30002),
        ("'failed_rate', 'all', '2026-11-17', '2026-11-18', 5001", 30002),
        ("'failed_rate', 'all', '2026-11-17', '2026-11-18', NULL", 30002),
        ("'failed_rate', NULL, '2026-11-17', '2026-11-18', 10", 30002),
        ("'nothing', 'all', '2026-11-17', '2026-11-18', 10", 30671),
        ("NULL, 'all', '2026-11-17', '2026-11-18', 10", 30671),
      ] {
        let error = await #expect(throws: DatabaseError.self, "\(arguments)") {
          _ = try await connection.queryAll("CALL read_series(\(arguments))")
        }
        #expect(error?.errno == UInt32(number), "\(arguments)")
      }
      try await connection.execute(
        "UPDATE monitor_metrics SET numerator = 'total_count) FROM alerts -- _count'"
          + " WHERE metric_name = 'volume'")
      let error = await #expect(throws: DatabaseError.self) {
        _ = try await connection.queryAll(
          "CALL read_series('volume', 'all', '2026-11-17', '2026-11-18', 10)")
      }
      #expect(error?.errno == 30671)
    }
  }

  @Test("it reads inside a transaction that only reads, and leaves it open")
  func snapshot() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      try await connection.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
      let found = try await series(
        "'failed_rate', 'all', '2026-11-18 12:00:00', '2026-11-18 13:00:00', 2", connection)
      #expect(found.buckets.count == 1)
      #expect(
        try await connection.query("SELECT \(connection.openTransaction) AS n").rows.first?.integer(
          "n") == 1)
    }
  }
}
