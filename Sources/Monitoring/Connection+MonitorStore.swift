internal import Foundation
internal import MariaDBClient
internal import PayopsCore
internal import Statistics

/// What a tick reads and writes of the state of the monitor.
extension Connection {
  /// Goes on with the series as they were saved.
  func restore(_ watch: inout SeriesWatch) throws {
    let metrics = Dictionary(uniqueKeysWithValues: watch.metrics.map { ($0.name, $0) })
    // One metric is read by itself while it learns.
    let only = watch.metrics.count == 1 ? watch.metrics.map { SQLValue.text($0.name) } : []
    let rows = try query(
      "SELECT metric_name, member, track_state FROM monitor_tracks"
        + (only.isEmpty ? "" : " WHERE metric_name = ?"), only
    ).rows
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

  /// Keeps what steps came to, for `monitor_series`.
  ///
  /// - Parameters:
  ///   - steps: the steps
  ///   - replaces: whether what is there already gets the new observation; what was judged stays as
  ///     it was judged
  func save(_ steps: [SeriesWatch.Step], replaces: Bool = true) throws {
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
        ON DUPLICATE KEY UPDATE observed_value = \(replaces ? "VALUES" : "")(observed_value)
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
  }

  /// Lets go of steps that are older than is kept.
  func forgetOldPoints() throws {
    // Asked for first: a DELETE that reads another table locks what it reads.
    let oldest = try query(
      """
      SELECT as_of() - INTERVAL CAST(g.setting_value AS SIGNED) DAY AS oldest
      FROM settings AS g WHERE g.setting_name = 'detail_days'
      """
    ).rows.first?["oldest"]
    guard let oldest else { return }
    try execute("DELETE FROM monitor_points WHERE metric_minute < ? LIMIT 20000", [.text(oldest)])
  }

  /// Keeps what is known of each series.
  ///
  /// - Parameters:
  ///   - watch: the series
  ///   - lastMinute: the last minute that they have seen
  func save(_ watch: SeriesWatch, lastMinute: Int) throws {
    var values: [[SQLValue]] = []
    for (name, members) in watch.tracks.sorted(by: { $0.key < $1.key }) {
      for (member, track) in members.sorted(by: { $0.key < $1.key }) {
        values.append([
          .text(name), .text(member), .text(try track.encoded()), .text(Self.text(lastMinute)),
        ])
      }
    }
    for start in stride(from: 0, to: values.count, by: 50) {
      let part = values[start..<min(start + 50, values.count)]
      try execute(
        """
        INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)
        VALUES \(part.map { _ in "(?, ?, ?, ?)" }.joined(separator: ", "))
        ON DUPLICATE KEY UPDATE track_state = VALUES(track_state),
          last_minute = VALUES(last_minute)
        """, part.flatMap { $0 })
    }
  }
}
