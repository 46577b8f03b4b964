internal import Glibc

/// The number of events in n trials whose rate is itself drawn from Beta(α, β).
package struct BetaBinomial: Sendable, Equatable {
  /// n, the number of trials, 0 or more.
  package let trials: Int
  /// α, above 0.
  package let alpha: Double
  /// β, above 0.
  package let beta: Double

  /// Names a distribution.
  ///
  /// - Parameters:
  ///   - trials: n, 0 or more
  ///   - alpha: α, above 0
  ///   - beta: β, above 0
  package init(trials: Int, alpha: Double, beta: Double) {
    self.trials = max(0, trials)
    self.alpha = alpha
    self.beta = beta
  }

  /// The mean number of events.
  package var mean: Double { Double(trials) * alpha / (alpha + beta) }

  /// The variance of the number of events.
  package var variance: Double {
    let sum = alpha + beta
    let n = Double(trials)
    return n * (alpha / sum) * (beta / sum) * ((sum + n) / (sum + 1))
  }

  /// The logarithm of the probability of exactly k events.
  ///
  /// - Parameter events: k
  /// - Returns: the logarithm; −infinity outside 0 … n
  package func logProbability(_ events: Int) -> Double {
    guard (0...trials).contains(events) else { return -.infinity }
    let (k, n) = (Double(events), Double(trials))
    // C(n, k) = 1 / ((n + 1) B(k + 1, n − k + 1)).
    return BetaFunction.logBeta(k + alpha, n - k + beta) - BetaFunction.logBeta(alpha, beta)
      - log(n + 1) - BetaFunction.logBeta(k + 1, n - k + 1)
  }

  /// The probability of at least k events.
  ///
  /// Terms are summed outward from k, on the side away from the mean, until they no longer count: a
  /// few standard deviations of terms.
  ///
  /// - Parameter events: k
  /// - Returns: 0 to 1
  package func upperTail(_ events: Int) -> Double {
    if events <= 0 { return 1 }
    if events > trials { return 0 }
    return Double(events) > mean
      ? min(1, tailSum(from: events, step: 1)) : max(0, 1 - tailSum(from: events - 1, step: -1))
  }

  /// The probability of at most k events.
  ///
  /// - Parameter events: k
  /// - Returns: 0 to 1
  package func lowerTail(_ events: Int) -> Double {
    if events < 0 { return 0 }
    if events >= trials { return 1 }
    return Double(events) < mean
      ? min(1, tailSum(from: events, step: -1)) : max(0, 1 - tailSum(from: events + 1, step: 1))
  }

  /// The least number of events whose upper tail, beyond it, is below a probability.
  ///
  /// - Parameter probability: above 0 and below 1
  /// - Returns: 0 … n; at most this many events are normal
  package func upperLimit(_ probability: Double) -> Int {
    var (low, high) = (0, trials)
    while low < high {
      let middle = low + (high - low) / 2
      if upperTail(middle + 1) < probability { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The greatest number of events whose lower tail, short of it, is below a probability.
  ///
  /// - Parameter probability: above 0 and below 1
  /// - Returns: 0 … n; at least this many events are normal
  package func lowerLimit(_ probability: Double) -> Int {
    var (low, high) = (0, trials)
    while low < high {
      let middle = high - (high - low) / 2
      if lowerTail(middle - 1) < probability { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func tailSum(from events: Int, step: Int) -> Double {
    let first = exp(logProbability(events))
    guard first > 0 else { return 0 }
    let n = Double(trials)
    var sum = CompensatedSum(CollectionOfOne(1))
    var term = 1.0
    var k = Double(events)
    while step > 0 ? k < n : k > 0 {
      if step > 0 {
        term *= ((n - k) / (k + 1)) * ((k + alpha) / (n - k - 1 + beta))
        k += 1
      } else {
        term *= (k / (n - k + 1)) * ((n - k + beta) / (k - 1 + alpha))
        k -= 1
      }
      sum.add(term)
      if term < 1e-17 * sum.value { break }
    }
    return first * sum.value
  }
}
