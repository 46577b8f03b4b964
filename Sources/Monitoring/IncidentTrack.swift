internal import Foundation
package import PayopsCore

/// What goes on in one series: since when it is not as it should be, and how grave that is.
///
/// Time is event time: minutes of payments, not of the clock. The evidence is a cumulative sum (Page
/// 1954) that never falls below zero. Where the detector looks for a change each step adds the log10 of
/// its likelihood ratio: the sum exceeds h at most once in 10^h steps as they should be (Lorden 1971).
/// Otherwise it adds -log10 of the probability of its departure, less ``allowance``: for steps as they
/// should be the probability is uniform, so the sum drifts down by 0.57 a step, and exceeds h about
/// once in 10^(0.88 h) steps. A step adds at most ``stepCap``.
package struct IncidentTrack: Sendable, Equatable, Codable {
  /// What a step showed.
  package enum Observation: Sendable, Equatable {
    /// A verdict; `chance` is the probability of the departure, nil without a model of it, and
    /// `evidence` the log10 of the likelihood ratio for a change looked for, nil without one.
    case judged(isAnomalous: Bool, chance: Double?, evidence: Double? = nil)
    /// Nothing that could be judged.
    case nothing

    /// What it adds to the evidence that something goes on, powers of ten; nil without a model.
    var evidence: Double? {
      guard case .judged(_, let chance, let evidence) = self else { return nil }
      return evidence ?? chance.map { -log10(max($0, 1e-300)) - IncidentTrack.allowance }
    }
  }

  /// What is to be told.
  package enum Change: Sendable, Equatable {
    /// It became grave, or graver, and began in the minute `since`.
    case raise(Severity, since: Int)
    /// It is over.
    case resolve
  }

  /// The most that one step adds to the evidence, powers of ten.
  static let stepCap = 5.0
  /// What each step takes from the evidence of an improbable departure, powers of ten.
  static let allowance = 1.0

  /// The least steps of a run, unless fewer are as long as the first step of the ladder.
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

  /// Steps after which something that goes on is learned from all the same: it may be how it is now.
  static let longestSuspicion = 240

  /// Whether what goes on had better not be learned from.
  package var isSuspicious: Bool {
    evidence >= 2 && suspiciousSteps < Self.longestSuspicion
  }

  /// The severity that was told; nil while nothing goes on.
  package var severity: Severity? { raised }

  /// Nothing goes on.
  package init() {}

  /// Takes the next step of the series.
  ///
  /// - Parameters:
  ///   - observation: what it showed
  ///   - minute: its first minute, later than that of the step before
  ///   - stepMinutes: how many minutes it covers
  ///   - ladder: when to tell
  /// - Returns: what is to be told; nil when nothing changed
  package mutating func advance(
    _ observation: Observation, minute: Int, stepMinutes: Int, ladder: SeverityLadder
  ) -> Change? {
    guard case .judged(let isAnomalous, let chance, _) = observation else { return nil }
    if let step = observation.evidence {
      weigh(step, minute: minute, ladder: ladder)
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
    let found = grade(stepMinutes: stepMinutes, ladder: ladder)
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

  private mutating func weigh(_ step: Double, minute: Int, ladder: SeverityLadder) {
    guard let limit = ladder.fastEvidence else { return }
    // Never above the limit, so that what is over is seen to be over.
    evidence = min(max(0, evidence + min(Self.stepCap, step)), limit)
    if evidence == 0 {
      evidenceStart = nil
      suspiciousSteps = 0
    } else {
      evidenceStart = evidenceStart ?? minute
      suspiciousSteps += 1
    }
  }

  private func grade(
    stepMinutes: Int, ladder: SeverityLadder
  ) -> (severity: Severity, since: Int)? {
    var best: (severity: Severity, since: Int)?
    // A run of which most steps are as they should be is none, nor are two steps far apart.
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
