/// Mean ± k sample standard deviations of the points before, or of a window of them.
package struct MeanModel: BaselineModel {
  /// k, the number of standard deviations.
  package let sigmas: Double
  /// Whether the candidate is part of its own baseline, as simple monitors have it: its z can then
  /// never exceed (n − 1)/√n, and nothing is kept out of the baseline.
  package let includesCandidate: Bool
  private var window: WindowMoments

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - sigmas: k
  ///   - window: the number of points to look back; 0 for all
  ///   - includesCandidate: whether the candidate is part of its own baseline
  package init(sigmas: Double, window: Int, includesCandidate: Bool = false) {
    self.sigmas = sigmas
    self.includesCandidate = includesCandidate
    self.window = WindowMoments(capacity: window)
  }

  package var sampleSize: Int { window.count }
  package var learnsAnomalies: Bool { includesCandidate }
  package var untrained: MeanModel {
    MeanModel(sigmas: sigmas, window: window.capacity, includesCandidate: includesCandidate)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    var baseline = window
    if includesCandidate { baseline.add(point.value) }
    let moments = baseline.moments
    return moments.sampleStandardDeviation.map {
      Assessment(point.value, expected: moments.mean, spread: $0, sigmas: sigmas)
    }
  }

  package mutating func absorb(_ point: SeriesPoint) { window.add(point.value) }
}
