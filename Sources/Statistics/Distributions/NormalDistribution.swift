internal import Glibc

/// The standard normal distribution.
package enum NormalDistribution {
  /// The probability of a value above z, with full relative precision far into the tail.
  ///
  /// - Parameter z: the limit, infinite or not
  /// - Returns: 0 to 1
  package static func upperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }
}
