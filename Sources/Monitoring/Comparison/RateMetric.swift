/// A rate that the monitor watches; its denominator is the number of payments in all states.
package enum RateMetric: String, Sendable, CaseIterable {
  /// Technical declines ÷ all payments.
  case failed
  /// Business declines ÷ all payments.
  case denied
  /// Reversed payments ÷ all payments.
  case reversed

  /// The name of the rate: `failed_rate`, `denied_rate` or `reversed_rate`.
  package var rateName: String { rawValue + "_rate" }

  /// The numerator.
  func count(in counts: MinuteCounts) -> Int64 {
    switch self {
    case .failed: counts.failed
    case .denied: counts.denied
    case .reversed: counts.reversed
    }
  }
}
