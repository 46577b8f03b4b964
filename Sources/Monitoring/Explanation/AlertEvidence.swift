internal import Foundation
internal import PayopsCore
internal import Statistics

/// The evidence of a change of an alert: enough to recompute the decision.
package struct AlertEvidence: Sendable {
  /// One step of the series.
  struct Step: Sendable, Equatable, Codable {
    /// What was counted.
    let input: SeriesTrack.Input
    /// The probabilities of the other members that were judged together with it.
    let others: [Double]
  }

  /// The result.
  struct Decision: Sendable, Equatable {
    /// The severity.
    let severity: Severity
    /// The first minute of the incident.
    let since: Int
  }

  /// The metric as it was defined then.
  let metric: MetricDefinition
  /// The series before the steps, as JSON; nil for a series that was new.
  let state: String?
  /// The steps; the last one caused the change.
  let steps: [Step]

  /// The steps as JSON.
  func encodedSteps() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(steps), as: UTF8.self)
  }

  /// Recomputes the decision.
  ///
  /// - Returns: the decision at the last step; nil when that step changes nothing, or the state
  ///   cannot be read
  func decide() -> (decision: Decision, step: SeriesTrack.Step)? {
    var track = SeriesTrack(metric)
    if let state {
      guard let known = SeriesTrack(metric, state: state) else { return nil }
      track = known
    }
    var last: SeriesTrack.Step?
    for step in steps {
      let judgement = track.judge(step.input)
      let chance = judgement.pValue.map { FalseDiscovery([$0] + step.others).adjusted[0] }
      last = track.decide(judgement, of: step.input, chance: chance)
    }
    guard let last, case .raise(let severity, let since) = last.change else { return nil }
    return (Decision(severity: severity, since: since), last)
  }
}

extension MetricDefinition {
  /// The columns as JSON.
  func encodedColumns() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(columns), as: UTF8.self)
  }

  /// Decodes a metric from ``encodedColumns()``.
  ///
  /// - Throws: ``MonitoringError`` when it cannot be read
  init(encodedColumns text: String) throws(MonitoringError) {
    guard let columns = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    else {
      throw MonitoringError(
        .badMetric, "the stored row of the metric cannot be read",
        hint: "the table alert_evidence was changed by hand")
    }
    try self.init(columns: columns)
  }
}
