internal import Foundation
package import Statistics

/// One series that is watched: its detector and what goes on in it.
package struct SeriesTrack: Sendable {
  /// What one step came to.
  package struct Step: Sendable {
    /// The first minute of the step, whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// The events that the value is a share of; nil for a count or amount.
    package let volume: Double?
    /// The verdict with its numbers.
    package let judgement: DetectorJudgement
    /// What is to be told.
    package let change: IncidentTrack.Change?
  }

  private struct State: Codable {
    let detector: Data
    let incident: IncidentTrack
  }

  private let metric: MetricDefinition
  private var detector: any StreamingDetector
  private var incident = IncidentTrack()

  /// A series of which nothing is known yet.
  package init(_ metric: MetricDefinition) {
    self.metric = metric
    detector = metric.detector.makeDetector()
  }

  /// The series as it was encoded; nil when the metric is judged in another way since.
  package init?(_ metric: MetricDefinition, state: String) {
    self.init(metric)
    guard let saved = try? JSONDecoder().decode(State.self, from: Data(state.utf8)),
      let known = try? metric.detector.restoreDetector(from: saved.detector)
    else { return nil }
    incident = saved.incident
    detector = known
  }

  /// The series as JSON.
  package func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let state = State(detector: try metric.detector.encode(detector), incident: incident)
    return String(decoding: try encoder.encode(state), as: UTF8.self)
  }

  /// Whether something that was told still goes on.
  package var isRaised: Bool { incident.severity != nil }

  /// Takes the next step.
  ///
  /// - Parameters:
  ///   - minute: its first minute
  ///   - numerator: what was counted; nil when there was nothing
  ///   - denominator: the events that it is a share of
  ///   - slot: its place in the week
  ///   - isExcluded: whether it belongs to a confirmed incident, and is not to be learned from
  ///   - tells: whether it is only learned from, or also told
  /// - Returns: what it came to
  package mutating func advance(
    minute: Int, numerator: Double?, denominator: Double?, slot: SeasonSlot?, isExcluded: Bool,
    tells: Bool = true
  ) -> Step {
    let value: Double
    if metric.isShare {
      value = denominator.map { $0 > 0 ? (numerator ?? 0) / $0 : .nan } ?? .nan
    } else {
      value = numerator ?? 0
    }
    let judgement = detector.judge(
      SeriesPoint(
        value, volume: metric.isShare ? denominator : nil, slot: slot,
        isExcluded: isExcluded || incident.isSuspicious))
    var observation = IncidentTrack.Observation.nothing
    switch judgement.verdict {
    case .normal:
      // However sure it is, a departure that is too small to matter is no evidence.
      let departure = judgement.expected.map { abs(value - $0) } ?? 0
      let matters = departure > metric.detector.parameters["minimum_effect"] ?? 0
      observation = .judged(isAnomalous: false, chance: matters ? judgement.pValue : 1)
    case .anomalous: observation = .judged(isAnomalous: true, chance: judgement.pValue)
    case .notEnoughData:
      if metric.gapIsQuiet, !value.isFinite {
        observation = .judged(isAnomalous: false, chance: nil)
      }
    }
    let change =
      tells
      ? incident.advance(
        observation, minute: minute, stepMinutes: metric.stepMinutes, ladder: metric.ladder) : nil
    return Step(
      minute: minute, volume: metric.isShare ? denominator : nil, judgement: judgement,
      change: change)
  }
}
