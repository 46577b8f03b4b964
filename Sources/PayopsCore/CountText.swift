/// Whole numbers as people type them: `250000`, `120k`, `1.5M`, `2G`, `10_000`.
package enum CountText {
  /// Reads a count.
  ///
  /// - Parameter text: digits, perhaps with `_` between them, a decimal point and one of the
  ///   suffixes k, M, G (powers of 1000, either case).
  /// - Returns: the count; nil when the text is not a whole number or does not fit.
  package static func parse(_ text: some StringProtocol) -> Int? {
    var body = Substring(text)
    var scale = 1
    switch body.last {
    case "k", "K": scale = 1000
    case "m", "M": scale = 1_000_000
    case "g", "G", "b", "B": scale = 1_000_000_000
    default: break
    }
    if scale > 1 { body = body.dropLast() }
    let parts = body.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = digits(parts[0]) else { return nil }
    var (value, overflow) = whole.multipliedReportingOverflow(by: scale)
    guard !overflow else { return nil }
    if parts.count == 2 {
      guard parts[1].utf8.count <= 9, let fraction = digits(parts[1]) else { return nil }
      var unit = scale
      for _ in parts[1].utf8 {
        guard unit % 10 == 0 else { return nil }
        unit /= 10
      }
      (value, overflow) = value.addingReportingOverflow(fraction * unit)
      guard !overflow else { return nil }
    }
    return value
  }

  private static func digits(_ text: Substring) -> Int? {
    let bare = text.filter { $0 != "_" }
    guard !bare.isEmpty, text.first != "_", text.last != "_",
      bare.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(bare)
  }
}
