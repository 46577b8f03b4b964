internal import Foundation
internal import MariaDBClient
internal import PayopsCore
internal import Statistics
internal import Tabular

/// Reads and writes the state of the monitor.
extension Connection {
  /// Restores the saved series.
  func restore(_ watch: inout SeriesWatch) throws {
    let metrics = Dictionary(uniqueKeysWithValues: watch.metrics.map { ($0.name, $0) })
    // A metric that learns is read alone.
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

  /// Saves the evidence of a change: the series before the tick, and its steps since.
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

  /// Saves the results of steps, for `monitor_series`.
  ///
  /// - Parameters:
  ///   - steps: the steps
  ///   - replaces: whether a step that is already stored gets the new observation; its verdict does
  ///     not change
  func save(_ steps: [SeriesWatch.Step], replaces: Bool = true) throws {
    func number(_ number: Double?) -> JSON {
      guard let number, number.isFinite else { return .null }
      return .number("\(number)")
    }
    for start in stride(from: 0, to: steps.count, by: 400) {
      let part = steps[start..<min(start + 400, steps.count)].map { step -> JSON in
        let judgement = step.step.judgement
        var verdict = step.step.isAnomalous ? "anomalous" : "normal"
        var reason = JSON.null
        if case .notEnoughData(let why) = judgement.verdict {
          verdict = "no_verdict"
          reason = .string(String(why.description.prefix(120)))
        }
        return .pairs([
          "metric_name": .string(step.metric.name), "member": .string(step.member),
          "metric_minute": .string(Self.text(step.step.minute)),
          "observed_value": number(judgement.value), "event_count": number(step.step.volume),
          "expected_value": number(judgement.expected), "lower_value": number(judgement.lower),
          "upper_value": number(judgement.upper), "score": number(judgement.score),
          "chance": number(judgement.pValue), "corrected_chance": number(step.step.chance),
          "evidence": number(step.step.evidence), "sample_size": .integer(judgement.sampleSize),
          "verdict": .string(verdict), "reason": reason,
        ])
      }
      _ = try queryAll(
        "CALL record_monitor_steps(?, ?)",
        [.text(JSON.array(part).compact), .integer(replaces ? 1 : 0)])
    }
  }

  /// Saves the state of each series.
  ///
  /// - Parameters:
  ///   - watch: the series
  ///   - lastMinute: the last minute that the series include
  func save(_ watch: SeriesWatch, lastMinute: Int) throws {
    var tracks: [JSON] = []
    for (name, members) in watch.tracks.sorted(by: { $0.key < $1.key }) {
      for (member, track) in members.sorted(by: { $0.key < $1.key }) {
        tracks.append(
          .pairs([
            "metric_name": .string(name), "member": .string(member),
            "track_state": .string(try track.encoded()),
          ]))
      }
    }
    for start in stride(from: 0, to: tracks.count, by: 50) {
      let part = JSON.array(Array(tracks[start..<min(start + 50, tracks.count)]))
      _ = try queryAll(
        "CALL record_monitor_tracks(?, ?)",
        [.text(part.compact), .text(Self.text(lastMinute))])
    }
  }
}
