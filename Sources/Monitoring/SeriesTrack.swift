internal import Foundation
package import Statistics

/// One series that is watched: its detector and what goes on in it.
package struct SeriesTrack: Sendable {
  /// What was counted in one step.
  package struct Input: Sendable, Equatable, Codable {
    /// The first minute of the step, whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// What was counted; nil when there was nothing.
    package let numerator: Double?
    /// The events that it is a share of; nil when there were none, and for a count or amount.
    package let denominator: Double?
    /// Its place in the week; nil when it has none.
    package let slot: SeasonSlot?
    /// Whether it belongs to a confirmed incident, and is not to be learned from.
    package let isExcluded: Bool
  }

  /// What one step came to.
  package struct Step: Sendable {
    /// The first minute of the step, whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// The events that the value is a share of; nil for a count or amount.
    package let volume: Double?
    /// What the detector says of this series alone.
    package let judgement: DetectorJudgement
    /// The probability of the departure, corrected for the series that were judged with it.
    package let chance: Double?
    /// What it adds to the evidence that something goes on, powers of ten; nil without a model.
    package let evidence: Double?
    /// Whether it is anomalous among those as well.
    package let isAnomalous: Bool
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

  /// What the detector says of the next step, which it learns from.
  ///
  /// - Parameter input: the step, later than all before
  package mutating func judge(_ input: Input) -> DetectorJudgement {
    let value: Double
    if metric.isShare {
      value = input.denominator.map { $0 > 0 ? (input.numerator ?? 0) / $0 : .nan } ?? .nan
    } else {
      value = input.numerator ?? 0
    }
    return detector.judge(
      SeriesPoint(
        value, volume: metric.isShare ? input.denominator : nil, slot: input.slot,
        isExcluded: input.isExcluded || incident.isSuspicious))
  }

  /// Takes the judgement of the step into what goes on.
  ///
  /// - Parameters:
  ///   - judgement: what ``judge(_:)`` said of the step
  ///   - input: the step
  ///   - chance: the probability of the departure, corrected for the series judged with it
  ///   - tells: whether it is only learned from, or also told
  /// - Returns: what it came to
  package mutating func settle(
    _ judgement: DetectorJudgement, of input: Input, chance: Double?, tells: Bool = true
  ) -> Step {
    var observation = IncidentTrack.Observation.nothing
    var isAnomalous = judgement.isAnomalous
    if let chance, let alone = judgement.pValue, chance > alone,
      let level = metric.detector.tailLevel
    {
      isAnomalous = isAnomalous && chance < level
    }
    switch judgement.verdict {
    case .normal:
      // However sure it is, a departure that is too small to matter is no evidence.
      let departure = judgement.expected.map { abs(judgement.value - $0) } ?? 0
      let matters = departure > metric.detector.parameters["minimum_effect"] ?? 0
      observation = .judged(
        isAnomalous: false, chance: matters ? chance : 1, evidence: judgement.evidence)
    case .anomalous:
      observation = .judged(
        isAnomalous: isAnomalous, chance: chance, evidence: judgement.evidence)
    case .notEnoughData:
      if metric.gapIsQuiet, !judgement.value.isFinite {
        observation = .judged(isAnomalous: false, chance: nil)
      }
    }
    let change =
      tells
      ? incident.advance(
        observation, minute: input.minute, stepMinutes: metric.stepMinutes, ladder: metric.ladder)
      : nil
    return Step(
      minute: input.minute, volume: metric.isShare ? input.denominator : nil, judgement: judgement,
      chance: chance, evidence: observation.evidence, isAnomalous: isAnomalous, change: change)
  }
}
