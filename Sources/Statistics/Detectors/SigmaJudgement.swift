/// The verdict of a ``SigmaDetector`` with all the numbers that it can be recomputed from.
package struct SigmaJudgement: Sendable, Equatable {
  /// What a detector says about a candidate.
  package enum Verdict: Sendable, Equatable {
    /// Within the limits, or too near the mean to matter.
    case normal
    /// Outside the limits by `z` standard deviations; ±infinity when the baseline has no spread and
    /// the candidate differs from it by more than the minimum effect.
    case anomalous(z: Double)
    /// No verdict can be given.
    case notEnoughData(InsufficientData)
  }

  /// The candidate.
  package let value: Double
  /// The mean of the baseline.
  package let mean: Double
  /// The sample standard deviation of the baseline; nil below two values.
  package let standardDeviation: Double?
  /// How many values the baseline holds.
  package let sampleSize: Int
  /// How many standard deviations were asked for (k).
  package let sigmas: Double
  /// The verdict.
  package let verdict: Verdict

  /// The candidate's distance from the mean in standard deviations; nil where there is no spread.
  package var z: Double? {
    guard let standardDeviation, standardDeviation > 0, value.isFinite else { return nil }
    return (value - mean) / standardDeviation
  }

  /// The upper limit: mean + k · standard deviation; nil below two values.
  package var threshold: Double? { standardDeviation.map { mean + sigmas * $0 } }

  /// Whether the verdict is ``Verdict/anomalous(z:)``.
  package var isAnomalous: Bool {
    if case .anomalous = verdict { true } else { false }
  }
}
