/// Elementary functions built from additions, multiplications and divisions alone, so that the
/// last bit is the same on every machine and with every C library.
package enum PortableMath {
  /// e raised to a power, relative error below 1e-14 for |x| ≤ 700.
  @inlinable
  package static func exp(_ x: Double) -> Double {
    if x > 700 { return Double.greatestFiniteMagnitude }
    if x < -700 { return 0 }
    let power = (x * 1.442695040888963407).rounded()
    let r = x - power * 0.693147180369123816490 - power * 1.90821492927058770002e-10
    var sum = 1.0 / 479_001_600
    sum = sum * r + 1.0 / 39_916_800
    sum = sum * r + 1.0 / 3_628_800
    sum = sum * r + 1.0 / 362_880
    sum = sum * r + 1.0 / 40320
    sum = sum * r + 1.0 / 5040
    sum = sum * r + 1.0 / 720
    sum = sum * r + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    return sum * Double(bitPattern: UInt64(bitPattern: Int64(power) &+ 1023) &<< 52)
  }

  /// The natural logarithm of a positive normal number, relative error below 1e-14.
  package static func log(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x > 0 ? .infinity : -.infinity }
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.4142135623730951 {
      significand /= 2
      exponent += 1
    }
    let t = (significand - 1) / (significand + 1)
    let square = t * t
    var sum = 0.0
    for k in stride(from: 27, through: 1, by: -2) { sum = sum * square + 1 / Double(k) }
    return 2 * t * sum + exponent * 0.693147180559945309
  }

  /// The standard normal quantile, absolute error below 1.2e-8 (Acklam's rational approximation).
  ///
  /// - Parameter p: probability, between 0 and 1 exclusive.
  package static func normalQuantile(_ p: Double) -> Double {
    guard p > 0 else { return -.infinity }
    guard p < 1 else { return .infinity }
    let low = 0.02425
    func tail(_ p: Double) -> Double {
      let q = (-2 * log(p)).squareRoot()
      let c = [
        -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
        -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00,
      ]
      let d = [
        7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
        3.754408661907416e+00, 1,
      ]
      return c.reduce(0) { $0 * q + $1 } / d.reduce(0) { $0 * q + $1 }
    }
    if p < low { return tail(p) }
    if p > 1 - low { return -tail(1 - p) }
    let q = p - 0.5
    let r = q * q
    let a = [
      -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
      1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00,
    ]
    let b = [
      -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
      6.680131188771972e+01, -1.328068155288572e+01, 1,
    ]
    return a.reduce(0) { $0 * r + $1 } * q / b.reduce(0) { $0 * r + $1 }
  }
}
