/// The tabular two-sided CUSUM (Page 1954; Montgomery, "Introduction to Statistical Quality
/// Control"): C⁺ ← max(0, C⁺ + z − k), C⁻ ← max(0, C⁻ − z − k), outside when one exceeds h,
/// z = (x − μ₀)/σ.
///
/// Finds slow drifts that no single point shows. k is half of the shift that matters, in σ. With
/// k = 0.5 the average run length in control is 168 points for h = 4 and 465 for h = 5; after a
/// shift of one σ it is 8.4 and 10.4.
package struct CUSUMModel: BaselineModel {
  /// k, the allowance in standard deviations.
  package let allowance: Double
  /// h, the decision interval in standard deviations.
  package let limit: Double
  private var phase: PhaseOne
  /// C⁺, in standard deviations.
  package private(set) var above = 0.0
  /// C⁻, in standard deviations.
  package private(set) var below = 0.0
  private var runAbove = 0
  private var runBelow = 0

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - allowance: k, in standard deviations
  ///   - limit: h, in standard deviations
  ///   - phase: where μ₀ and σ come from
  package init(
    allowance: Double, limit: Double, phase: PhaseOne
  ) {
    self.allowance = allowance
    self.limit = limit
    self.phase = phase
  }

  package var sampleSize: Int { phase.sampleSize }
  package var leastSample: Int { phase.length }
  package var untrained: CUSUMModel {
    CUSUMModel(allowance: allowance, limit: limit, phase: phase.untrained)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard !phase.isLearning else { return nil }
    var next = self
    next.advance(point.value)
    let isUp = next.above >= next.below
    let run = Double(max(1, isUp ? next.runAbove : next.runBelow))
    let sum = isUp ? next.above : next.below
    let deviation = phase.standardDeviation
    // Montgomery's estimate of the shift: k + C/N standard deviations.
    let shift = sum > 0 ? (allowance + sum / run) * deviation : 0
    let score = isUp ? sum : -sum
    return Assessment(
      expected: phase.mean,
      lower: phase.mean - (limit - below + allowance) * deviation,
      upper: phase.mean + (limit - above + allowance) * deviation, score: score,
      effect: deviation > 0 ? (isUp ? shift : -shift) : point.value - phase.mean, tails: nil,
      isOutside: sum > limit)
  }

  package mutating func absorb(_ point: SeriesPoint) {
    if phase.isLearning { phase.add(point.value) } else { pass(point) }
  }

  /// The sums move with every point, also with those that the baseline must not learn.
  package mutating func pass(_ point: SeriesPoint) {
    guard !phase.isLearning, point.value.isFinite else { return }
    advance(point.value)
  }

  private mutating func advance(_ value: Double) {
    let departure = value - phase.mean
    // Without spread any departure is beyond every limit; a large number can still be encoded.
    let z =
      departure == 0
      ? 0 : max(-1e9, min(1e9, departure / phase.standardDeviation))
    above = min(1e9, max(0, above + z - allowance))
    below = min(1e9, max(0, below - z - allowance))
    runAbove = above > 0 ? runAbove + 1 : 0
    runBelow = below > 0 ? runBelow + 1 : 0
  }
}
