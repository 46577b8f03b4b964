/// Tukey's fences: outside below Q1 − k · IQR or above Q3 + k · IQR (Tukey 1977).
///
/// Needs no shape of distribution; with other quantiles than the quartiles the same rule serves as
/// a percentile detector (k = 0: outside the percentiles themselves).
package struct TukeyModel: BaselineModel {
  /// k, the length of the fences in interquartile ranges; 1.5 is an outlier, 3 is far out.
  package let fence: Double
  /// The share of the lower quantile, above 0 and below 0.5; the upper one mirrors it.
  package let quantile: Double
  private var window: SortedWindow

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - fence: k
  ///   - quantile: the share of the lower quantile, above 0 and below 0.5
  ///   - window: the number of points to look back, 1 or more
  package init(fence: Double, quantile: Double, window: Int) {
    self.fence = fence
    self.quantile = quantile
    self.window = SortedWindow(capacity: window)
  }

  package var sampleSize: Int { window.count }
  package var untrained: TukeyModel {
    TukeyModel(fence: fence, quantile: quantile, window: window.capacity)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard let low = window.quantile(quantile), let high = window.quantile(1 - quantile),
      let median = window.median
    else { return nil }
    let range = high - low
    let (lower, upper) = (low - fence * range, high + fence * range)
    // The score counts ranges beyond the nearer quantile; 0 between the quantiles.
    let beyond = max(point.value - high, 0) + min(point.value - low, 0)
    return Assessment(
      expected: median, lower: lower, upper: upper, score: beyond == 0 ? 0 : beyond / range,
      effect: point.value - median, tails: nil,
      isOutside: point.value < lower || point.value > upper)
  }

  package mutating func absorb(_ point: SeriesPoint) { window.add(point.value) }
}
