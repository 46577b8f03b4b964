import Foundation

/// Converts local times of a time zone to UTC.
///
/// A local time that happens twice, when clocks are set back, is taken as the first of the two; one
/// that is skipped, when clocks are set forward, does not exist.
struct ZoneClock {
  private let zone: TimeZone
  private let isUTC: Bool
  /// Local seconds within which the cached offset certainly holds.
  private var safe: Range<Int64> = 0..<0
  private var safeOffset: Int64 = 0

  /// Makes a clock.
  ///
  /// - Parameter identifier: an IANA name such as `Europe/Berlin`, or `UTC`.
  /// - Returns: nil when there is no such zone.
  init?(identifier: String) {
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    self.zone = zone
    isUTC = identifier == "UTC" || identifier == "GMT"
  }

  /// Seconds since 1970-01-01 00:00 UTC of a local time.
  ///
  /// - Parameter local: seconds since 1970-01-01 00:00 on the local clock.
  /// - Returns: nil when the local time is skipped.
  mutating func utc(local: Int64) -> Int64? {
    if isUTC { return local }
    if safe.contains(local) { return local - safeOffset }
    let before = offset(at: local - 86_400)
    let after = offset(at: local + 86_400)
    if before == after, offset(at: local - before) == before {
      remember(local: local, offset: before)
      return local - before
    }
    for offset in [before, after].sorted(by: >) where self.offset(at: local - offset) == offset {
      return local - offset
    }
    return nil
  }

  private func offset(at utc: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(utc))))
  }

  /// Widens the cache to the day around a time, when no change of the clock is near.
  private mutating func remember(local: Int64, offset: Int64) {
    let utc = local - offset
    let start = Date(timeIntervalSince1970: Double(utc - 86_400))
    let next = zone.nextDaylightSavingTimeTransition(after: start)
    let isQuiet = next.map { $0.timeIntervalSince1970 > Double(utc + 86_400) } ?? true
    guard isQuiet, self.offset(at: utc - 86_400) == offset, self.offset(at: utc + 86_400) == offset
    else { return }
    safe = local - 43_200..<local + 43_200
    safeOffset = offset
  }
}
