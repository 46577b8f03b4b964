/// A detector's verdict on one point, with the numbers behind it.
package struct DetectorJudgement: Sendable, Equatable {
  /// What a detector says about a candidate.
  package enum Verdict: Sendable, Equatable {
    /// Inside the bounds, on the side that is of no interest, or too near to matter.
    case normal
    /// Outside the bounds.
    case anomalous
    /// No verdict can be given.
    case notEnoughData(InsufficientData)
  }

  /// The candidate, in the unit of the series; nan when it has no value.
  package let value: Double
  /// The value that the baseline expects, in the unit of the series; nil without a baseline.
  package let expected: Double?
  /// The least value that is normal, in the unit of the series; nil when there is no such bound.
  package let lower: Double?
  /// The greatest value that is normal, in the unit of the series; nil when there is no such bound.
  package let upper: Double?
  /// The departure in standard units of the detector, positive above the expectation; ±infinity
  /// when the baseline has no spread; nil without a baseline.
  package let score: Double?
  /// The probability of a departure at least as large, on the side of interest, in the detector's
  /// model; nil when the detector has no such model.
  package let pValue: Double?
  /// The evidence of this point for the change that the detector looks for: the logarithm of the
  /// likelihood ratio, powers of ten; nil when it looks for none.
  package let evidence: Double?
  /// How many points the baseline rests on.
  package let sampleSize: Int
  /// The verdict.
  package let verdict: Verdict

  /// Makes a judgement.
  ///
  /// - Parameters:
  ///   - value: the candidate
  ///   - expected: the value that the baseline expects
  ///   - lower: the least value that is normal
  ///   - upper: the greatest value that is normal
  ///   - score: the departure in standard units
  ///   - pValue: the probability of such a departure
  ///   - sampleSize: how many points the baseline rests on
  ///   - verdict: the verdict
  ///   - evidence: the evidence for the change looked for, powers of ten
  package init(
    value: Double, expected: Double?, lower: Double?, upper: Double?, score: Double?,
    pValue: Double?, sampleSize: Int, verdict: Verdict, evidence: Double? = nil
  ) {
    self.value = value
    self.expected = expected
    self.lower = lower
    self.upper = upper
    self.score = score
    self.pValue = pValue
    self.sampleSize = sampleSize
    self.verdict = verdict
    self.evidence = evidence
  }

  /// Whether the verdict is ``Verdict/anomalous``.
  package var isAnomalous: Bool { verdict == .anomalous }
}
