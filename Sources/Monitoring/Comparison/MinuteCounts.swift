/// The payments of one minute, counted by the state in which they ended.
package struct MinuteCounts: Sendable, Equatable {
  /// The minute, as whole minutes since 1970-01-01 00:00 UTC.
  package let minute: Int
  /// Payments in all states.
  package let total: Int64
  /// Technical declines.
  package let failed: Int64
  /// Business declines.
  package let denied: Int64
  /// Reversed payments.
  package let reversed: Int64

  /// Makes the counts of a minute.
  ///
  /// - Parameters:
  ///   - minute: whole minutes since 1970-01-01 00:00 UTC
  ///   - total: payments in all states
  ///   - failed: technical declines
  ///   - denied: business declines
  ///   - reversed: reversed payments
  package init(
    minute: Int, total: Int64, failed: Int64, denied: Int64, reversed: Int64
  ) {
    self.minute = minute
    self.total = total
    self.failed = failed
    self.denied = denied
    self.reversed = reversed
  }
}
