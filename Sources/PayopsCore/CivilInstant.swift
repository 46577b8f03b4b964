/// A second of UTC, counted from 1970-01-01 00:00:00.
package struct CivilInstant: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Seconds after 1970-01-01 00:00:00 UTC, without leap seconds.
  package let secondsSinceEpoch: Int

  /// The instant a number of seconds after 1970-01-01 00:00:00 UTC.
  package init(secondsSinceEpoch: Int) {
    self.secondsSinceEpoch = secondsSinceEpoch
  }

  /// Reads `YYYY-MM-DD HH:MM:SS`; a `T` may stand for the blank, a fraction and a final `Z` are
  /// dropped, and the time may be left out (midnight). Nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let date = CivilDate(text.prefix(10)) else { return nil }
    var time = text.dropFirst(10)
    if time.last == "Z" { time = time.dropLast() }
    if time.isEmpty {
      self.init(secondsSinceEpoch: date.daysSinceEpoch * 86_400)
      return
    }
    guard time.first == " " || time.first == "T" else { return nil }
    let whole = time.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
    guard let clock = whole.first, whole.count <= 2,
      whole.count == 1 || (!whole[1].isEmpty && whole[1].utf8.allSatisfy { (48...57).contains($0) })
    else { return nil }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers[0] < 24, numbers[1] < 60,
      numbers.count == 2 || numbers[2] < 60
    else { return nil }
    let seconds = numbers.count == 3 ? numbers[2] : 0
    self.init(
      secondsSinceEpoch: date.daysSinceEpoch * 86_400 + numbers[0] * 3600 + numbers[1] * 60
        + seconds)
  }

  /// The day of the instant.
  package var date: CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch) }

  /// Days after 1970-01-01.
  package var daysSinceEpoch: Int {
    let (quotient, remainder) = secondsSinceEpoch.quotientAndRemainder(dividingBy: 86_400)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Seconds after midnight.
  package var secondOfDay: Int { secondsSinceEpoch - daysSinceEpoch * 86_400 }

  /// The start of the minute that the instant lies in.
  package var truncatedToMinute: CivilInstant {
    CivilInstant(secondsSinceEpoch: daysSinceEpoch * 86_400 + secondOfDay / 60 * 60)
  }

  /// `YYYY-MM-DD HH:MM:SS`.
  package var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let second = secondOfDay
    return "\(date) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
  }

  /// `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339).
  package var rfc3339: String { description.replacing(" ", with: "T") + "Z" }

  /// `YYYYMMDDTHHMMSSZ`, for names of files.
  package var compact: String { rfc3339.filter { $0 != "-" && $0 != ":" } }

  /// Whether an instant lies before another.
  package static func < (left: CivilInstant, right: CivilInstant) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }
}
