/// Standard normal variates by table look-up: fast, and the same on every machine.
///
/// The quantile function is tabulated at 4,097 points with linear interpolation; the tails end at
/// ±3.8.
package struct NormalTable: Sendable {
  @usableFromInline let quantiles: [Double]

  /// Builds the table.
  package init() {
    quantiles = (0...4096).map { position in
      let probability = min(max(Double(position) / 4096, 1 / 16384.0), 1 - 1 / 16384.0)
      return PortableMath.normalQuantile(probability)
    }
  }

  /// The variate of 64 random bits.
  @inlinable
  package func variate(_ bits: UInt64) -> Double {
    let position = Int(truncatingIfNeeded: bits &>> 52)
    let fraction = Double((bits &>> 20) & 0xFFFF_FFFF) * 0x1p-32
    return quantiles.withUnsafeBufferPointer { table in
      table[position] + (table[position + 1] - table[position]) * fraction
    }
  }

  /// A log-normal variate.
  ///
  /// - Parameters:
  ///   - bits: 64 random bits.
  ///   - median: median of the distribution.
  ///   - sigma: standard deviation of its logarithm.
  @inlinable
  package func logNormal(_ bits: UInt64, median: Double, sigma: Double) -> Double {
    median * PortableMath.exp(sigma * variate(bits))
  }
}
