/// What a model knows about a candidate, before guards are applied.
package struct Assessment: Sendable, Equatable {
  /// The value that the baseline expects, in the unit of the series.
  package let expected: Double
  /// The least value that is normal.
  package let lower: Double
  /// The greatest value that is normal.
  package let upper: Double
  /// The departure in standard units, positive above the expectation; ±infinity without spread.
  package let score: Double
  /// The departure that the guards compare with the minimum effect, in the unit of the series.
  package let effect: Double
  /// The probabilities of a value at most, and at least, as large; nil when there is no model.
  package let tails: (below: Double, above: Double)?
  /// Whether the candidate is outside: a chart judges its own statistic, not the value itself.
  package let isOutside: Bool
  /// The evidence for a change that was named beforehand, powers of ten; nil without such a change.
  package var evidence: Double?

  /// Makes an assessment.
  ///
  /// - Parameters:
  ///   - expected: the value that the baseline expects
  ///   - lower: the least value that is normal
  ///   - upper: the greatest value that is normal
  ///   - score: the departure in standard units
  ///   - effect: the departure in the unit of the series
  ///   - tails: probabilities of a value at most, and at least, as large
  ///   - isOutside: whether the candidate is outside
  ///   - evidence: the evidence for a change that was named beforehand, powers of ten
  package init(
    expected: Double, lower: Double, upper: Double, score: Double, effect: Double,
    tails: (below: Double, above: Double)?, isOutside: Bool, evidence: Double? = nil
  ) {
    self.expected = expected
    self.lower = lower
    self.upper = upper
    self.score = score
    self.effect = effect
    self.tails = tails
    self.isOutside = isOutside
    self.evidence = evidence
  }

  /// The assessment of a value by expectation ± k spreads, with the tails of the normal
  /// distribution.
  ///
  /// - Parameters:
  ///   - value: the candidate
  ///   - expected: the value that the baseline expects
  ///   - spread: the standard unit, 0 or more; 0 makes any departure infinite
  ///   - sigmas: k
  package init(_ value: Double, expected: Double, spread: Double, sigmas: Double) {
    let departure = value - expected
    // The quotient may overflow, and 0/0 means no departure.
    let score = departure == 0 ? 0 : departure / spread
    self.init(
      expected: expected, lower: expected - sigmas * spread, upper: expected + sigmas * spread,
      score: score, effect: departure,
      tails: (
        below: NormalDistribution.upperTail(-score), above: NormalDistribution.upperTail(score)
      ),
      isOutside: abs(score) > sigmas)
  }

  package static func == (left: Assessment, right: Assessment) -> Bool {
    left.expected == right.expected && left.lower == right.lower && left.upper == right.upper
      && left.score == right.score && left.effect == right.effect
      && left.tails?.below == right.tails?.below
      && left.tails?.above == right.tails?.above && left.isOutside == right.isOutside
      && left.evidence == right.evidence
  }

  /// The p-value on a side: one tail, or twice the lesser one.
  ///
  /// - Parameter direction: the side of interest
  /// - Returns: the probability, 0 to 1; nil when there is no model
  package func pValue(_ direction: DepartureDirection) -> Double? {
    guard let tails else { return nil }
    return switch direction {
    case .above: tails.above
    case .below: tails.below
    case .both: min(1, 2 * min(tails.below, tails.above))
    }
  }
}
