/// A form of times such as `yyyy-MM-dd HH:mm:ss`, ready to be matched.
///
/// `yyyy MM dd HH mm ss` stand for numbers of that many digits, `yy` for a year of two digits,
/// which needs `twoDigitYearsFrom`, `M d H` for one or two digits, `f` for an optional fraction of
/// a second with its point, `XXX` for an offset such as `+02:00` or `Z`; everything else stands for
/// itself.
struct TimestampPattern: Equatable {
  private enum Part { case year, shortYear, month, day, hour, minute, second }

  private enum Token: Equatable {
    case number(Part, least: Int, most: Int)
    case fraction
    case offset
    case literal(UInt8)
  }

  /// The parts of a matched time.
  struct Match: Equatable {
    var time = CivilTime()
    /// Offset from UTC in seconds; nil when the form has none.
    var offsetSeconds: Int?
  }

  private let tokens: [Token]
  private let shortYearsFrom: Int

  /// Whether it has a year of two digits.
  var hasShortYear: Bool {
    tokens.contains { token in
      if case .number(.shortYear, _, _) = token { true } else { false }
    }
  }

  /// Whether a form has a year of two digits.
  static func hasShortYear(_ text: String) -> Bool {
    text.replacing("yyyy", with: "").contains("yy")
  }

  /// Reads a form.
  ///
  /// - Parameters:
  ///   - text: the form
  ///   - shortYearsFrom: first of the hundred years that `yy` stands for
  /// - Returns: nil when the form lacks a year, month or day.
  init?(_ text: String, shortYearsFrom: Int = 1970) {
    self.shortYearsFrom = shortYearsFrom
    let known: [(String, Token)] = [
      ("yyyy", .number(.year, least: 4, most: 4)),
      ("yy", .number(.shortYear, least: 2, most: 2)),
      ("MM", .number(.month, least: 2, most: 2)),
      ("M", .number(.month, least: 1, most: 2)),
      ("dd", .number(.day, least: 2, most: 2)),
      ("d", .number(.day, least: 1, most: 2)),
      ("HH", .number(.hour, least: 2, most: 2)),
      ("H", .number(.hour, least: 1, most: 2)),
      ("mm", .number(.minute, least: 2, most: 2)),
      ("ss", .number(.second, least: 2, most: 2)),
      ("f", .fraction), ("XXX", .offset),
    ]
    var tokens: [Token] = []
    var rest = Substring(text)
    while let first = rest.utf8.first {
      if let (word, token) = known.first(where: { rest.hasPrefix($0.0) }) {
        tokens.append(token)
        rest = rest.dropFirst(word.count)
      } else {
        tokens.append(.literal(first))
        rest = Substring(rest.utf8.dropFirst())
      }
    }
    let parts = tokens.compactMap { if case .number(let part, _, _) = $0 { part } else { nil } }
    let hasDate =
      (parts.contains(.year) || parts.contains(.shortYear)) && parts.contains(.month)
      && parts.contains(.day)
    guard hasDate else { return nil }
    self.tokens = tokens
  }

  /// Matches a whole text.
  ///
  /// - Returns: the time; nil when the text has another form or names no existing time.
  func match(_ bytes: UnsafeBufferPointer<UInt8>) -> Match? {
    var match = Match()
    var position = 0
    for token in tokens {
      switch token {
      case .literal(let byte):
        guard position < bytes.count, bytes[position] == byte else { return nil }
        position += 1
      case .number(let part, let least, let most):
        guard let value = Self.number(bytes, &position, least: least, most: most) else {
          return nil
        }
        switch part {
        case .year: match.time.year = value
        case .shortYear:
          let year = shortYearsFrom - shortYearsFrom % 100 + value
          match.time.year = year < shortYearsFrom ? year + 100 : year
        case .month: match.time.month = value
        case .day: match.time.day = value
        case .hour: match.time.hour = value
        case .minute: match.time.minute = value
        case .second: match.time.second = value
        }
      case .fraction:
        guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { continue }
        position += 1
        let begin = position
        guard let value = Self.number(bytes, &position, least: 1, most: 9) else { return nil }
        var micro = value
        for _ in 0..<max(0, 6 - (position - begin)) { micro *= 10 }
        for _ in 0..<max(0, position - begin - 6) { micro /= 10 }
        match.time.microsecond = micro
      case .offset:
        guard let offset = Self.offset(bytes, &position) else { return nil }
        match.offsetSeconds = offset
      }
    }
    return position == bytes.count && match.time.isValid ? match : nil
  }

  private static func number(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, least: Int, most: Int
  ) -> Int? {
    var value = 0
    var count = 0
    while count < most, position < bytes.count {
      let digit = Int(bytes[position]) - 0x30
      guard (0...9).contains(digit) else { break }
      value = value * 10 + digit
      count += 1
      position += 1
    }
    return count >= least ? value : nil
  }

  private static func offset(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) -> Int? {
    guard position < bytes.count else { return nil }
    let sign = bytes[position]
    position += 1
    if sign == UInt8(ascii: "Z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let hours = number(bytes, &position, least: 2, most: 2), hours <= 23
    else { return nil }
    if position < bytes.count, bytes[position] == UInt8(ascii: ":") { position += 1 }
    let minutes = number(bytes, &position, least: 2, most: 2) ?? 0
    guard minutes <= 59 else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }
}
