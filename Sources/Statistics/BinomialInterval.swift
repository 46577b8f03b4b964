/// Exact bounds of a rate that was observed as k events in n trials (Clopper and Pearson 1934).
///
/// One failure in two payments is not 50 %: the 95 % interval is 1.3 % to 98.7 %.
package struct BinomialInterval: Sendable, Equatable {
  /// The lower bound, 0 to 1.
  package let lower: Double
  /// The upper bound, 0 to 1.
  package let upper: Double

  /// Computes the interval; nil unless 0 ≤ events ≤ trials, trials above 0 and 0 < confidence < 1.
  ///
  /// - Parameters:
  ///   - events: k
  ///   - trials: n
  ///   - confidence: the probability with which, at least, such intervals hold the true rate
  package init?(events: Int, trials: Int, confidence: Double = 0.95) {
    guard trials > 0, (0...trials).contains(events), confidence > 0, confidence < 1 else {
      return nil
    }
    let tail = (1 - confidence) / 2
    let (k, n) = (Double(events), Double(trials))
    lower = events == 0 ? 0 : BetaFunction.inverse(tail, k, n - k + 1)
    // The upper bound mirrors the lower one of the opposite events: small tails keep their digits.
    upper = events == trials ? 1 : 1 - BetaFunction.inverse(tail, n - k, k + 1)
  }
}
