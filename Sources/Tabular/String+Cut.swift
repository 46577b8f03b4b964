extension String {
  /// Free text cut to a number of terminal columns, never inside a number, date or time: a part of
  /// one would be another one.
  ///
  /// - Parameters:
  ///   - width: the terminal columns available
  ///   - mark: what stands for the part cut off, one column wide
  /// - Returns: the text, at most `width` columns wide
  package func cut(toWidth width: Int, mark: String) -> String {
    guard displayWidth > width else { return self }
    var kept = String(truncated(toWidth: width, mark: mark).dropLast(mark.count))
    let next = dropFirst(kept.count).first
    if let next, next.isPartOfNumber, let last = kept.last, last.isPartOfNumber {
      while let last = kept.last, last.isPartOfNumber { kept.removeLast() }
    }
    while kept.last == " " { kept.removeLast() }
    return width > 0 ? kept + mark : ""
  }
}

extension Character {
  /// Whether it may stand inside a number, a date or a time.
  fileprivate var isPartOfNumber: Bool {
    isASCII && (isNumber || self == "." || self == "," || self == ":" || self == "-" || self == "+")
  }
}
