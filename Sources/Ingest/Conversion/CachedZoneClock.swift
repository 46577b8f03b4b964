internal import PayopsCore

/// Converts local times of a time zone to UTC, most of them without looking into its table.
///
/// A local time that happens twice, when clocks are set back, is taken as the first of the two; one
/// that is skipped, when clocks are set forward, does not exist.
struct CachedZoneClock {
  private let clock: ZoneClock
  /// Local seconds within which the cached offset holds beyond doubt.
  private var safe: Range<Int64> = 0..<0
  private var safeOffset: Int64 = 0

  /// Makes a clock.
  ///
  /// - Parameter identifier: an IANA name such as `Europe/Berlin`, or `UTC`.
  /// - Returns: nil when there is no such zone.
  init?(identifier: String) {
    guard let clock = ZoneClock(identifier: identifier) else { return nil }
    self.clock = clock
  }

  /// Seconds since 1970-01-01 00:00 UTC of a local time.
  ///
  /// - Parameter local: seconds since 1970-01-01 00:00 on the local clock.
  /// - Returns: nil when the local time is skipped.
  mutating func utc(local: Int64) -> Int64? {
    if safe.contains(local) { return local - safeOffset }
    guard let utc = clock.instants(local: Int(local)).first else { return nil }
    // The day around the time, when the clock is not changed near it.
    if clock.isSteady(in: utc - 86_400...utc + 86_400) {
      safe = local - 43_200..<local + 43_200
      safeOffset = local - Int64(utc)
    }
    return Int64(utc)
  }
}
