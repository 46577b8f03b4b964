/// The modified z-score: 0.6745 (x − median) / MAD, outside above 3.5 (Iglewicz and Hoaglin 1993).
///
/// Up to half of the window may be bad without moving the bounds much. Where more than half of the
/// values are equal, so that the MAD is 0, the mean absolute deviation times √(π/2) = 1.253314
/// takes its place.
package struct RobustModel: BaselineModel {
  /// The modified z-score from which on a point is outside.
  package let threshold: Double
  private var window: SortedWindow

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - threshold: the modified z-score
  ///   - window: the number of points to look back, 1 or more
  package init(threshold: Double, window: Int) {
    self.threshold = threshold
    self.window = SortedWindow(capacity: window)
  }

  package var sampleSize: Int { window.count }
  package var untrained: RobustModel { RobustModel(threshold: threshold, window: window.capacity) }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard let median = window.median,
      let deviation = window.medianAbsoluteDeviation(from: median)
    else { return nil }
    let spread =
      deviation > 0
      ? deviation / 0.6745 : 1.253314 * (window.meanAbsoluteDeviation(from: median) ?? 0)
    return Assessment(point.value, expected: median, spread: spread, sigmas: threshold)
  }

  package mutating func absorb(_ point: SeriesPoint) { window.add(point.value) }
}
