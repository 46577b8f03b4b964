internal import Glibc

/// The number of events of a Poisson process whose rate itself varies: mean μ, variance μ + φμ².
///
/// With φ = 0 it is the Poisson distribution. With r = 1/φ the probability of at most k events is
/// I(r, k + 1) at 1/(1 + φμ) (NIST DLMF 8.17.24).
package struct NegativeBinomial: Sendable, Equatable {
  /// μ, above 0.
  package let mean: Double
  /// φ, 0 or more.
  package let dispersion: Double

  /// Below this φ the tails are summed: r would be too large for the continued fraction.
  private static let leastDispersion = 1e-6

  /// Names a distribution.
  ///
  /// - Parameters:
  ///   - mean: μ; 0 or less counts as 1e-12
  ///   - dispersion: φ; below 0 counts as 0
  package init(mean: Double, dispersion: Double) {
    self.mean = max(1e-12, mean)
    self.dispersion = max(0, dispersion)
  }

  /// The variance of the number of events.
  package var variance: Double { mean + dispersion * mean * mean }

  /// The logarithm of the probability of exactly k events.
  ///
  /// - Parameter events: k
  /// - Returns: the logarithm; −infinity below 0
  package func logProbability(_ events: Int) -> Double {
    guard events >= 0 else { return -.infinity }
    let k = Double(events)
    guard dispersion > 1e-12 else { return k * log(mean) - mean - BetaFunction.logGamma(k + 1) }
    // Γ(k + r)/(Γ(r) k!) = 1/((k + r) B(k + 1, r)).
    let r = 1 / dispersion
    let spread = dispersion * mean
    return -BetaFunction.logBeta(k + 1, r) - log(k + r) - r * log1p(spread)
      + k * (log(spread) - log1p(spread))
  }

  /// The probability of at most k events.
  ///
  /// - Parameter events: k
  /// - Returns: 0 to 1
  package func lowerTail(_ events: Int) -> Double {
    guard events >= 0 else { return 0 }
    guard dispersion < Self.leastDispersion else {
      return BetaFunction.regularizedIncomplete(
        1 / (1 + dispersion * mean), 1 / dispersion, Double(events) + 1)
    }
    return Double(events) < mean
      ? min(1, tailSum(from: events, step: -1)) : max(0, 1 - tailSum(from: events + 1, step: 1))
  }

  /// The probability of at least k events.
  ///
  /// - Parameter events: k
  /// - Returns: 0 to 1
  package func upperTail(_ events: Int) -> Double {
    guard events > 0 else { return 1 }
    guard dispersion < Self.leastDispersion else {
      return BetaFunction.regularizedComplement(
        1 / (1 + dispersion * mean), 1 / dispersion, Double(events))
    }
    return Double(events) > mean
      ? min(1, tailSum(from: events, step: 1)) : max(0, 1 - tailSum(from: events - 1, step: -1))
  }

  /// The least number of events whose upper tail, beyond it, is below a probability.
  ///
  /// - Parameter probability: above 0 and below 1
  /// - Returns: 0 or more; at most this many events are normal
  package func upperLimit(_ probability: Double) -> Int {
    var high = max(1, Int(min(mean, 1e15)))
    while upperTail(high + 1) >= probability, high < 1 << 60 { high *= 2 }
    return first(upTo: high) { upperTail($0 + 1) < probability }
  }

  /// The greatest number of events whose lower tail, short of it, is below a probability.
  ///
  /// - Parameter probability: above 0 and below 1
  /// - Returns: 0 or more; at least this many events are normal
  package func lowerLimit(_ probability: Double) -> Int {
    first(upTo: Int(min(mean, 1e15)) + 1) { lowerTail($0) >= probability }
  }

  /// The least number, up to a bound, from which a condition holds.
  private func first(upTo bound: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, bound)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func tailSum(from events: Int, step: Int) -> Double {
    let first = exp(logProbability(events))
    guard first > 0 else { return 0 }
    let odds = mean / (1 + dispersion * mean)
    var sum = CompensatedSum(CollectionOfOne(1))
    var term = 1.0
    var k = Double(events)
    while step > 0 || k > 0 {
      if step > 0 {
        term *= (1 + dispersion * k) / (k + 1) * odds
        k += 1
      } else {
        k -= 1
        term *= (k + 1) / (1 + dispersion * k) / odds
      }
      sum.add(term)
      if term < 1e-17 * sum.value { break }
    }
    return first * sum.value
  }
}
