import MariaDBClient
import PayopsCore
import Testing

@Suite("Business calendar", .timeLimit(.minutes(10)))
struct CalendarTests {
  private static let span = 2025...2027

  private func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    CivilDate(year: year, month: month, day: day).daysSinceEpoch
  }

  /// Writes samples into a temporary table and returns those that violate a condition.
  private func failing(
    _ samples: [[String]], _ columns: String, holds condition: String, _ connection: Connection
  ) async throws -> [String] {
    try await connection.execute("DROP TEMPORARY TABLE IF EXISTS sample")
    try await connection.execute("CREATE TEMPORARY TABLE sample (\(columns))")
    for start in stride(from: 0, to: samples.count, by: 2000) {
      let rows = samples[start..<min(start + 2000, samples.count)].map { row in
        "(" + row.map { "'\($0)'" }.joined(separator: ", ") + ")"
      }
      try await connection.execute("INSERT INTO sample VALUES \(rows.joined(separator: ", "))")
    }
    return try await connection.query("SELECT * FROM sample WHERE NOT (\(condition)) LIMIT 5").rows
      .map { $0.values.map { $0 ?? "NULL" }.joined(separator: " ") }
  }

  @Test("due times follow cut-offs, holidays and summer time on every rail over two years")
  func dueTimes() async throws {
    try await CaptureSchema.use { connection in
      var samples: [[String]] = []
      for rail in CalendarRules.rails {
        for number in day(2025, 12, 20)...day(2028, 1, 5) {
          for second in [0, rail.cutOff - 1, rail.cutOff, rail.cutOff + 1] {
            let instant = rail.zone.utc(number * 86_400 + second)
            let due = CalendarRules.due(rail, acceptedAt: instant)
            samples.append([rail.name, CalendarRules.text(instant), CalendarRules.text(due)])
          }
        }
      }
      for second in 0..<50 {
        let instant = day(2026, 3, 29) * 86_400 + second * 3601
        samples.append([
          "SEPA_INST", CalendarRules.text(instant), CalendarRules.text(instant + 10),
        ])
      }
      #expect(samples.count > 17_000)
      #expect(
        try await failing(
          samples, "rail VARCHAR(16), accepted_at DATETIME, due_at DATETIME",
          holds: "settlement_due_at(rail, accepted_at) <=> due_at", connection) == [])
      let beyond = try await connection.query(
        """
        SELECT settlement_due_at('SEPA_CT', '2017-12-30') AS early,
            settlement_due_at('SEPA_CT', '2031-02-01') AS late,
            settlement_due_at('WIRE', '2040-02-01') AS later, settlement_due_at('PIGEON', NOW()) AS x
        """
      ).rows.first
      #expect(beyond?.values == [nil, nil, nil, nil], "windows that do not reach give no due time")
    }
  }

  @Test("business seconds equal a sum over the days without weekends and holidays")
  func businessSeconds() async throws {
    try await CaptureSchema.use { connection in
      var random = SeededRandom(seed: 7)
      var samples: [[String]] = []
      let start = day(2025, 12, 1) * 86_400
      for number in 0..<3000 {
        let (calendar, zone): (String, CalendarRules.Zone) =
          number % 2 == 0 ? ("TARGET", .berlin) : ("US_FED", .newYork)
        let from = start + random.below(700 * 86_400)
        let to = from + random.below(number % 5 == 0 ? 7200 : 20 * 86_400) - 100
        samples.append([
          calendar, CalendarRules.text(from), CalendarRules.text(to),
          String(CalendarRules.businessSeconds(calendar, zone, from, to)),
        ])
      }
      let wrong = try await failing(
        samples, "calendar VARCHAR(16), a DATETIME, b DATETIME, seconds BIGINT",
        holds: "business_seconds(calendar, a, b) <=> seconds", connection)
      #expect(wrong == [])
    }
  }

  @Test("local times and instants convert both ways, in the skipped and the repeated hour too")
  func zones() async throws {
    try await CaptureSchema.use { connection in
      var samples: [[String]] = []
      for zone in [CalendarRules.Zone.berlin, .newYork, .kolkata] {
        for year in Self.span {
          for month in [3, 10, 11] {
            let start = day(year, month, 1) * 86_400
            for step in 0..<(31 * 48) {
              let instant = start + step * 1800 - (step % 3 == 0 ? 1 : 0)
              samples.append([
                zone.name, CalendarRules.text(instant), CalendarRules.text(zone.local(instant)),
                CalendarRules.text(zone.utc(instant)),
              ])
            }
          }
        }
      }
      #expect(
        try await failing(
          samples, "zone VARCHAR(40), instant DATETIME, in_zone DATETIME, back DATETIME",
          holds: """
            utc_to_local(zone, instant) <=> in_zone AND local_to_utc(zone, instant) <=> back
            """, connection) == [])
      let hours = try await connection.query(
        """
        SELECT local_to_utc('Europe/Berlin', '2026-03-29 02:30:00') AS skipped,
            local_to_utc('Europe/Berlin', '2026-10-25 02:30:00') AS repeated,
            utc_to_local('Mars/Base', '2026-01-01') AS unknown
        """
      ).rows.first
      #expect(hours?.values == ["2026-03-29 01:30:00", "2026-10-25 01:30:00", nil])
    }
  }

  @Test("amounts convert at the rate of their day, and a change of state is dated")
  func derivedColumns() async throws {
    try await CaptureSchema.use { connection in
      try await connection.execute(
        "INSERT INTO fx_rates VALUES ('USD', '2026-11-10', 0.9, 't'), ('USD', '2026-11-12', 0.8, 't')"
      )
      let rates = try await connection.query(
        """
        SELECT fx_rate('USD', '2026-11-10') AS a, fx_rate('USD', '2026-11-11') AS b,
            fx_rate('USD', '2026-11-12') AS c, fx_rate('USD', '2026-11-09') < 0.95 AS d,
            fx_rate('USD', '1990-01-01') = (SELECT rate_to_base FROM fx_rates
                WHERE currency = 'USD' ORDER BY rate_date LIMIT 1) AS e, fx_rate('XXX', NOW()) AS f,
            fx_rate('EUR', '2026-11-11') AS g
        """
      ).rows.first
      #expect(
        rates?.values == [
          "0.900000000", "0.900000000", "0.800000000", "1", "1", nil, "1.000000000",
        ])
      func payment(_ change: String) async throws -> [String?] {
        if !change.isEmpty { try await connection.execute("UPDATE transactions SET \(change)") }
        return try await connection.query(
          "SELECT base_amount, status_changed_at FROM transactions"
        ).rows.first?.values ?? []
      }
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (1, '2026-11-11 10:00:00', 100, 'USD', 'wire', 'pending')
        """)
      let started = "2026-11-11 10:00:00"
      #expect(try await payment("") == ["90.0000", started])
      #expect(
        try await payment("transaction_time = '2026-11-12 10:00:00'") == ["80.0000", started])
      #expect(try await payment("transaction_amount = 50") == ["40.0000", started])
      #expect(try await payment("currency = 'XXX'") == [nil, started])
      #expect(try await payment("currency = 'EUR'") == ["50.0000", started])
      #expect(try await payment("base_amount = 49") == ["49.0000", started])
      #expect(
        try await payment("status = 'failed', status_changed_at = '2026-11-13'")
          == ["49.0000", "2026-11-13 00:00:00"])
      #expect(try await payment("status = 'completed'")[1] != "2026-11-13 00:00:00")
    }
  }

  @Test("the account window follows the day forward, far forward and backward")
  func accountWindow() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(400, spacingSeconds: 5600, connection)
      try await CaptureLedger.drain(connection)
      for now in [
        "2026-10-01", "2026-11-10", "2026-11-11", "2026-11-14", "2026-11-28", "2026-10-20",
        "2026-11-29", "2026-11-21", "2026-10-28", "2026-11-27",
      ] {
        try await connection.execute("SET @payops_as_of = '\(now) 08:00:00'")
        try await connection.execute(
          "UPDATE transactions SET status = 'refunded', account_id = 1 + (account_id + 6) % 40 "
            + "WHERE transaction_id % 17 = 3")
        try await CaptureLedger.drain(connection, limit: 7)
        let end = try await connection.query("SELECT window_end_date AS d FROM rollup_state").rows
        #expect(end.first?.text("d") == now)
        #expect(try await CaptureRecomputation.differences(connection) == [], "\(now)")
      }
      // Not beyond the clock of the server: days that leave a window are deleted.
      try await connection.execute("SET @payops_as_of = '2099-01-01'")
      try await CaptureLedger.drain(connection)
      let days = try await connection.query(
        """
        SELECT DATEDIFF(DATE(server_clock()), window_end_date) AS accounts,
            DATEDIFF(DATE(server_clock()), detail_from_date) AS detail FROM rollup_state
        """
      ).rows.first
      // Midnight may have passed in between.
      #expect((0...1).contains(days?.integer("accounts") ?? -1))
      #expect((19...20).contains(days?.integer("detail") ?? -1))
    }
  }
}
