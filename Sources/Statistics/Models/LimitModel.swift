/// Fixed limits that were agreed, such as the age that an open payment may reach; nothing is
/// learned.
package struct LimitModel: BaselineModel {
  /// The least value that is normal, in the unit of the series.
  package let lower: Double
  /// The greatest value that is normal, in the unit of the series.
  package let upper: Double

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - lower: the least value that is normal
  ///   - upper: the greatest value that is normal
  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var sampleSize: Int { 0 }
  package var leastSample: Int { 0 }
  package var needsBaseline: Bool { false }
  package var learnsAnomalies: Bool { true }
  package var untrained: LimitModel { self }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    // Inside the limits anything is as expected; outside the limit itself is the measure.
    let expected = max(lower, min(upper, point.value))
    let departure = point.value - expected
    let score = departure == 0 ? 0 : departure / max(abs(expected), .leastNormalMagnitude)
    return Assessment(
      expected: expected, lower: lower, upper: upper, score: score, effect: departure, tails: nil,
      isOutside: departure != 0)
  }

  package mutating func absorb(_ point: SeriesPoint) {}
}
