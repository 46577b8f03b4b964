import MariaDBClient
import PayopsCore
import Statistics
import TestSupport
import Testing

@testable import Monitoring

/// Alerts are recomputed from their evidence, in two ways.
@Suite("Explained alerts", .timeLimit(.minutes(5)))
struct AlertExplanationTests {
  /// B fails for more than an hour; the outage has ended by the last tick.
  private func withOutage(_ body: (Connection) async throws -> Void) async throws {
    try await Outage.run(
      minutes: 76, metrics: ["failed_rate", "failed_rate_by_acquirer", "volume"]
    ) { connection in
      for time in ["19:50", "20:03", "20:31", "21:30"] {
        _ = try await MonitorTick(connection).run(at: CivilInstant("2026-11-22 \(time):00"))
      }
      try await body(connection)
    }
  }

  private func explained(
    _ rule: String, _ subject: String, on connection: Connection
  ) async throws -> AlertExplanation {
    let number = try await connection.query(
      "SELECT alert_id FROM alerts WHERE alert_rule = ? AND alert_subject = ?",
      [.text(rule), .text(subject)]
    ).rows.first?.integer("alert_id")
    return try await AlertExplanation.read(try #require(number), on: connection)
  }

  @Test("every alert is reproduced from its counts and its verdicts, also over many ticks")
  func reproduced() async throws {
    try await withOutage { connection in
      let alerts = try await connection.query(
        "SELECT alert_rule AS r, alert_subject AS s FROM alerts"
      )
      .rows
      #expect(alerts.count >= 2)
      var changes = 0
      for alert in alerts {
        let found = try await explained(alert["r"] ?? "", alert["s"] ?? "", on: connection)
        #expect(found.isReproduced, "\(alert["r"] ?? "") \(found.changes)")
        #expect(
          found.changes.allSatisfy { $0.verdicts == "reproduced" && $0.changedCounts.isEmpty })
        #expect(!found.steps.rows.isEmpty)
        changes += found.changes.count
      }
      // Fired by evidence first, then SEVERE by lasting an hour.
      let acquirer = try await explained("monitor_failed_rate_by_acquirer", "B", on: connection)
      #expect(acquirer.changes.map(\.severity) == ["CRITICAL", "SEVERE"])
      let kept = try await connection.query(
        """
        SELECT COUNT(*) AS n FROM alert_changes WHERE alert_rule LIKE 'monitor\\_%'
          AND change_kind IN ('fired', 'escalated', 'reopened')
        """
      ).rows.first?["n"]
      #expect(kept == String(changes))
    }
  }

