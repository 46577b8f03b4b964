/// Exponentially weighted mean ± k exponentially weighted standard deviations; see
/// ``DecayingMoments``.
package struct EWMAModel: BaselineModel {
  /// k, the number of standard deviations.
  package let sigmas: Double
  private var moments: DecayingMoments

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - weight: λ, the weight of a new point, above 0 and below 1
  ///   - sigmas: k
  package init(weight: Double, sigmas: Double) {
    self.sigmas = sigmas
    moments = DecayingMoments(weight: weight)
  }

  package var sampleSize: Int { moments.count }
  package var untrained: EWMAModel { EWMAModel(weight: moments.weight, sigmas: sigmas) }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    moments.sampleVariance.map {
      Assessment(
        point.value, expected: moments.mean, spread: $0.squareRoot(), sigmas: sigmas)
    }
  }

  package mutating func absorb(_ point: SeriesPoint) { moments.add(point.value) }
}
