import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops monitor --source", .timeLimit(.minutes(5)))
struct MonitorCommandTests {
  /// Runs payops on a schema with a replacement of the view `monitor_minute`: 200 normal minutes up
  /// to 2026-03-01 11:59, the last 20 of them with every second payment failed.
  private func run(_ lines: [[String]]) async throws -> [ProgramRun] {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute(
        "CREATE FUNCTION as_of() RETURNS DATETIME DETERMINISTIC RETURN '2026-03-01 12:05:20'")
      try await connection.execute(
        """
        CREATE TABLE monitor_minute AS
        SELECT 'live' AS source_name, TIMESTAMP '2026-03-01 08:40:00' + INTERVAL seq MINUTE
          AS metric_minute, 100 AS total_count, 90 AS completed_count,
          IF(seq >= 180, 50, seq MOD 3) AS failed_count, 4 + seq MOD 5 AS denied_count,
          seq MOD 2 AS reversed_count
        FROM seq_0_to_199
        """)
      let options = connection.options
      let socket = try #require(options.socket)
      let database = try #require(
        await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      var runs: [ProgramRun] = []
      for line in lines {
        let source = line.contains("--source") ? [] : ["--source", "live"]
        let words = ["monitor"] + source + line + ["--socket", socket, "--database", database]
        runs.append(
          try await ProgramRun.payops(words + (options.user.map { ["--user", $0] } ?? [])))
      }
      return runs
    }
  }

  @Test("monitor prints flat JSON with the numbers needed to recompute the verdict")
  func json() async throws {
    let run = try await run([["--json"]])[0]
    #expect(run.status == 0, "\(run.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["current_minute"] as? String == "2026-03-01 11:59:00")
    let metrics = try #require(object["metrics"] as? [String: Double])
    #expect(metrics == ["failed_rate": 0.5, "denied_rate": 0.08, "reversed_rate": 0.01])
    let thresholds = try #require(object["thresholds"] as? [String: Double])
    #expect(Set(thresholds.keys) == ["failed", "denied", "reversed"])
    let analysis = try #require(object["persistence_analysis"] as? [String: [String: Any]])
    #expect(Set(analysis.keys) == ["failed", "denied", "reversed", "any"])
    #expect(analysis["failed"]?["consecutive_minutes"] as? Int == 20)
    #expect(analysis["failed"]?["severity"] as? String == "INFO")
    #expect(analysis["failed"]?["run_start"] as? String == "2026-03-01 11:40:00")
    #expect(analysis["denied"]?["severity"] as? String == "HEALTHY")
    #expect(analysis["denied"]?["run_start"] is NSNull)
    let explain = try #require(object["explain"] as? [String: [String: Any]])
    let failed = try #require(explain["failed"])
    #expect(failed["verdict"] as? String == "anomalous")
    #expect(failed["sample_size"] as? Int == 180)
    let mean = try #require(failed["mean"] as? Double)
    let deviation = try #require(failed["standard_deviation"] as? Double)
    #expect(abs(mean - 0.01) < 1e-12)
    #expect(abs(mean + 3 * deviation - (thresholds["failed"] ?? 0)) < 1e-12)
    #expect(object["source"] as? String == "live")
    #expect(object["form"] as? String == "leave_one_out")
    #expect(object["severity"] as? String == "INFO")
  }

  @Test("monitor prints a table with sparklines in 80 columns")
  func text() async throws {
    let run = try await run([[]])[0]
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(run.output)")
    #expect(lines[0] == "2026-03-01 11:59 UTC, live, leave-one-out, mean + 3 sigma")
    #expect(lines[1] == "200 minutes from 2026-03-01 08:40, 0 missing")
    let row = try #require(lines.first { $0.hasPrefix("failed ") })
    #expect(row.split(separator: " ").prefix(2) == ["failed", "50.0000"])
    #expect(row.split(separator: " ").suffix(5) == ["above", "20", "20", "20", "INFO"])
    #expect(run.output.contains("longest run 20 min from 2026-03-01 11:40"))
    #expect(run.output.contains("greatest 50.0000 % at 2026-03-01 11:40"))
  }

  @Test("monitor exits with 1 for an anomaly only on request")
  func failOnAnomaly() async throws {
    let runs = try await run([
      ["--fail-on-anomaly"], ["--fail-on-anomaly", "--at", "2026-03-01T11:30"],
      ["--fail-on-anomaly", "--sigma", "100"], [],
    ])
    #expect(runs.map(\.status) == [1, 0, 0, 0])
  }

  @Test("monitor gives the reason for a missing verdict")
  func notEnoughData() async throws {
    let runs = try await run([
      ["--minimum-volume", "101"], ["--minimum-sample", "200"], ["--at", "2026-03-01T12:04"],
      ["--json", "--minimum-sample", "200"],
    ])
    #expect(runs[0].output.contains("100 payments in the current minute, 101 are needed"))
    #expect(runs[1].output.contains("not enough data: 199 minutes to compare with, 200 are needed"))
    #expect(runs[2].output.contains("not enough data: no payments in the current minute"))
    #expect(runs[3].output.contains("\"thresholds\": {\"failed\":null,"))
    #expect(runs[3].output.contains("\"verdict\":\"not_enough_data\""))
  }

  @Test("monitor reports that live payments have stopped")
  func stale() async throws {
    let runs = try await run([["--to", "2026-03-01T11:30"], [], ["--quiet"]])
    #expect(runs.map(\.errors) == ["", "the last minute with payments is 5 minutes old\n", ""])
  }

  @Test("monitor refuses contradictory windows and unknown sources")
  func usage() async throws {
    let runs = try await run([
      ["--hours", "3", "--from", "2026-03-01"], ["--at", "2026-03-01", "--to", "2026-03-01"],
      ["--from", "2026-03-02", "--to", "2026-03-01"], ["--sigma", "0"], ["--source", "nowhere"],
    ])
    #expect(runs.map(\.status) == [64, 64, 64, 64, 65])
    #expect(runs[4].errors.contains("there is no source nowhere with counts by minute"))
    #expect(runs[4].errors.contains("hint: use live, or import a file"))
  }
}

