import MariaDBClient
import TestSupport
import Testing

@Suite("Steps of the monitor", .timeLimit(.minutes(5)))
struct MonitorStepTests {
  private func record(
    _ steps: String, replaces: Bool, on connection: Connection
  ) async throws -> Int64? {
    try await connection.query(
      "CALL record_monitor_steps(?, ?)", [.text(steps), .integer(replaces ? 1 : 0)]
    ).rows.first?.integer("recorded_count")
  }

  private static func step(_ value: String, verdict: String = "normal") -> String {
    """
    {"metric_name":"failed_rate","member":"Zażółć \\"x\\"","metric_minute":"2026-03-01 12:00:00",
     "observed_value":\(value),"event_count":100,"expected_value":0.1,"lower_value":null,
     "upper_value":1e-300,"score":-2.5,"chance":5e-8,"corrected_chance":null,"evidence":0.25,
     "sample_size":30,"verdict":"\(verdict)","reason":null}
    """
  }

  @Test("recorded steps keep every digit and their first verdict")
  func recorded() async throws {
    try await TestServer.withSchema { connection in
      func rows() async throws -> [String] {
        try await connection.query(
          """
          SELECT CONCAT_WS(' ', member, metric_minute, observed_value, event_count, expected_value,
            COALESCE(lower_value, '-'), upper_value, score, chance,
            COALESCE(corrected_chance, '-'), evidence, sample_size, verdict,
            COALESCE(reason, '-')) AS text
          FROM monitor_points ORDER BY metric_minute
          """
        ).rows.compactMap { $0["text"] }
      }
      let kept =
        "Zażółć \"x\" 2026-03-01 12:00:00 0.30000000000000004 100 0.1 - 1e-300 -2.5 0.00000005 -"
      #expect(
        try await record("[\(Self.step("0.30000000000000004"))]", replaces: true, on: connection)
          == 1)
      #expect(try await rows() == [kept + " 0.25 30 normal -"])
      _ = try await record(
        "[\(Self.step("0.5", verdict: "anomalous"))]", replaces: false, on: connection)
      #expect(try await rows() == [kept + " 0.25 30 normal -"])
      _ = try await record(
        "[\(Self.step("0.5", verdict: "anomalous"))]", replaces: true, on: connection)
      #expect(
        try await rows() == [
          kept.replacing("0.30000000000000004", with: "0.5") + " 0.25 30 normal -"
        ])
      #expect(try await record("[]", replaces: false, on: connection) == 0)
    }
  }

  @Test("steps that are not an array, or hold a value that does not fit, are refused as a whole")
  func refused() async throws {
    try await TestServer.withSchema { connection in
      for steps in ["", "{}", "[", "3"] {
        await #expect(throws: DatabaseError.self, "\(steps)") {
          try await record(steps, replaces: true, on: connection)
        }
      }
      let error = await #expect(throws: DatabaseError.self) {
        _ = try await connection.query("CALL record_monitor_steps('[]', 2)")
      }
      #expect(error?.errno == 30002)
      await #expect(throws: DatabaseError.self) {
        try await record("[\(Self.step("1", verdict: "maybe"))]", replaces: true, on: connection)
      }
      // Nothing is cut or read as 0: the whole call is refused.
      let good = Self.step("1")
      for (wanted, given) in [
        ("\"observed_value\":1,", "\"observed_value\":\"abc\","),
        ("\"observed_value\":1,", "\"observed_value\":{},"),
        ("\"metric_minute\":\"2026-03-01", "\"metric_minute\":\"2026-13-01"),
        ("\"member\":\"", "\"member\":\"" + String(repeating: "m", count: 64)),
        ("\"reason\":null", "\"reason\":\"\(String(repeating: "r", count: 121))\""),
        ("\"metric_name\":\"failed_rate\",", ""),
      ] {
        let steps = "[\(good),\(good.replacing(wanted, with: given))]"
        #expect(steps.contains(given))
        await #expect(throws: DatabaseError.self, "\(given)") {
          try await record(steps, replaces: true, on: connection)
        }
      }
      let left = try await connection.query("SELECT COUNT(*) AS n FROM monitor_points").rows.first
      #expect(left?.integer("n") == 0)
    }
  }

  @Test("an instant of the session in the future removes no step")
  func future() async throws {
    try await TestServer.withSchema { connection in
      let minute = try await connection.query("SELECT UTC_TIMESTAMP() - INTERVAL 1 DAY AS t")
        .rows.first?["t"]
      let steps = "[\(Self.step("1"))]"
        .replacing("2026-03-01 12:00:00", with: try #require(minute))
      _ = try await record(steps, replaces: true, on: connection)
      try await connection.runScript(
        """
        SET @payops_as_of = '2090-01-01', timestamp = UNIX_TIMESTAMP('2037-01-01');
        CALL end_monitor_tick('2026-03-01');
        """)
      let left = try await connection.query("SELECT COUNT(*) AS n FROM monitor_points").rows.first
      #expect(left?.integer("n") == 1)
    }
  }
}

