/// Spans of time as people write and read them: `90m`, `2h`, `1d 12h`.
package enum TimeSpan {
  private static let units: [(letter: Character, seconds: Int64)] = [
    ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  /// The longest that is read: ten years.
  private static let longest: Int64 = 3660 * 86_400

  /// Reads a span: numbers with w, d, h, m or s, the larger unit first, such as `1d12h`.
  ///
  /// - Parameter text: the text
  /// - Returns: the span; nil for any other text, an empty one, and more than ten years
  package static func parse(_ text: String) -> Duration? {
    var sum: Int64 = 0
    var rest = Substring(text)
    var allowed = units[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      guard let number = Int64(digits), number <= longest, let letter = rest.popFirst(),
        let unit = allowed.firstIndex(where: { $0.letter == letter })
      else { return nil }
      sum += number * units[unit].seconds
      guard sum <= longest else { return nil }
      allowed = units[(unit + 1)...]
    }
    return sum > 0 ? .seconds(sum) : nil
  }

  /// Writes a span in its two largest units: `45s`, `12m 5s`, `3d 4h`.
  ///
  /// - Parameter seconds: whole seconds; below 0 counts as 0
  /// - Returns: the text
  package static func text(seconds: Int64) -> String {
    let shown = units.dropFirst()
    var rest = max(0, seconds)
    guard let first = shown.firstIndex(where: { rest >= $0.seconds }) else { return "0s" }
    var words: [String] = []
    for unit in shown[first...].prefix(2) {
      if rest >= unit.seconds { words.append("\(rest / unit.seconds)\(unit.letter)") }
      rest %= unit.seconds
    }
    return words.joined(separator: " ")
  }
}
