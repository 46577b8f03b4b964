internal import Foundation
package import PayopsCore

/// The clock on the wall of a time zone.
package struct LocalClock: Sendable {
  private let offset: @Sendable (Int) -> Int

  /// Makes the clock of a zone.
  ///
  /// - Parameter identifier: an IANA name such as `Europe/Berlin`, or `UTC`.
  /// - Returns: nil when there is no such zone.
  package init?(identifier: String) {
    if identifier == "UTC" {
      offset = { _ in 0 }
      return
    }
    guard let zone = TimeZone(identifier: identifier) else { return nil }
    offset = { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0))) }
  }

  /// Seconds since 1970-01-01 00:00 on the clock at an instant.
  func local(_ instant: CivilInstant) -> Int {
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
  func offsets(local: Int) -> ClosedRange<Int> {
    // Zones are within 14 hours of UTC, and one has skipped a whole day.
    let before = offset(local - 136_800)
    let after = offset(local + 136_800)
    return min(before, after)...max(before, after)
  }

  /// The instants at which the clock shows a time: none when it is skipped, two when the clock is
  /// set back over it.
  ///
  /// - Parameter local: seconds since 1970-01-01 00:00 on the clock.
  func instants(local: Int) -> [Int] {
    let offsets = offsets(local: local)
    return Set([offsets.lowerBound, offsets.upperBound])
      .map { local - $0 }
      .filter { $0 + offset($0) == local }
      .sorted()
  }

  /// The instant at which the clock jumps over a time that it skips.
  ///
  /// - Parameter local: a skipped time, seconds since 1970-01-01 00:00 on the clock.
  func jump(over local: Int) -> Int {
    let offsets = offsets(local: local)
    var low = local - offsets.upperBound - 1
    var high = local - offsets.lowerBound + 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if middle + offset(middle) > local { high = middle } else { low = middle }
    }
    return high
  }
}
