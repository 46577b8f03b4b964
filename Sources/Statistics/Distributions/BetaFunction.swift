internal import Glibc

/// The logarithms of the gamma and beta functions, from which exact bounds of rates are computed.
package enum BetaFunction {
  /// ln Γ(x), relative error below 1e-14 away from its zeros at 1 and 2, absolute error below 1e-14
  /// near them.
  ///
  /// Stirling's series (Abramowitz and Stegun 6.1.41) above 16, the recurrence Γ(x + 1) = x Γ(x)
  /// below.
  ///
  /// - Parameter x: above 0
  /// - Returns: ln Γ(x); nan when x is not above 0
  package static func logGamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    guard x < 16 else {
      return (x - 0.5) * log(x) - x + halfLogTwoPi + stirlingRemainder(x)
    }
    var product = 1.0
    var shifted = x
    while shifted < 16 {
      product *= shifted
      shifted += 1
    }
    return (shifted - 0.5) * log(shifted) - shifted + halfLogTwoPi + stirlingRemainder(shifted)
      - log(product)
  }

  /// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), without the cancellation of large terms.
  ///
  /// - Parameters:
  ///   - a: above 0
  ///   - b: above 0
  /// - Returns: ln B(a, b)
  package static func logBeta(_ a: Double, _ b: Double) -> Double {
    let (small, large) = (min(a, b), max(a, b))
    guard large >= 16 else { return logGamma(a) + logGamma(b) - logGamma(a + b) }
    let sum = a + b
    let share = large * log1p(-small / sum)
    let remainder = stirlingRemainder(large) - stirlingRemainder(sum)
    guard small >= 16 else {
      // ln Γ(large) − ln Γ(sum): (large − ½) ln(large/sum) − small ln(sum) + small + remainder.
      return logGamma(small) + share - 0.5 * log1p(-small / sum) - small * log(sum) + small
        + remainder
    }
    return halfLogTwoPi - 0.5 * log(large) + (small - 0.5) * log(small / sum) + share
      + stirlingRemainder(small) + remainder
  }

  /// The regularized incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable
  /// is at most x.
  ///
  /// Lentz's evaluation of the continued fraction (DLMF 8.17.22; Press and others, "Numerical
  /// Recipes", 6.4); about √max(a, b) steps.
  ///
  /// - Parameters:
  ///   - x: 0 to 1
  ///   - a: above 0
  ///   - b: above 0
  /// - Returns: 0 to 1, relative error about 1e-13 for parameters up to a million
  package static func regularizedIncomplete(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b))
    return x < (a + 1) / (a + b + 2)
      ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
  }

  /// The upper tail 1 − I_x(a, b), with full relative precision where it is small.
  ///
  /// - Parameters:
  ///   - x: 0 to 1
  ///   - a: above 0
  ///   - b: above 0
  /// - Returns: 0 to 1
  package static func regularizedComplement(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 1 }
    guard x < 1 else { return 0 }
    let front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b))
    return x < (a + 1) / (a + b + 2)
      ? 1 - front * fraction(x, a, b) / a : front * fraction(1 - x, b, a) / b
  }

  /// The x at which I_x(a, b) reaches a probability, by bisection.
  ///
  /// - Parameters:
  ///   - probability: 0 to 1
  ///   - a: above 0
  ///   - b: above 0
  /// - Returns: 0 to 1, to the last few bits
  package static func inverse(_ probability: Double, _ a: Double, _ b: Double) -> Double {
    guard probability > 0 else { return 0 }
    guard probability < 1 else { return 1 }
    var (low, high) = (0.0, 1.0)
    // Near 0 doubles are denser than 2⁻⁶⁰ steps of bisection reach: 200 halvings suffice for all.
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { break }
      if regularizedIncomplete(middle, a, b) < probability { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  private static let halfLogTwoPi = 0.918938533204672741780329736406

  /// ln Γ(x) minus its leading terms, for x of 16 or more.
  private static func stirlingRemainder(_ x: Double) -> Double {
    let inverse = 1 / x
    let square = inverse * inverse
    return inverse
      * (1.0 / 12 - square
        * (1.0 / 360 - square
          * (1.0 / 1260 - square
            * (1.0 / 1680 - square
              * (1.0 / 1188 - square * (691.0 / 360_360))))))
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...1_000_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      let change = d * c
      result *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return result
  }
}
