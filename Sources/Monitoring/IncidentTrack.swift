import Foundation

/// What goes on in one series: since when it is not as it should be, and how grave that is.
///
/// Time is event time: minutes of payments, not of the clock. Evidence is gathered in two cumulative
/// sums (Page 1954) that never fall below zero. Of one each step adds -log10 of the probability of its
/// departure less ``allowance``: for steps as they should be the probability is uniform, so it drifts
/// down by 0.57 a step, and exceeds h about once in 10^(0.88 h) steps. Of the other each step adds the
/// log10 of its likelihood ratio for the change that the detector looks for, if there is one: it exceeds
/// h at most once in 10^h steps (Lorden 1971), and finds this change sooner than the first, which finds
/// any. A step adds at most ``stepCap`` to either, so that it takes more than one.
package struct IncidentTrack: Sendable, Equatable, Codable {
  /// What a step showed.
  package enum Observation: Sendable, Equatable {
    /// A verdict; `chance` is the probability of the departure, nil without a model of it, and
    /// `evidence` the log10 of the likelihood ratio for a change looked for, nil without one.
    case judged(isAnomalous: Bool, chance: Double?, evidence: Double? = nil)
    /// Nothing that could be judged.
    case nothing
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
  /// What each step takes from the evidence of its probability, powers of ten.
  static let allowance = 1.0

  /// A cumulative sum.
  private struct Evidence: Equatable, Codable {
    var sum = 0.0
    /// The first minute of what it rests on.
    var start: Int?
    /// How many steps it rests on.
    var steps = 0

    /// Adds what a step says; the sum is kept near the limit, so that what is over is seen to be over.
    mutating func add(_ step: Double, minute: Int, limit: Double) {
      sum = min(max(0, sum + min(IncidentTrack.stepCap, step)), 1.25 * limit)
      if sum == 0 {
        (start, steps) = (nil, 0)
      } else {
        start = start ?? minute
        steps += 1
      }
    }
  }

  private var runStart: Int?
  private var lastAnomalous = 0
  private var anomalousSteps = 0
  private var judgedSteps = 0
  private var quietMinutes = 0
  private var departure = Evidence()
  private var change = Evidence()
  private var raised: Severity?

  /// Steps after which something that goes on is learned from all the same: it may be how it is now.
  static let longestSuspicion = 240

  /// Whether what goes on had better not be learned from.
  package var isSuspicious: Bool {
    [departure, change].contains { $0.sum >= 2 && $0.steps < Self.longestSuspicion }
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
    guard case .judged(let isAnomalous, let chance, let evidence) = observation else { return nil }
    if let limit = ladder.fastEvidence {
      if let chance {
        departure.add(-log10(max(chance, 1e-300)) - Self.allowance, minute: minute, limit: limit)
      }
      if let evidence { change.add(evidence, minute: minute, limit: limit) }
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
    if let found, found.severity > raised ?? .healthy {
      raised = found.severity
      quietMinutes = isAnomalous ? 0 : min(quietMinutes, ladder.clearMinutes - 1)
      return .raise(found.severity, since: found.since)
    }
    guard quietMinutes >= ladder.clearMinutes else { return nil }
    runStart = nil
    guard raised != nil, max(departure.sum, change.sum) < ladder.fastEvidence ?? .infinity else {
      return nil
    }
    raised = nil
    departure = Evidence()
    change = Evidence()
    return .resolve
  }

  private func grade(
    stepMinutes: Int, ladder: SeverityLadder
  ) -> (severity: Severity, since: Int)? {
    var best: (severity: Severity, since: Int)?
    // A run of which most steps are as they should be is none.
    if let runStart, 2 * anomalousSteps >= judgedSteps,
      let severity = ladder.severity(minutes: lastAnomalous + stepMinutes - runStart)
    {
      best = (severity, runStart)
    }
    if let limit = ladder.fastEvidence, ladder.fastSeverity > best?.severity ?? .healthy,
      let start = [departure, change].filter({ $0.sum >= limit }).compactMap(\.start).min()
    {
      best = (ladder.fastSeverity, min(runStart ?? .max, start))
    }
    return best
  }
}
