/// A part of a statement as a server reads it.
package enum SQLToken: Sendable, Equatable {
  /// A keyword or a name without quotes, as written.
  case word(String)
  /// A name in quotes, without them.
  case name(String)
  /// A text, without its quotes.
  case text(String)
  /// A number without a sign, as written.
  case number(String)
  /// A variable of the session, with its `@`.
  case variable(String)
  /// A variable of the server or of a session, in lower case with its `@@`.
  case setting(String)
  /// Any other character.
  case mark(Character)

  /// The keyword in upper case; nil for anything but a bare word.
  package var keyword: String? {
    if case .word(let word) = self { word.uppercased() } else { nil }
  }

  /// The object name that this may be; nil for other tokens.
  package var identifier: String? {
    switch self {
    case .word(let name), .name(let name): name
    default: nil
    }
  }
}

extension SQLToken {
  /// Why a statement cannot be read with certainty.
  package struct Unreadable: Error {
    /// The reason, as a clause about the statement.
    package let reason: String
  }

  /// Splits a statement into tokens as the server does, including executable comments.
  ///
  /// It is exact or it refuses: code that some servers run and others skip makes a statement
  /// unreadable.
  ///
  /// - Parameters:
  ///   - bytes: the statement.
  ///   - syntax: how the server reads it.
  /// - Throws: ``Unreadable``.
  package static func tokens(
    of bytes: [UInt8], syntax: SQLSyntax = SQLSyntax()
  ) throws(Unreadable) -> [SQLToken] {
    var lexer = SQLLexer(bytes, syntax)
    while try lexer.step() {}
    return lexer.tokens
  }
}

/// Converts the parts of a statement into tokens.
private struct SQLLexer {
  /// Comments with versions up to this one are executed by every server that payops supports.
  private static let oldestServer = 101_100
  /// Versions that only MySQL has.
  private static let foreignVersions = 50_700...99_999
  /// The same as ``oldestServer`` for MySQL.
  private static let oldestMySQL = 80_031

  private let bytes: [UInt8]
  private var scanner: SQLScanner
  private(set) var tokens: [SQLToken] = []

  init(_ bytes: [UInt8], _ syntax: SQLSyntax) {
    self.bytes = bytes
    scanner = SQLScanner(syntax: syntax)
  }

  private mutating func next() throws(SQLToken.Unreadable) -> (
    part: SQLScanner.Part, range: Range<Int>
  )? {
    let found = bytes.withUnsafeBufferPointer { scanner.next(in: $0, isLast: true) }
    if scanner.isUnfinished {
      let isComment = found?.part == .comment
      throw SQLToken.Unreadable(reason: isComment ? "a comment has no end" : "a quote has no end")
    }
    return found
  }

  /// Reads the next part; false at the end.
  mutating func step() throws(SQLToken.Unreadable) -> Bool {
    guard let (part, range) = try next() else { return false }
    switch part {
    case .blank, .lineComment, .comment, .codeEnd, .delimiter: break
    case .codeBegin(let version?, let isMariaDB): try code(of: version, isMariaDB)
    case .codeBegin(nil, let isMariaDB): if isMariaDB, scanner.syntax.isMySQL { scanner.skipCode() }
    case .quoted(let quote):
      let content = content(range, quote)
      tokens.append(scanner.syntax.isName(quote) ? .name(content) : .text(content))
    case .word: tokens.append(.word(text(range)))
    case .number: tokens.append(.number(text(range)))
    case .mark(0): throw SQLToken.Unreadable(reason: "it has a zero byte outside its texts")
    case .mark(UInt8(ascii: "@")): try variable(at: range.upperBound)
    // Not UTF-8, so not part of a name that a server accepts.
    case .mark(0x80...): break
    case .mark(let byte): tokens.append(.mark(Character(Unicode.Scalar(byte))))
    }
    return true
  }

  /// Decides whether a comment is executed by every server, by none, or by some.
  private mutating func code(of version: Int, _ isMariaDB: Bool) throws(SQLToken.Unreadable) {
    let isMySQL = scanner.syntax.isMySQL
    if isMySQL ? isMariaDB : !isMariaDB && Self.foreignVersions.contains(version) {
      scanner.skipCode()
    } else if version > (isMySQL ? Self.oldestMySQL : Self.oldestServer) {
      throw SQLToken.Unreadable(
        reason: "a comment in it is code for some servers only (\(version))")
    }
  }

  /// Reads a variable after its first `@`.
  private mutating func variable(at place: Int) throws(SQLToken.Unreadable) {
    let isSetting = place < bytes.count && bytes[place] == UInt8(ascii: "@")
    let begin = isSetting ? place + 1 : place
    scanner.resume(at: begin)
    let name: String
    if begin < bytes.count, [0x22, 0x27, 0x60].contains(bytes[begin]),
      let (part, range) = try next(), case .quoted(let quote) = part
    {
      name = content(range, quote)
    } else {
      let end = bytes[begin...].firstIndex { !isNameByte($0) } ?? bytes.count
      name = text(begin..<end)
      scanner.resume(at: end)
      guard !name.isEmpty || !isSetting else {
        throw SQLToken.Unreadable(reason: "a variable has no name")
      }
    }
    tokens.append(isSetting ? .setting("@@" + name.lowercased()) : .variable("@" + name))
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || scanner.isWordByte(byte)
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The text between quotes; a doubled quote becomes one.
  private func content(_ range: Range<Int>, _ quote: UInt8) -> String {
    let escapes = scanner.syntax.escapes(in: quote)
    var content: [UInt8] = []
    var place = range.lowerBound + 1
    while place < range.upperBound - 1 {
      if bytes[place] == quote || (escapes && bytes[place] == UInt8(ascii: "\\")) { place += 1 }
      content.append(bytes[place])
      place += 1
    }
    return String(decoding: content, as: UTF8.self)
  }
}
