/// Divides the text of statements into parts, as a server reads them.
///
/// The parts follow each other without a gap. The text may come in pieces: an incomplete part waits
/// for more text, and no byte is read twice.
package struct SQLScanner: Sendable {
  /// A part of a text.
  package enum Part: Sendable, Equatable {
    /// White space and control characters.
    case blank
    /// From `#`, or `--` and a blank, to the end of the line.
    case lineComment
    /// From `/*` to `*/`.
    case comment
    /// The start of an executable comment, `/*!` or `/*M!`, with the version after it.
    case codeBegin(version: Int?, isMariaDB: Bool)
    /// The end of an executable comment.
    case codeEnd
    /// A text or a name with its quotes; a doubled quote is part of it.
    case quoted(UInt8)
    /// A keyword or a name without quotes.
    case word
    /// A number without a sign.
    case number
    /// The delimiter between statements.
    case delimiter
    /// One other byte.
    case mark(UInt8)
  }

  private enum Place {
    case code, lineComment, comment, word, number
    case quoted(UInt8)
  }

  /// How the server reads the text from here on.
  package var syntax: SQLSyntax
  /// The delimiter of statements, outside of quotes and comments; empty for none.
  package var delimiter: [UInt8] = []
  /// Where the next part begins.
  package private(set) var start = 0
  /// Whether the text ended inside the last part.
  package private(set) var isUnfinished = false

  private var position = 0
  /// Where the digits end in a number or in a name that begins with digits.
  private var digitsEnd = 0
  private var place = Place.code
  private var isInCode = false
  private var followsPoint = false
  /// Whether the comment may contain another, and whether the position is inside that.
  private var commentNests = false
  private var isInNested = false

  /// Starts at the beginning of a text.
  package init(syntax: SQLSyntax = SQLSyntax(), delimiter: [UInt8] = []) {
    self.syntax = syntax
    self.delimiter = delimiter
  }

  /// Reads a complete text.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - syntax: how the server reads it.
  ///   - body: gets each part and its range; false ends the reading.
  package static func scan(
    _ bytes: [UInt8], _ syntax: SQLSyntax = SQLSyntax(), _ body: (Part, Range<Int>) -> Bool
  ) {
    bytes.withUnsafeBufferPointer { text in
      var scanner = SQLScanner(syntax: syntax)
      while let (part, range) = scanner.next(in: text, isLast: true), body(part, range) {}
    }
  }

  /// Adjusts the positions after bytes were removed from the front of the text.
  package mutating func dropFirst(_ count: Int) {
    start -= count
    position -= count
    digitsEnd -= count
  }

  /// Continues after the read text, or at the start of the last part.
  package mutating func resume(at place: Int) {
    start = place
    position = place
    self.place = .code
    followsPoint = false
  }

  /// Turns the executable comment that began with the last part into a comment.
  package mutating func skipCode() {
    place = .comment
    isInCode = false
    commentNests = true
  }

  /// The next part and its range.
  ///
  /// - Parameters:
  ///   - bytes: the text so far.
  ///   - isLast: whether no more text follows.
  /// - Returns: nil at the end of the text, or when more text is needed to determine the part.
  package mutating func next(
    in bytes: UnsafeBufferPointer<UInt8>, isLast: Bool
  ) -> (part: Part, range: Range<Int>)? {
    let text = Text(bytes: bytes, isLast: isLast)
    guard start < bytes.count, let part = nextPart(text) else { return nil }
    let range = start..<position
    start = position
    place = .code
    switch part {
    case .blank, .lineComment, .comment, .codeBegin, .codeEnd: break
    default: followsPoint = part == .mark(UInt8(ascii: "."))
    }
    return (part, range)
  }

  /// The text, and whether its end is final.
  private struct Text {
    let bytes: UnsafeBufferPointer<UInt8>
    let isLast: Bool

    var count: Int { bytes.count }

    /// A byte; 0 beyond the end.
    subscript(place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    func holds(_ word: [UInt8], at place: Int) -> Bool {
      guard place + word.count <= bytes.count else { return false }
      return word.indices.allSatisfy { bytes[place + $0] == word[$0] }
    }
  }

  private mutating func nextPart(_ text: Text) -> Part? {
    switch place {
    case .code: return begin(text)
    case .word: return word(text)
    case .number: return numberTail(text)
    case .quoted(let quote): return quoted(quote, text)
    case .lineComment: return lineComment(text)
    case .comment: return comment(text)
    }
  }

  /// Bytes that decide which part begins: `/*M!` with six digits and what follows them.
  private static let front = 12

  private mutating func begin(_ text: Text) -> Part? {
    guard text.isLast || start + max(Self.front, delimiter.count) <= text.count else { return nil }
    if !delimiter.isEmpty, text.holds(delimiter, at: start) {
      position = start + delimiter.count
      isInCode = false
      return .delimiter
    }
    let (byte, next) = (text[start], text[start + 1])
    switch byte {
    case 1...0x20: return blank(text)
    case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
      position = start + 1
      place = .quoted(byte)
      return quoted(byte, text)
    case UInt8(ascii: "#"):
      position = start + 1
      return lineComment(text)
    case UInt8(ascii: "-") where next == byte && Self.endsDashes(text[start + 2]):
      position = start + 2
      return lineComment(text)
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"): return commentOrCode(text)
    case UInt8(ascii: "*") where isInCode && next == UInt8(ascii: "/"):
      isInCode = false
      position = start + 2
      return .codeEnd
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number(text)
    case _ where isWordByte(byte):
      position = start + 1
      place = .word
      return word(text)
    default:
      position = start + 1
      return .mark(byte)
    }
  }

  /// Whether `--` before a byte begins a comment: before a blank, a control character or the end.
  private static func endsDashes(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7f }

  /// Whether a byte belongs to words.
  func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    case 0x80...: syntax.isUnicode
    default: false
    }
  }

  private mutating func blank(_ text: Text) -> Part {
    position = start + 1
    while position < text.count, (1...0x20).contains(text.bytes[position]) { position += 1 }
    return .blank
  }

  private mutating func word(_ text: Text) -> Part? {
    while position < text.count, isWordByte(text.bytes[position]) {
      // A delimiter such as `$$` may follow a word directly.
      if text.bytes[position] == delimiter.first {
        guard text.isLast || position + delimiter.count <= text.count else { return nil }
        if text.holds(delimiter, at: position) { return .word }
      }
      position += 1
    }
    return position < text.count || text.isLast ? .word : nil
  }

  private mutating func lineComment(_ text: Text) -> Part? {
    place = .lineComment
    while position < text.count {
      position += 1
      if text.bytes[position - 1] == 0x0a { return .lineComment }
    }
    return text.isLast ? .lineComment : nil
  }

  private mutating func commentOrCode(_ text: Text) -> Part? {
    let isMariaDB = text[start + 2] == UInt8(ascii: "M") && text[start + 3] == UInt8(ascii: "!")
    guard isMariaDB || text[start + 2] == UInt8(ascii: "!") else {
      position = start + 2
      commentNests = false
      return comment(text)
    }
    position = start + (isMariaDB ? 4 : 3)
    var (digits, version) = (0, 0)
    while digits < 6, case let byte = text[position + digits],
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    {
      version = version * 10 + Int(byte - UInt8(ascii: "0"))
      digits += 1
    }
    isInCode = true
    guard digits >= 5 else { return .codeBegin(version: nil, isMariaDB: isMariaDB) }
    position += digits
    return .codeBegin(version: version, isMariaDB: isMariaDB)
  }

  private mutating func comment(_ text: Text) -> Part? {
    place = .comment
    while position + 1 < text.count {
      let (byte, next) = (text.bytes[position], text.bytes[position + 1])
      if byte == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
        position += 2
        guard isInNested else { return .comment }
        isInNested = false
      } else if commentNests, !isInNested, byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        position += 2
        isInNested = true
      } else {
        position += 1
      }
    }
    return text.isLast ? unfinished(.comment, text) : nil
  }

  private mutating func quoted(_ quote: UInt8, _ text: Text) -> Part? {
    let escape = syntax.escapes(in: quote) ? UInt8(ascii: "\\") : quote
    while true {
      while position < text.count, case let byte = text.bytes[position], byte != quote,
        byte != escape
      {
        position += 1
      }
      guard position < text.count else { break }
      if text.bytes[position] != quote || text[position + 1] == quote {
        guard position + 1 < text.count else { break }
        position += 2
      } else {
        guard text.isLast || position + 1 < text.count else { return nil }
        position += 1
        return .quoted(quote)
      }
    }
    return text.isLast ? unfinished(.quoted(quote), text) : nil
  }

  private mutating func unfinished(_ part: Part, _ text: Text) -> Part {
    position = text.count
    isUnfinished = true
    return part
  }

  /// A number, or a name that begins with a digit.
  private mutating func number(_ text: Text) -> Part? {
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    position = start
    func digits(_ place: inout Int) { while isDigit(text[place]) { place += 1 } }
    digits(&position)
    if !followsPoint, text[position] == UInt8(ascii: ".") {
      position += 1
      digits(&position)
    }
    if text[position] | 0x20 == UInt8(ascii: "e") {
      let next = text[position + 1]
      let sign = next == UInt8(ascii: "+") || next == UInt8(ascii: "-") ? 2 : 1
      if isDigit(text[position + sign]) {
        position += sign
        digits(&position)
      }
    }
    // Text that has not arrived yet may belong to it.
    guard text.isLast || position + 2 < text.count else { return nil }
    digitsEnd = position
    place = .number
    return numberTail(text)
  }

  private mutating func numberTail(_ text: Text) -> Part? {
    guard word(text) != nil else { return nil }
    return position == digitsEnd || isBaseNumber(text) ? .number : .word
  }

  /// Whether the part is `0x` with hexadecimal or `0b` with binary digits.
  private func isBaseNumber(_ text: Text) -> Bool {
    guard digitsEnd == start + 1, text[start] == UInt8(ascii: "0"), position > start + 2 else {
      return false
    }
    let digits = (start + 2)..<position
    switch text[start + 1] | 0x20 {
    case UInt8(ascii: "x"):
      return digits.allSatisfy {
        let byte = text.bytes[$0]
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
      }
    case UInt8(ascii: "b"): return digits.allSatisfy { text.bytes[$0] | 1 == UInt8(ascii: "1") }
    default: return false
    }
  }
}
