import MariaDBClient
import TestSupport
import Testing

@Suite("Expected share of the monitor", .timeLimit(.minutes(5)))
struct ExpectedShareTests {
  @Test("the expected share weighs the points of a series by their events over a half-open period")
  func weighted() async throws {
    try await TestServer.withSchema { connection in
      try await connection.ignoreConstraints()
      try await connection.execute("SET SESSION sql_mode = ''")
      for (metric, member, minute, expected, events) in [
        ("m", "a", "09:59", 0.9, 1000), ("m", "a", "10:00", 0.1, 30), ("m", "a", "10:01", 0.4, 10),
        ("m", "a", "10:02", 0.9, 1000), ("m", "b", "10:00", 0.9, 1000),
        ("n", "a", "10:00", 0.9, 1000),
      ] {
        try await connection.execute(
          "INSERT INTO monitor_points (metric_name, member, metric_minute, expected_value,"
            + " event_count, observed_value) VALUES ('\(metric)', '\(member)',"
            + " '2026-11-18 \(minute)', \(expected), \(events), 0.5)")
      }
      func share(_ from: String, _ to: String) async throws -> String? {
        try await connection.query(
          "SELECT CAST(1000 * expected_share('m', 'a', '2026-11-18 \(from)',"
            + " '2026-11-18 \(to)') AS SIGNED) AS s"
        ).rows.first?["s"]
      }
      #expect(try await share("10:00", "10:02") == "175")
      #expect(try await share("10:01", "10:02") == "400")
      #expect(try await share("11:00", "12:00") == nil)
    }
  }
}
