internal import Foundation
package import PayopsCore

/// The incident in progress in one series, if any: since when the series is anomalous, and how
/// severe that is.
///
/// Time is event time: minutes of payments, not of the clock. The evidence is a cumulative sum
/// (Page 1954) that never falls below zero. Where the detector looks for a change, each step adds
/// the log10 of its likelihood ratio: the sum exceeds h at most once in 10^h normal steps (Lorden
/// 1971). Otherwise each step adds -log10 of the probability of its departure, less ``allowance``:
/// for normal steps the probability is uniform, so the sum drifts down by 0.57 a step, and exceeds
/// h about once in 10^(0.88 h) steps. A step adds at most ``stepCap``.
package struct IncidentTrack: Sendable, Equatable, Codable {
  /// The observation of one step.
  package enum Observation: Sendable, Equatable {
    /// A verdict; `chance` is the probability of the departure, nil without a model of it, and
    /// `evidence` the log10 of the likelihood ratio for a change looked for, nil without one.
    case judged(isAnomalous: Bool, chance: Double?, evidence: Double? = nil)
    /// The step could not be judged.
    case nothing

    /// What it adds to the evidence of an incident, powers of ten; nil without a model.
    var evidence: Double? {
      guard case .judged(_, let chance, let evidence) = self else { return nil }
      return evidence ?? chance.map { -log10(max($0, 1e-300)) - IncidentTrack.allowance }
    }
  }

  /// A change of the alert.
  package enum Change: Sendable, Equatable {
    /// The incident reached its first severity, or a more severe one; it began in the minute `since`.
    case raise(Severity, since: Int)
    /// The incident is resolved.
    case resolve
  }

  /// The most that one step adds to the evidence, powers of ten.
  static let stepCap = 5.0
  /// What each step subtracts from the evidence of an improbable departure, powers of ten.
  static let allowance = 1.0

  /// The least number of anomalous steps in a run, unless fewer steps are as long as the first step
  /// of the ladder.
  static let leastRun = 4

  private var runStart: Int?
  private var lastAnomalous = 0
  private var anomalousSteps = 0
  private var judgedSteps = 0
  private var quietMinutes = 0
  private var evidence = 0.0
  private var evidenceStart: Int?
  private var suspiciousSteps = 0
  private var raised: Severity?

  /// Steps after which the detector learns from an ongoing departure: it may be the new normal.
  static let longestSuspicion = 240

  /// Whether the detector should not learn from the current steps.
  package var isSuspicious: Bool {
    evidence >= 2 && suspiciousSteps < Self.longestSuspicion
  }

  /// The severity of the alert; nil without an open alert.
  package var severity: Severity? { raised }

  /// Starts without an incident.
  package init() {}

  /// Adds the next step of the series.
  ///
  /// - Parameters:
  ///   - observation: the observation of the step
  ///   - minute: its first minute, later than that of the step before
  ///   - stepMinutes: how many minutes it covers
  ///   - ladder: when to raise and resolve the alert
  /// - Returns: the change of the alert; nil when nothing changed
  package mutating func advance(
    _ observation: Observation, minute: Int, stepMinutes: Int, ladder: SeverityLadder
  ) -> Change? {
    guard case .judged(let isAnomalous, let chance, _) = observation else { return nil }
    if let step = observation.evidence {
      addEvidence(step, minute: minute, ladder: ladder)
    }
    if runStart != nil { judgedSteps += 1 }
    if isAnomalous {
      if runStart == nil {
        runStart = minute
        anomalousSteps = 0
        judgedSteps = 1
      }
      anomalousSteps += 1
      lastAnomalous = minute
      quietMinutes = 0
    } else if (chance ?? 1) > 0.1 {
      quietMinutes += stepMinutes
    }
    let found = assess(stepMinutes: stepMinutes, ladder: ladder)
    if let found, raised.map({ found.severity > $0 }) ?? true {
      raised = found.severity
      quietMinutes = isAnomalous ? 0 : min(quietMinutes, ladder.clearMinutes - 1)
      return .raise(found.severity, since: found.since)
    }
    guard quietMinutes >= ladder.clearMinutes else { return nil }
    runStart = nil
    guard raised != nil, evidence < ladder.fastEvidence ?? .infinity else { return nil }
    raised = nil
    evidence = 0
    evidenceStart = nil
    suspiciousSteps = 0
    return .resolve
  }

  private mutating func addEvidence(_ step: Double, minute: Int, ladder: SeverityLadder) {
    guard let limit = ladder.fastEvidence else { return }
    // Capped at the limit, so that the sum falls soon after the incident and the alert resolves.
    evidence = min(max(0, evidence + min(Self.stepCap, step)), limit)
    if evidence == 0 {
      evidenceStart = nil
      suspiciousSteps = 0
    } else {
      evidenceStart = evidenceStart ?? minute
      suspiciousSteps += 1
    }
  }

  private func assess(
    stepMinutes: Int, ladder: SeverityLadder
  ) -> (severity: Severity, since: Int)? {
    var best: (severity: Severity, since: Int)?
    // A run counts only when half of its steps are anomalous and there are enough of them: two
    // anomalous steps far apart are not an incident.
    if let runStart, 2 * anomalousSteps >= judgedSteps,
      anomalousSteps >= min(Self.leastRun, (ladder.minutes.first ?? 0) / stepMinutes),
      let severity = ladder.severity(minutes: lastAnomalous + stepMinutes - runStart)
    {
      best = (severity, runStart)
    }
    if let limit = ladder.fastEvidence, evidence >= limit,
      best.map({ ladder.fastSeverity > $0.severity }) ?? true
    {
      best = (ladder.fastSeverity, min(runStart ?? .max, evidenceStart ?? .max))
    }
    return best
  }
}
