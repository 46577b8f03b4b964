/// Judges many slices at once: which p-values are significant when a share of false discoveries is
/// allowed (Benjamini and Hochberg 1995).
package struct FalseDiscovery: Sendable, Equatable {
  /// The adjusted p-values (q-values), in the order given: the least allowed share at which a slice
  /// would still be found; 1 for an invalid p-value.
  package let adjusted: [Double]

  /// Adjusts p-values: q₍ᵢ₎ = min over j ≥ i of min(1, p₍ⱼ₎ m / j).
  ///
  /// - Parameter pValues: m p-values, 0 to 1; those that are not finite (no verdict) do not count
  ///   in m
  package init(_ pValues: [Double]) {
    let ranked = pValues.indices.filter { pValues[$0].isFinite }
      .sorted { pValues[$0] < pValues[$1] }
    var adjusted = [Double](repeating: 1, count: pValues.count)
    var least = 1.0
    for (rank, index) in ranked.enumerated().reversed() {
      least = min(least, pValues[index] * Double(ranked.count) / Double(rank + 1))
      adjusted[index] = least
    }
    self.adjusted = adjusted
  }
}
