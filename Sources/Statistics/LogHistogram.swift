#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A histogram with logarithmic bins, from which quantiles are estimated within a relative error.
///
/// The bins are those of DDSketch (Masson, Rim and Lee 2019): with accuracy α and
/// γ = (1 + α)/(1 − α), bin i > 0 holds γ^(i−1) < x ≤ γ^i and bin 0 everything up to 1. SQL fills the
/// same bins with `CEIL(LN(x) / LN(γ))`. Counts add up over time and dimensions, quantiles do not:
/// merge the counts, then ask for the quantile.
package struct LogHistogram: Sendable, Equatable {
  /// The bound α of the relative error for values above 1; below it the absolute error is under 1.
  package let relativeAccuracy: Double
  /// The ratio γ of neighbouring bin limits.
  package let gamma: Double
  /// The count of each bin that is not empty.
  package private(set) var counts: [Int: Int64]

  /// Makes a histogram from (bin, count) pairs.
  ///
  /// - Parameters:
  ///   - pairs: bins, 0 or more, with counts; several pairs of one bin add up, and pairs whose count
  ///     is not positive are ignored
  ///   - relativeAccuracy: α, above 0 and below 1; 0.05 when out of range
  package init(
    _ pairs: some Sequence<(bin: Int, count: Int64)> = EmptyCollection(),
    relativeAccuracy: Double = 0.05
  ) {
    let alpha = relativeAccuracy > 0 && relativeAccuracy < 1 ? relativeAccuracy : 0.05
    self.relativeAccuracy = alpha
    gamma = (1 + alpha) / (1 - alpha)
    counts = [:]
    for (bin, count) in pairs where count > 0 { counts[max(0, bin), default: 0] += count }
  }

  /// The number of values in all bins.
  package var count: Int64 { counts.values.reduce(0, +) }

  /// Finds the bin of a value.
  ///
  /// - Parameter value: a finite value, 0 or more
  /// - Returns: `CEIL(LN(value) / LN(γ))`, 0 for values below 1
  package func bin(of value: Double) -> Int {
    guard value.isFinite, value > 1 else { return 0 }
    return Int((log(value) / log(gamma)).rounded(.up))
  }

  /// Gives the value that stands for a bin: the one whose relative distance to both limits is α.
  ///
  /// - Parameter bin: the bin, 0 or more
  /// - Returns: 2 γ^bin / (γ + 1)
  package func value(of bin: Int) -> Double { 2 * pow(gamma, Double(bin)) / (gamma + 1) }

  /// Counts a value.
  ///
  /// - Parameters:
  ///   - value: a finite value, 0 or more
  ///   - count: how often it occurs
  package mutating func add(_ value: Double, count: Int64 = 1) {
    guard count > 0, value.isFinite else { return }
    counts[bin(of: value), default: 0] += count
  }

  /// Adds the counts of another histogram of the same accuracy.
  ///
  /// - Parameter other: the other histogram
  package mutating func merge(_ other: LogHistogram) {
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  /// Estimates a quantile.
  ///
  /// The rank is ⌈q · n⌉, that is `PERCENTILE_DISC`: the least value that at least a share q of the
  /// values does not exceed.
  ///
  /// - Parameter share: q, from 0 to 1
  /// - Returns: the estimate, within α of the true quantile where that is above 1; nil when the
  ///   histogram is empty or `share` out of range
  package func quantile(_ share: Double) -> Double? {
    let total = count
    guard total > 0, share >= 0, share <= 1 else { return nil }
    // The tiny allowance keeps 0.07 · 100 at rank 7.
    let rank = max(1, Int64((share * Double(total) * (1 - 1e-12)).rounded(.up)))
    var seen: Int64 = 0
    for (bin, count) in counts.sorted(by: { $0.key < $1.key }) {
      seen += count
      if seen >= rank { return value(of: bin) }
    }
    return nil
  }
}
