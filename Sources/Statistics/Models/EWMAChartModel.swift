/// The EWMA control chart (Roberts 1959): z ← λ x + (1 − λ) z, outside beyond
/// μ₀ ± L σ √(λ/(2 − λ) · (1 − (1 − λ)^2t)).
///
/// Finds small lasting shifts; μ₀ and σ come from ``PhaseOne``. λ = 0.1 with L = 2.814 has an
/// average run length of 500 points in control and, with limits that do not widen, 10.3 after a
/// shift of one σ (Lucas and Saccucci 1990); a shift right at the start is found sooner.
package struct EWMAChartModel: BaselineModel {
  /// λ, the weight of a new point, above 0 and up to 1.
  package let weight: Double
  /// L, the half width of the chart in standard deviations of z.
  package let width: Double
  private var phase: PhaseOne
  private var smoothed = 0.0
  private var remembered = 1.0

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - weight: λ
  ///   - width: L
  ///   - phase: where μ₀ and σ come from
  package init(
    weight: Double, width: Double, phase: PhaseOne
  ) {
    self.weight = weight
    self.width = width
    self.phase = phase
  }

  package var sampleSize: Int { phase.sampleSize }
  package var leastSample: Int { phase.length }
  package var untrained: EWMAChartModel {
    EWMAChartModel(weight: weight, width: width, phase: phase.untrained)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard !phase.isLearning else { return nil }
    let next = advanced(by: point)
    let deviation =
      phase.standardDeviation
      * (weight / (2 - weight) * (1 - next.remembered)).squareRoot()
    let score = next.smoothed == 0 ? 0 : next.smoothed / deviation
    // The limits of z become limits of this point: the values for which z stays inside.
    let carried = (1 - weight) * smoothed
    return Assessment(
      expected: phase.mean, lower: phase.mean + (-width * deviation - carried) / weight,
      upper: phase.mean + (width * deviation - carried) / weight, score: score,
      effect: next.smoothed, tails: nil, isOutside: abs(score) > width)
  }

  package mutating func absorb(_ point: SeriesPoint) {
    if phase.isLearning { phase.add(point.value) } else { pass(point) }
  }

  /// The statistic moves with every point, also with those that the baseline must not learn.
  package mutating func pass(_ point: SeriesPoint) {
    guard !phase.isLearning, point.value.isFinite else { return }
    (smoothed, remembered) = advanced(by: point)
  }

  /// z as a departure from μ₀, and (1 − λ)^2t.
  private func advanced(by point: SeriesPoint) -> (smoothed: Double, remembered: Double) {
    (
      weight * (point.value - phase.mean) + (1 - weight) * smoothed,
      remembered * (1 - weight) * (1 - weight)
    )
  }
}