@Suite("The head of the health page", .timeLimit(.minutes(5)))
struct HealthViewTests {
  @Test("has the severities of the open alerts, without those that another explains")
  func incidents() async throws {
    try await TestServer.withSchema { connection in
      func head() async throws -> [String?] {
        let row = try await connection.query(
          "SELECT incident_count, severity, is_at_work, newest_verified_id FROM ops_health"
        ).rows.first
        return row?.values ?? []
      }
      #expect(try await head() == ["0", nil, "0", nil])
      try await connection.runScript(
        """
        CALL raise_alert('job_late', 'a', 'WARNING', 'm');
        CALL raise_alert('job_failed', 'b', 'CRITICAL', 'm');
        CALL raise_alert('job_failed', 'c', 'SEVERE', 'm');
        UPDATE alerts SET parent_alert_id = 1 WHERE alert_id = 3;
        CALL raise_alert('job_failed', 'd', 'SEVERE', 'm');
        CALL resolve_alert('job_failed', 'd');
        """)
      #expect(try await head() == ["2", "CRITICAL", "0", nil])
      let open = try await connection.query(
        "SELECT alert_subject, severity FROM ops_health_incidents ORDER BY incident_id"
      ).rows.map { $0.values }
      #expect(open == [["a", "WARNING"], ["b", "CRITICAL"]])
    }
  }

  @Test("counts settlements of the last seven due dates, and shows the course of fourteen")
  func rails() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '2026-03-15 12:00:00'")
      try await connection.runScript(
        """
        INSERT INTO settlement_day (rail, due_date, item_count, on_time_count, settled_count,
            failed_count, pending_count)
        SELECT 'WIRE', DATE '2026-03-14' - INTERVAL seq DAY, 12, 8, 9, 2, 1 FROM \(numbers(0...19)) AS n;
        """)
      let rails = try await connection.query("SELECT * FROM ops_health_rails").rows
      let days = try await connection.query("SELECT COUNT(*) AS n FROM ops_health_rail_days").rows
      #expect(days.first?["n"] == "13")
      #expect(rails.first?.values.prefix(3) == ["WIRE", "72", "48"])
      #expect(rails.first?.double("sla_compliance") == 0.666667)
      // Everything that is due is in time, late, failed or overdue.
      let parts = ["on_time_count", "late_count", "failed_count", "overdue_count"]
      #expect(parts.compactMap { rails.first?.integer($0) } == [48, 6, 12, 6])
    }
  }

  @Test("reads neither all payments nor all steps of a series")
  func plans() async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)
        SELECT 'failed_rate', CONCAT('m', seq), '{}', '2026-03-01 12:00:00' FROM \(numbers(1...5)) AS n;
        INSERT INTO monitor_points (metric_name, member, metric_minute, sample_size, verdict)
        SELECT 'failed_rate', CONCAT('m', a.seq), TIMESTAMP '2026-03-01 00:00:00' + INTERVAL b.seq MINUTE, 1,
            'normal'
        FROM \(numbers(1...5)) AS a CROSS JOIN \(numbers(1...2_000)) AS b;
        """)
      let read = try await connection.rowsRead(by: "SELECT * FROM monitor_now")
      #expect((1..<1000).contains(read), "\(read)")
    }
  }
}