@Suite("payops monitor", .timeLimit(.minutes(5)))
struct MonitorNowTests {
  private static let series = """
    INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute) VALUES
        ('failed_rate', 'all', '{}', '2026-03-01 11:59:00'),
        ('denied_rate', 'all', '{}', '2026-03-01 11:59:00');
    INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value, event_count,
        expected_value, lower_value, upper_value, sample_size, verdict) VALUES
        ('failed_rate', 'all', '2026-03-01 11:58:00', 0.5, 100, 0.01, 0, 0.04, 900, 'normal'),
        ('failed_rate', 'all', '2026-03-01 11:59:00', 0.275, 100, 0.01, NULL, 0.04, 900,
            'anomalous'),
        ('denied_rate', 'all', '2026-03-01 11:59:00', 0.08, 100, 0.08, 0.02, 0.15, 900, 'normal');
    CALL raise_alert('monitor_failed_rate', 'all', 'CRITICAL', '27.5 % of 100');
    """

  private func run(_ script: String?, _ lines: [[String]]) async throws -> [ProgramRun] {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        "DELETE FROM monitor_metrics WHERE metric_name NOT IN"
          + " ('failed_rate', 'denied_rate')")
      if let script { try await connection.runScript(script) }
      let options = connection.options
      let socket = try #require(options.socket)
      let database = try #require(
        await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      var runs: [ProgramRun] = []
      for line in lines {
        let words = ["monitor"] + line + ["--socket", socket, "--database", database]
        runs.append(
          try await ProgramRun.payops(words + (options.user.map { ["--user", $0] } ?? [])))
      }
      return runs
    }
  }

  @Test("shows the last verdict of each series as the alert has it, and judges nothing")
  func now() async throws {
    let runs = try await run(Self.series, [[], ["--json"], ["--fail-on-anomaly"]])
    #expect(runs.map(\.status) == [0, 0, 1], "\(runs)")
    let lines = runs[0].output.split(separator: "\n").map(String.init)
    let failed = try #require(lines.first { $0.hasPrefix("failed_rate") })
    #expect(
      failed.split(separator: " ").joined(separator: " ")
        == "failed_rate all 2026-03-01 11:59 27.50 % 1.00 % up to 4.00 % anomalous 1 CRITICAL")
    let quiet = try #require(lines.first { $0.hasPrefix("denied_rate") })
    #expect(quiet.contains("2.00 % to 15.00 %") && quiet.contains("normal"))
    #expect(
      runs[0].errors.contains("2 series up to 2026-03-01 11:59 UTC, 1 with an open alert"))
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(runs[1].output.utf8)) as? [[String: Any]])
    try #require(rows.map { $0["metric_name"] as? String } == ["failed_rate", "denied_rate"])
    #expect(rows.map { $0["severity"] as? String } == ["CRITICAL", nil])
    #expect(rows[0]["observed_value"] as? Double == 0.275)
  }

  @Test("says so before the first tick, and asks for the form that options are of")
  func refusals() async throws {
    let runs = try await run(
      nil, [[], ["--hours", "3"], ["--parity", "--format", "csv"], ["--fail-on-anomaly"]])
    #expect(runs.map(\.status) == [0, 64, 64, 0], "\(runs)")
    #expect(runs[0].errors.contains("nothing has been judged yet"))
    #expect(runs[1].errors.contains("hint: add --source live or --parity"))
  }
}
