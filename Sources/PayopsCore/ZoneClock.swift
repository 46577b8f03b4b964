internal import Foundation

/// The clock on the wall of a time zone.
package struct ZoneClock: Sendable {
  /// Nil for UTC, which needs no table.
  private let zone: TimeZone?

  /// Makes the clock of a zone.
  ///
  /// - Parameter identifier: an IANA name such as `Europe/Berlin`, or `UTC`.
  /// - Returns: nil when there is no such zone.
  package init?(identifier: String) {
    if identifier == "UTC" || identifier == "GMT" {
      zone = nil
      return
    }
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    self.zone = zone
  }

  /// Seconds by which the clock is before UTC at an instant.
  private func offset(_ utc: Int) -> Int {
    zone?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(utc))) ?? 0
  }

  /// Seconds since 1970-01-01 00:00 on the clock at an instant.
  package func local(_ instant: CivilInstant) -> Int {
    instant.secondsSinceEpoch + offset(instant.secondsSinceEpoch)
  }

  /// The day on the clock at an instant.
  package func date(_ instant: CivilInstant) -> CivilDate {
    CivilInstant(secondsSinceEpoch: local(instant)).date
  }

  /// The least and the greatest offset from UTC, in seconds, that a time on the clock can have: one
  /// when the clock does not change near it.
  ///
  /// - Parameter local: seconds since 1970-01-01 00:00 on the clock.
  package func offsets(local: Int) -> ClosedRange<Int> {
    // Zones are within 14 hours of UTC, and one has skipped a whole day.
    let before = offset(local - 136_800)
    let after = offset(local + 136_800)
    return min(before, after)...max(before, after)
  }

  /// The instants at which the clock shows a time: none when it is skipped, two when the clock is
  /// set back over it.
  ///
  /// - Parameter local: seconds since 1970-01-01 00:00 on the clock.
  package func instants(local: Int) -> [Int] {
    let offsets = offsets(local: local)
    return Set([offsets.lowerBound, offsets.upperBound])
      .map { local - $0 }
      .filter { $0 + offset($0) == local }
      .sorted()
  }

  /// The instant at which the clock jumps over a time that it skips.
  ///
  /// - Parameter local: a skipped time, seconds since 1970-01-01 00:00 on the clock.
  package func jump(over local: Int) -> Int {
    let offsets = offsets(local: local)
    var low = local - offsets.upperBound - 1
    var high = local - offsets.lowerBound + 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle + offset(middle) > local { high = middle } else { low = middle }
    }
    return high
  }

  /// Whether the clock is not changed at all between two instants.
  ///
  /// - Parameter instants: seconds since 1970-01-01 00:00 UTC.
  package func isSteady(in instants: ClosedRange<Int>) -> Bool {
    guard let zone else { return true }
    let start = Date(timeIntervalSince1970: Double(instants.lowerBound))
    let next = zone.nextDaylightSavingTimeTransition(after: start)
    return next.map { $0.timeIntervalSince1970 > Double(instants.upperBound) } ?? true
      && offset(instants.lowerBound) == offset(instants.upperBound)
  }
}
