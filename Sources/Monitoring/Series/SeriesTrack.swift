internal import Foundation
package import Statistics

/// One watched series: its detector and its incident in progress, if any.
package struct SeriesTrack: Sendable {
  /// What was counted in one step.
  package struct Input: Sendable, Equatable, Codable {
    /// The first minute of the step, whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// What was counted; nil without a count.
    package let numerator: Double?
    /// The events that it is a share of; nil without events, and for a count or amount.
    package let denominator: Double?
    /// Its place in the week; nil without a season.
    package let slot: SeasonSlot?
    /// Whether it belongs to a confirmed incident, so that the detector does not learn from it.
    package let isExcluded: Bool
  }

  /// The result of one step.
  package struct Step: Sendable {
    /// The first minute of the step, whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// The events that the value is a share of; nil for a count or amount.
    package let volume: Double?
    /// The judgement of this series by itself.
    package let judgement: DetectorJudgement
    /// The probability of the departure, corrected for the series that are judged together.
    package let chance: Double?
    /// What the step adds to the evidence of an incident, powers of ten; nil without a model.
    package let evidence: Double?
    /// Whether the step is anomalous after that correction.
    package let isAnomalous: Bool
    /// The change of the alert; nil without one.
    package let change: IncidentTrack.Change?
  }

  private struct State: Codable {
    let detector: Data
    let incident: IncidentTrack
  }

  private let metric: MetricDefinition
  private var detector: any StreamingDetector
  private var incident = IncidentTrack()

  /// A new series, before its first step.
  package init(_ metric: MetricDefinition) {
    self.metric = metric
    detector = metric.detector.makeDetector()
  }

  /// Restores a series from ``encoded()``; nil when the metric has another detector since.
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

  /// Whether the series has an open alert.
  package var isRaised: Bool { incident.severity != nil }

  /// Judges the next step; the detector then learns from it.
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

  /// Decides whether the step changes the alert.
  ///
  /// - Parameters:
  ///   - judgement: the result of ``judge(_:)`` for the step
  ///   - input: the step
  ///   - chance: the probability of the departure, corrected for the series judged together
  ///   - raisesAlerts: whether the step may change the alert; false while the metric only learns
  /// - Returns: the result of the step
  package mutating func decide(
    _ judgement: DetectorJudgement, of input: Input, chance: Double?, raisesAlerts: Bool = true
  ) -> Step {
    var observation = IncidentTrack.Observation.nothing
    var isAnomalous = judgement.isAnomalous
    if let chance, let uncorrected = judgement.pValue, chance > uncorrected,
      let level = metric.detector.tailLevel
    {
      isAnomalous = isAnomalous && chance < level
    }
    switch judgement.verdict {
    case .normal:
      // A departure that is too small to matter is not evidence, however certain it is.
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
      raisesAlerts
      ? incident.advance(
        observation, minute: input.minute, stepMinutes: metric.stepMinutes, ladder: metric.ladder)
      : nil
    return Step(
      minute: input.minute, volume: metric.isShare ? input.denominator : nil, judgement: judgement,
      chance: chance, evidence: observation.evidence, isAnomalous: isAnomalous, change: change)
  }
}
