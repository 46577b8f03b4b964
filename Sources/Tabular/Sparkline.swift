/// A series as a line of little bars.
package enum Sparkline {
  /// Draws a series between its least and greatest value.
  ///
  /// - Parameters:
  ///   - values: the series; nil or not finite is a gap
  ///   - isUnicode: whether block characters can be shown, otherwise ASCII
  /// - Returns: one character per value; a series without spread is drawn at its lowest step
  package static func draw(_ values: [Double?], isUnicode: Bool = true) -> String {
    let steps = Array(isUnicode ? "▁▂▃▄▅▆▇█" : "_.-~=+*#")
    let known = values.compactMap { $0 }.filter(\.isFinite)
    guard let low = known.min(), let high = known.max() else {
      return String(repeating: " ", count: values.count)
    }
    // Halved so that the distance of two huge values stays finite.
    let span = high / 2 - low / 2
    return String(
      values.map { value -> Character in
        guard let value, value.isFinite else { return " " }
        let share = span > 0 ? (value / 2 - low / 2) / span : 0
        return steps[min(steps.count - 1, max(0, Int(share * Double(steps.count))))]
      })
  }
}
