/// The Levinson–Durbin recursion: solves the Yule–Walker equations of an autoregressive process in
/// O(p²) (Levinson 1947, Durbin 1960).
package struct LevinsonDurbin: Sendable, Equatable {
  /// φ₁ … φ_p: the forecast is Σ φᵢ x[t − i] for a series of mean 0.
  package let coefficients: [Double]
  /// The variance of the forecast's error, in the unit of the autocovariances.
  package let errorVariance: Double

  /// Solves the equations.
  ///
  /// Autocovariances that no process can have (estimated with fading weights) would give a forecast
  /// that grows without bound: the recursion stops before a reflection coefficient of 1 or more, so
  /// the result is always stable.
  ///
  /// - Parameter autocovariances: c₀ … c_p, p + 1 numbers, c₀ the variance
  package init(_ autocovariances: [Double]) {
    var coefficients: [Double] = []
    guard let variance = autocovariances.first, variance > 0 else {
      (self.coefficients, errorVariance) = (
        [Double](repeating: 0, count: max(0, autocovariances.count - 1)), 0
      )
      return
    }
    var error = variance
    for order in 1..<max(1, autocovariances.count) {
      var gap = CompensatedSum(CollectionOfOne(autocovariances[order]))
      for (index, coefficient) in coefficients.enumerated() {
        gap.add(-coefficient * autocovariances[order - 1 - index])
      }
      let reflection = gap.value / error
      guard abs(reflection) < 1 else { break }
      let mirrored = coefficients.reversed()
      coefficients = zip(coefficients, mirrored).map { $0 - reflection * $1 } + [reflection]
      error *= (1 - reflection) * (1 + reflection)
    }
    let missing = autocovariances.count - 1 - coefficients.count
    self.coefficients = coefficients + [Double](repeating: 0, count: max(0, missing))
    errorVariance = error
  }
}
