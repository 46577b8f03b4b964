import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Monitoring

/// Ticks over payments of two acquirers, of which one fails for a while.
@Suite("Monitor ticks", .timeLimit(.minutes(5)))
struct MonitorTickTests {
  /// B fails from 20:00 to 20:40.
  private func withOutage(_ body: (Connection) async throws -> Void) async throws {
    try await Outage.run(minutes: 40, metrics: ["failed_rate", "failed_rate_by_acquirer"]) {
      connection in
      try await connection.execute(
        "UPDATE monitor_metrics SET owner = 'cards' WHERE metric_name = 'failed_rate_by_acquirer'")
      try await body(connection)
    }
  }

  private func alerts(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS(' ', alert_rule, alert_subject, severity, alert_state,
        DATE_FORMAT(raised_at, '%H:%i'), COALESCE(owner, '-')) AS a
      FROM alerts WHERE alert_rule LIKE 'monitor\\_%' ORDER BY alert_id
      """
    ).rows.compactMap { $0["a"] }
  }

  private func at(_ text: String) -> CivilInstant? { CivilInstant("2026-11-22 \(text):00") }

  @Test("an outage is found in its first minutes at its acquirer, notified once, and resolved")
  func outage() async throws {
    try await withOutage { connection in
      try await connection.execute(
        "INSERT INTO notification_routes (route_name, channel_kind, target, group_seconds)"
          + " VALUES ('log', 'log', '/tmp/x', 0)")
      let tick = MonitorTick(connection)
      // The first tick learns and raises nothing.
      var report = try await tick.run(at: at("19:50"))
      #expect(report.minutes == 14 * 1440 && report.raised == 0)
      #expect(try await alerts(connection) == [])
      // A minute that was judged is not judged again.
      report = try await tick.run(at: at("19:50"))
      #expect(report == MonitorTick.Report())
      report = try await tick.run(at: at("20:03"))
      #expect(report.minutes == 13)
      #expect(report.lastMinute == at("20:01"))
      let first = try await alerts(connection)
      #expect(first.contains("monitor_failed_rate_by_acquirer B CRITICAL firing 20:00 cards"))
      // Missed minutes are judged later: the severity rises, nothing is notified twice.
      report = try await tick.run(at: at("20:45"))
      let during = try await alerts(connection)
      #expect(during.contains("monitor_failed_rate_by_acquirer B CRITICAL firing 20:00 cards"))
      #expect(!during.contains { $0.contains("by_acquirer A") })
      report = try await tick.run(at: at("21:30"))
      #expect(report.resolved == during.count)
      #expect(try await alerts(connection).allSatisfy { $0.contains(" resolved ") })
      #expect(
        try await connection.query(
          "SELECT COUNT(*) AS n FROM monitor_tracks WHERE metric_name = 'failed_rate_by_acquirer'"
        ).rows.first?["n"] == "2")
      let shown = try await connection.query(
        """
        SELECT verdict, observed_value, upper_value, sample_size > 1000 AS is_known
        FROM monitor_series WHERE metric_name = 'failed_rate_by_acquirer' AND member = 'B'
          AND metric_minute = '2026-11-22 20:20:00'
        """
      ).rows.first
      #expect(shown?["verdict"] == "anomalous" && shown?["is_known"] == "1")
      #expect(shown?["observed_value"] == "1")
      let notices = try await connection.query(
        "SELECT COUNT(*) AS n FROM notifications WHERE notice_kind = 'firing'"
          + " GROUP BY alert_id, severity HAVING COUNT(*) > 1"
      ).rows
      #expect(notices.isEmpty)
    }
  }

  @Test("many small ticks equal one large one, and two at once judge no minute twice")
  func sameInAnySteps() async throws {
    var seen: [[String]] = []
    for steps in [["20:45"], ["19:55", "20:01", "20:02", "20:03", "20:17", "20:31", "20:45"]] {
      try await withOutage { connection in
        _ = try await MonitorTick(connection).run(at: at("19:50"))
        var options = connection.options
        options.database = try await connection.query("SELECT DATABASE() AS d").rows.first?["d"]
        let other = try await Connection.open(options)
        try await other.execute("SET @payops_as_of = '2026-11-22 21:30:00'")
        for step in steps {
          async let one = MonitorTick(connection).run(at: at(step))
          async let two = MonitorTick(other).run(at: at(step))
          let minutes = try await (one.minutes, two.minutes)
          #expect(minutes.0 == 0 || minutes.1 == 0)
        }
        await other.close()
        let points = try await connection.query(
          """
          SELECT CONCAT_WS(' ', metric_name, member, metric_minute, observed_value, score, verdict)
            AS p FROM monitor_points ORDER BY 1
          """
        ).rows.compactMap { $0["p"] }
        seen.append(points + (try await alerts(connection)))
      }
    }
    #expect(seen.count == 2 && seen[0].count > 100)
    #expect(seen[0] == seen[1])
  }

  @Test(
    "the role of jobs can tick, and a tick in the future is refused"
  )
  func roleAndFuture() async throws {
    try await withOutage { connection in
      let error = await #expect(throws: MonitoringError.self) {
        try await MonitorTick(connection).run(at: CivilInstant("2031-01-01 00:00:00"))
      }
      #expect(error?.description.contains("2031-01-01") == true)

      let schema = try #require(
        try await connection.query("SELECT DATABASE() AS d").rows.first?["d"])
      try await DatabaseRoles(connection: connection).apply()
      let user = "\(schema)_u"
      try await connection.execute("CREATE USER `\(user)`@localhost IDENTIFIED BY 'secret-of-test'")
      try await connection.execute("GRANT `\(schema)_job` TO `\(user)`@localhost")
      try await connection.execute("SET DEFAULT ROLE `\(schema)_job` FOR `\(user)`@localhost")
      var options = connection.options
      options.user = user
      options.password = Secret("secret-of-test")
      options.database = schema
      let other = try await Connection.open(options)
      try await other.execute("SET @payops_as_of = '2026-11-22 21:30:00'")
      for time in ["19:50", "20:45", "21:30"] {
        _ = try await MonitorTick(other).run(at: at(time))
      }
      #expect(try await alerts(connection).contains { $0.contains("by_acquirer B") })
      await other.close()
      let accounts = try await connection.query(
        "SELECT User AS u, is_role AS r FROM mysql.user WHERE LEFT(User, ?) = ?",
        [.integer(Int64(schema.count + 1)), .text(schema + "_")]
      ).rows
      for account in accounts {
        let name = account["u"] ?? ""
        try await connection.execute(
          account["r"] == "Y" ? "DROP ROLE `\(name)`" : "DROP USER `\(name)`@localhost")
      }
    }
  }

  @Test("a replay finds what the ticks found and writes nothing; invalid metrics are named")
  func replay() async throws {
    try await withOutage { connection in
      let findings = try await MonitorReplay(connection).run(
        from: CivilInstant("2026-11-22 12:00:00") ?? CivilInstant(secondsSinceEpoch: 0),
        to: CivilInstant("2026-11-22 21:30:00") ?? CivilInstant(secondsSinceEpoch: 0))
      let acquirers = findings.filter { $0.metric == "failed_rate_by_acquirer" }
      #expect(acquirers.map(\.member) == ["B"])
      #expect(acquirers.first?.since == at("20:00"))
      let detected = try #require(acquirers.first?.detectedAt)
      #expect(detected.secondsSinceEpoch - (at("20:00")?.secondsSinceEpoch ?? 0) <= 180)
      let traces = try await connection.query(
        "SELECT (SELECT COUNT(*) FROM alerts) + (SELECT COUNT(*) FROM monitor_points)"
          + " + (SELECT COUNT(*) FROM monitor_tracks) AS n")
      #expect(traces.rows.first?["n"] == "0")

    }
  }

  @Test("an alert is resolved when its metric is disabled")
  func forgotten() async throws {
    try await withOutage { connection in
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      _ = try await MonitorTick(connection).run(at: at("20:30"))
      #expect(try await alerts(connection).contains { $0.contains(" firing ") })
      try await connection.execute("UPDATE monitor_metrics SET is_enabled = 0")
      let report = try await MonitorTick(connection).run(at: at("20:31"))
      #expect(report.resolved > 0)
      #expect(try await alerts(connection).allSatisfy { $0.contains(" resolved ") })
    }
  }

  @Test(
    "an invalid metric raises an alert and stops no other; a new one learns from the past")
  func badMetric() async throws {
    try await withOutage { connection in
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      var minute = 50
      for change in [
        "detector = 'oracle'", "detector_parameters = '{\"x\": 1}'",
        "detector = 'beta_binomial_rate', detector_parameters = '{}', numerator = 'x FROM y -- '",
      ] {
        try await connection.execute(
          "UPDATE monitor_metrics SET \(change) WHERE metric_name = 'failed_rate'")
        minute += 1
        let report = try await MonitorTick(connection).run(at: at("19:\(minute)"))
        #expect(report.failed == 1 && report.steps == 2, "\(change)")
        await #expect(throws: (any Error).self) {
          let start = CivilInstant(secondsSinceEpoch: 0)
          _ = try await MonitorReplay(connection).run(
            from: start, to: CivilInstant(secondsSinceEpoch: 60), warmUpDays: 0)
        }
        let open = "SELECT GROUP_CONCAT(open_key) AS k FROM alerts"
        #expect(try await connection.query(open).rows.first?["k"] == "metric_failed/failed_rate")
      }
      try await connection.execute(
        "UPDATE monitor_metrics SET detector_parameters = '{\"direction\": \"above\"}',"
          + " numerator = 'failed_count' WHERE metric_name = 'failed_rate'")
      let report = try await MonitorTick(connection).run(at: at("19:55"))
      #expect(report.failed == 0)
      let known = try await connection.query(
        """
        SELECT MIN(sample_size) AS n FROM monitor_points
        WHERE metric_name = 'failed_rate' AND metric_minute = '2026-11-22 19:53:00'
        """
      ).rows.first?.integer("n")
      #expect(known ?? 0 > 1000)
      let state = "SELECT alert_state AS s FROM alerts WHERE alert_rule = 'metric_failed'"
      #expect(try await connection.query(state).rows.map { $0["s"] } == ["resolved"])
    }
  }
}
