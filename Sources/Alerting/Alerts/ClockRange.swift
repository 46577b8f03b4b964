/// Hours of a day, such as `22:00-24:00`.
package struct ClockRange: Sendable, Equatable {
  /// The first minute, `HH:MM`.
  package let from: String
  /// The first minute after it, `HH:MM`; `24:00` for the end of the day.
  package let to: String

  /// Reads hours; nil for any other text, and for hours that end before they begin.
  ///
  /// - Parameter text: the text
  package init?(_ text: String) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard ends.count == 2, let first = Self.minute(ends[0]), let last = Self.minute(ends[1]),
      first < last
    else { return nil }
    from = ends[0]
    to = ends[1]
  }

  private static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
      hour * 60 + minute <= 24 * 60
    else { return nil }
    return hour * 60 + minute
  }
}