  @Test("late payments are named; the decision rests on the counts at its time")
  func lateCounts() async throws {
    try await withOutage { connection in
      try await connection.execute(
        "UPDATE transactions SET status = 'completed' WHERE acquirer = 'B'"
          + " AND transaction_time BETWEEN '2026-11-22 20:01:00' AND '2026-11-22 20:01:59'")
      _ = try await connection.queryAll("CALL refresh_rollups(1000000)")
      let found = try await explained("monitor_failed_rate_by_acquirer", "B", on: connection)
      #expect(found.isReproduced)
      #expect(
        found.changes.first?.changedCounts == ["2026-11-22 20:01:00 UTC: 4 of 4 then, 0 of 4 now"])
      try await connection.execute(
        "DELETE FROM monitor_points WHERE metric_name = 'failed_rate_by_acquirer'")
      let gone = try await explained("monitor_failed_rate_by_acquirer", "B", on: connection)
      #expect(gone.isReproduced && gone.changes.first?.verdicts == "gone")
    }
  }

  @Test("an alert with altered evidence is not reproduced")
  func tampered() async throws {
    try await withOutage { connection in
      try await connection.runScript(
        "CREATE TABLE kept_evidence AS SELECT * FROM alert_evidence;"
          + "CREATE TABLE kept_points AS SELECT * FROM monitor_points")
      for change in [
        "UPDATE alert_evidence SET severity = 'INFO'",
        "UPDATE alert_evidence SET since_minute = since_minute + INTERVAL 1 MINUTE",
        "UPDATE alert_evidence SET steps = REPLACE(steps, '\"numerator\":4', '\"numerator\":0')",
        "UPDATE alert_evidence SET track_state = NULL",
        "UPDATE alert_evidence SET track_state = 'x'",
        "UPDATE alert_evidence SET metric_columns = REPLACE(metric_columns, '0.5', '0.9')",
        "UPDATE alert_evidence SET metric_columns = '{}'",
        "UPDATE monitor_points SET verdict = 'normal', evidence = -1",
        "UPDATE monitor_points SET evidence = evidence / 4 WHERE evidence > 0",
      ] {
        try await connection.execute(change)
        let found = try await explained("monitor_failed_rate_by_acquirer", "B", on: connection)
        #expect(!found.isReproduced, "\(change): \(found.changes)")
        try await connection.runScript(
          """
          DELETE FROM alert_evidence;
          INSERT INTO alert_evidence SELECT * FROM kept_evidence;
          DELETE FROM monitor_points;
          INSERT INTO monitor_points SELECT * FROM kept_points;
          """)
        let again = try await explained("monitor_failed_rate_by_acquirer", "B", on: connection)
        #expect(again.isReproduced)
      }
    }
  }

  @Test("the database decides as the monitor does, on any series")
  func sameDecision() async throws {
    try await TestServer.withSchema { connection in
      var random = SeededRandom(seed: 20_261_122)
      var changes = 0
      for number in 1...60 {
        let step = [1, 5][Int.random(in: 0...1, using: &random)]
        let columns = [
          "metric_name": "failed_rate", "dimension": "all", "denominator": "total_count",
          "step_minutes": "\(step)", "detector": "binomial_rate",
          "detector_parameters": #"{"minimum_effect": 0.1}"#, "info_minutes": "15",
          "warning_minutes": "30", "critical_minutes": "45", "severe_minutes": "60",
          "clear_minutes": "10", "fast_evidence": number % 3 == 0 ? nil : "8.00",
          "fast_severity": "WARNING", "gap_is_quiet": "\(number % 2)",
        ].compactMapValues { $0 }
        let metric = try MetricDefinition(columns: columns)
        try await connection.execute(
          """
          INSERT INTO alerts (alert_id, alert_rule, alert_subject, severity, alert_state,
            alert_message, raised_at, seen_at, fired_at, resolved_at)
          VALUES (?, 'monitor_failed_rate', ?, 'INFO', 'resolved', '', '2026-11-22', '2026-11-22',
            '2026-11-22', '2026-11-23')
          """, [.integer(Int64(number)), .text("m\(number)")])
        var track = IncidentTrack()
        var badness = 0.05
        let start = try #require(CivilInstant("2026-11-22 00:00:00")).minutesSinceEpoch
        var opening = 0
        var wrote = 0
        for index in 0..<150 {
          if Int.random(in: 0..<25, using: &random) == 0 {
            badness = [0.02, 0.3, 0.7, 0.95][Int.random(in: 0...3, using: &random)]
          }
          let minute = start + index * step
          let isBad = Double.random(in: 0..<1, using: &random) < badness
          let isGap = Int.random(in: 0..<12, using: &random) == 0
          let chance =
            isBad
            ? Double.random(in: 1e-9...1e-3, using: &random)
            : Double.random(in: 0.01...1, using: &random)
          let isSmall = !isBad && Bool.random(using: &random)
          let named =
            Int.random(in: 0..<4, using: &random) == 0
            ? Double.random(in: -2...4, using: &random) : nil
          var observation = IncidentTrack.Observation.judged(
            isAnomalous: isBad, chance: isSmall ? 1 : chance, evidence: named)
          if isGap {
            observation =
              metric.gapIsQuiet ? .judged(isAnomalous: false, chance: nil, evidence: nil) : .nothing
          }
          try await connection.execute(
            """
            INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value,
              expected_value, corrected_chance, evidence, sample_size, verdict)
            VALUES ('failed_rate', ?, ?, ?, 0.1, ?, ?, 100, ?)
            """,
            [
              .text("m\(number)"), .text(CivilInstant(minutesSinceEpoch: minute).description),
              isGap ? .null : .double(isSmall ? 0.15 : 0.5), isGap ? .null : .double(chance),
              observation.evidence.map { .double($0) } ?? .null,
              .text(isGap ? "no_verdict" : isBad ? "anomalous" : "normal"),
            ])
          switch track.advance(
            observation, minute: minute, stepMinutes: step, ladder: metric.ladder)
          {
          case .raise(let severity, let since):
            changes += 1
            wrote += 1
            try await connection.execute(
              """
              INSERT INTO alert_evidence (alert_id, evidence_number, reopened_count, severity,
                since_minute, until_minute, metric_columns, steps)
              VALUES (?, ?, ?, ?, ?, ?, ?, '[]')
              """,
              [
                .integer(Int64(number)), .integer(Int64(wrote)), .integer(Int64(opening)),
                .text(severity.rawValue),
                .text(CivilInstant(minutesSinceEpoch: since).description),
                .text(CivilInstant(minutesSinceEpoch: minute + step).description),
                .text(try metric.encodedColumns()),
              ])
          case .resolve: opening += 1
          case nil: break
          }
        }
        guard wrote > 0 else { continue }
        let rows =
          try await connection.queryAll(
            "CALL explain_alert(?)", [.integer(Int64(number))]
          ).first?.rows ?? []
        #expect(rows.count == wrote)
        for row in rows {
          #expect(
            row["explanation"] == "reproduced",
            "series \(number): \(row["severity"] ?? "") since \(row["since_minute"] ?? ""), again \(row["recomputed_severity"] ?? "-") since \(row["recomputed_since"] ?? "-")"
          )
        }
      }
      #expect(changes > 80)
    }
  }

  @Test("an alert that is not of a metric has no such explanation")
  func otherAlert() async throws {
    try await TestServer.withSchema { connection in
      _ = try await connection.queryAll("CALL raise_alert('job_late', 'x', 'INFO', 'late')")
      let error = await #expect(throws: DatabaseError.self) {
        try await AlertExplanation.read(1, on: connection)
      }
      #expect(error?.errno == 30655)
    }
  }
}
