/// An autoregressive forecast of order p: m + Σ φᵢ (x[t − i] − m), its coefficients from the
/// Yule–Walker equations over fading autocovariances; see ``LevinsonDurbin``.
///
/// For series in which each point resembles those just before it. The forecast replaces a point
/// that is not learned from, so that an incident does not spoil the next p forecasts.
package struct AutoregressiveModel: BaselineModel {
  /// p, the number of points that a forecast looks back.
  package let order: Int
  /// λ, the weight of a new point.
  package let weight: Double
  /// k, the number of standard deviations.
  package let sigmas: Double
  private var mean: DecayingMoments
  private var autocovariances: [Double]
  private var pairs = 0
  // The last points, newest first.
  private var recent: [Double] = []
  private var coefficients: [Double]
  private var squaredError: DecayingMoments

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - order: p, 1 or more
  ///   - weight: λ, above 0 and up to 1
  ///   - sigmas: k
  package init(order: Int, weight: Double, sigmas: Double) {
    self.order = max(1, order)
    self.weight = weight
    self.sigmas = sigmas
    mean = DecayingMoments(weight: weight)
    squaredError = DecayingMoments(weight: weight)
    autocovariances = [Double](repeating: 0, count: self.order + 1)
    coefficients = [Double](repeating: 0, count: self.order)
  }

  package var sampleSize: Int { squaredError.count }
  package var leastSample: Int { 2 * order + 2 }
  package var untrained: AutoregressiveModel {
    AutoregressiveModel(order: order, weight: weight, sigmas: sigmas)
  }

  /// What the next point is expected to be; nil before p points were seen.
  package var forecast: Double? {
    guard recent.count == order else { return nil }
    let centre = mean.mean
    return centre
      + CompensatedSum(zip(coefficients, recent).lazy.map { $0 * ($1 - centre) }).value
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard let forecast, squaredError.count > 0 else { return nil }
    return Assessment(
      point.value, expected: forecast, spread: squaredError.mean.squareRoot(), sigmas: sigmas)
  }

  package mutating func absorb(_ point: SeriesPoint) {
    if let forecast {
      let error = point.value - forecast
      // The first forecasts rest on very few points; their errors would widen the spread for long.
      if pairs >= 2 * order { squaredError.add(error * error) }
    }
    mean.add(point.value)
    if recent.count == order {
      pairs += 1
      let share = max(1 / Double(pairs), weight)
      let centred = point.value - mean.mean
      for lag in 0...order {
        let other = lag == 0 ? centred : recent[lag - 1] - mean.mean
        autocovariances[lag] += share * (centred * other - autocovariances[lag])
      }
      coefficients = LevinsonDurbin(autocovariances).coefficients
    }
    remember(point.value)
  }

  package mutating func pass(_ point: SeriesPoint) {
    if let stand = forecast ?? recent.first { remember(stand) }
  }

  private mutating func remember(_ value: Double) {
    recent.insert(value, at: 0)
    if recent.count > order { recent.removeLast() }
  }
}
