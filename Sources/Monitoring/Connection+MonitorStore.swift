internal import Foundation
internal import MariaDBClient
internal import PayopsCore
internal import Statistics

/// What a tick reads and writes of the state of the monitor.
extension Connection {
  /// Goes on with the series as they were saved.
  func restore(_ watch: inout SeriesWatch) throws {
    let metrics = Dictionary(uniqueKeysWithValues: watch.metrics.map { ($0.name, $0) })
    let rows = try query("SELECT metric_name, member, track_state FROM monitor_tracks").rows
    for row in rows {
      guard let name = row["metric_name"], let metric = metrics[name], let member = row["member"],
        let state = row["track_state"]
      else { continue }
      watch.restore(metric, member: member, state: state)
    }
  }

  /// Keeps what a change rests on: the series before the tick, and its steps since.
  func keepEvidence(
    of step: SeriesWatch.Step, since: Int, among steps: [SeriesWatch.Step], state: SeriesTrack?
  ) throws {
    let together = Dictionary(
      grouping: steps.filter {
        $0.metric.name == step.metric.name && $0.step.minute <= step.step.minute
      }, by: \.step.minute)
    let evidence = AlertEvidence(
      metric: step.metric, state: try state?.encoded(),
      steps: together.sorted { $0.key < $1.key }.compactMap { minute, members in
        members.first { $0.member == step.member }.map { own in
          AlertEvidence.Step(
            input: own.input,
            others: members.filter { $0.member != step.member }.compactMap(\.step.judgement.pValue))
        }
      })
    _ = try queryAll(
      "CALL keep_alert_evidence(?, ?, ?, ?, ?, ?, ?)",
      [
        .text(step.metric.name), .text(step.member), .text(Self.text(since)),
        .text(Self.text(step.end)), .text(try step.metric.encodedColumns()),
        evidence.state.map(SQLValue.text) ?? .null, .text(try evidence.encodedSteps()),
      ])
  }

  /// Keeps what steps came to, for `monitor_series`, and lets go of what is too old for it.
  func save(_ steps: [SeriesWatch.Step]) throws {
    func value(_ number: Double?) -> SQLValue {
      guard let number, number.isFinite else { return .null }
      return .double(number)
    }
    for start in stride(from: 0, to: steps.count, by: 400) {
      let part = steps[start..<min(start + 400, steps.count)]
      let places = part.map { _ in "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" }
      try execute(
        """
        INSERT INTO monitor_points (metric_name, member, metric_minute, observed_value, event_count,
          expected_value, lower_value, upper_value, score, chance, corrected_chance, evidence,
          sample_size, verdict, reason)
        VALUES \(places.joined(separator: ", "))
        ON DUPLICATE KEY UPDATE observed_value = VALUES(observed_value)
        """,
        part.flatMap { step -> [SQLValue] in
          let judgement = step.step.judgement
          var verdict = step.step.isAnomalous ? "anomalous" : "normal"
          var reason = SQLValue.null
          if case .notEnoughData(let why) = judgement.verdict {
            verdict = "no_verdict"
            reason = .text(String(why.description.prefix(120)))
          }
          return [
            .text(step.metric.name), .text(step.member), .text(Self.text(step.step.minute)),
            value(judgement.value), value(step.step.volume), value(judgement.expected),
            value(judgement.lower), value(judgement.upper), value(judgement.score),
            value(judgement.pValue), value(step.step.chance), value(step.step.evidence),
            .integer(Int64(judgement.sampleSize)),
            .text(verdict), reason,
          ]
        })
    }
    try execute(
      """
      DELETE FROM monitor_points
      WHERE metric_minute < as_of() - INTERVAL (
        SELECT CAST(g.setting_value AS SIGNED) FROM settings AS g
        WHERE g.setting_name = 'detail_days'
      ) DAY
      LIMIT 20000
      """)
  }

  /// Keeps what is known of each series.
  func save(_ watch: SeriesWatch, lastMinute: Int) throws {
    for (metric, members) in watch.tracks.sorted(by: { $0.key < $1.key }) {
      for (member, track) in members.sorted(by: { $0.key < $1.key }) {
        try execute(
          """
          INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)
          VALUES (?, ?, ?, ?)
          ON DUPLICATE KEY UPDATE track_state = VALUES(track_state),
            last_minute = VALUES(last_minute)
          """,
          [
            .text(metric), .text(member), .text(try track.encoded()),
            .text(Self.text(lastMinute)),
          ])
      }
    }
  }
}
