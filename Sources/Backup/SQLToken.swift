/// A part of a statement as a server reads it.
enum SQLToken: Sendable, Equatable {
  /// A keyword or a name without quotes, as written.
  case word(String)
  /// A name in quotes, without them.
  case name(String)
  /// A text, without its quotes.
  case text(String)
  case number(String)
  /// A variable of the session, with its `@`.
  case variable(String)
  /// A variable of the server or of a session, in lower case with its `@@`.
  case setting(String)
  /// Any other character.
  case mark(Character)

  /// The keyword in upper case; nil for anything but a bare word.
  var keyword: String? {
    if case .word(let word) = self { word.uppercased() } else { nil }
  }

  /// The name of an object that this may be; nil for what can be none.
  var identifier: String? {
    switch self {
    case .word(let name), .name(let name): name
    default: nil
    }
  }
}

/// Takes a statement apart as MariaDB does, code in comments included.
///
/// It is exact or it refuses: whatever one server runs and another passes over, and character sets
/// in which a quote or a backslash may be the second byte of a character, make a statement unreadable.
struct SQLLexer {
  /// What decides how a statement is read.
  struct Mode: Sendable, Equatable {
    /// Whether texts in double quotes are names.
    var hasANSIQuotes = false
    /// Whether a backslash escapes in texts.
    var hasEscapes = true
    /// Whether bytes beyond ASCII belong to words, as in UTF-8.
    var isUnicode = true

    /// The mode that a value of `sql_mode` stands for.
    mutating func set(sqlMode: String) {
      let modes = Set(sqlMode.uppercased().split(separator: ",").map(String.init))
      let ansi = ["ANSI_QUOTES", "ANSI", "ORACLE", "DB2", "MAXDB", "MSSQL", "POSTGRESQL"]
      hasANSIQuotes = !modes.isDisjoint(with: ansi)
      hasEscapes = !modes.contains("NO_BACKSLASH_ESCAPES")
    }
  }

  /// Why a statement cannot be read with certainty.
  struct Unreadable: Error {
    let reason: String
  }

  /// Comments with versions up to this one are code for every server that payops supports.
  private static let oldestServer = 101_100
  /// Versions that belong to MySQL alone.
  private static let foreignVersions = 50_700...99_999

  private let bytes: [UInt8]
  private let mode: Mode
  private var position = 0
  private var isInCode = false
  private var tokens: [SQLToken] = []

  private init(_ bytes: [UInt8], mode: Mode) {
    self.bytes = bytes
    self.mode = mode
  }

  /// The tokens of a statement.
  ///
  /// - Throws: ``Unreadable``.
  static func tokens(of bytes: [UInt8], mode: Mode = Mode()) throws(Unreadable) -> [SQLToken] {
    var lexer = SQLLexer(bytes, mode: mode)
    while lexer.position < bytes.count { try lexer.step() }
    return lexer.tokens
  }

  private func at(_ offset: Int) -> UInt8 {
    let place = position + offset
    return place < bytes.count ? bytes[place] : 0
  }

  private mutating func step() throws(Unreadable) {
    let byte = bytes[position]
    switch byte {
    case 0: throw Unreadable(reason: "it has a zero byte outside of its texts")
    case 1...0x20: position += 1
    case UInt8(ascii: "#"): skipLine()
    case UInt8(ascii: "-") where at(1) == UInt8(ascii: "-") && (at(2) <= 0x20 || at(2) == 0x7f):
      skipLine()
    case UInt8(ascii: "/") where at(1) == UInt8(ascii: "*"): try comment()
    case UInt8(ascii: "*") where isInCode && at(1) == UInt8(ascii: "/"):
      isInCode = false
      position += 2
    case UInt8(ascii: "'"): tokens.append(.text(try quoted(byte)))
    case UInt8(ascii: "\""):
      let text = try quoted(byte)
      tokens.append(mode.hasANSIQuotes ? .name(text) : .text(text))
    case UInt8(ascii: "`"): tokens.append(.name(try quoted(byte)))
    case UInt8(ascii: "@"): try variable()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case _ where isWordByte(byte): tokens.append(.word(word()))
    case 0x80...: position += 1
    default:
      tokens.append(.mark(Character(Unicode.Scalar(byte))))
      position += 1
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    case 0x80...: mode.isUnicode
    default: false
    }
  }

  private mutating func word() -> String {
    let start = position
    while position < bytes.count, isWordByte(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != 0x0a { position += 1 }
  }

  /// A text or name between quotes; a doubled quote stands for one.
  private mutating func quoted(_ quote: UInt8) throws(Unreadable) -> String {
    let isName =
      quote == UInt8(ascii: "`") || (quote == UInt8(ascii: "\"") && mode.hasANSIQuotes)
    let escapes = mode.hasEscapes && !isName
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      if escapes, byte == UInt8(ascii: "\\") {
        content.append(at(1))
        position += 2
      } else if byte == quote {
        guard at(1) == quote else {
          position += 1
          return String(decoding: content, as: UTF8.self)
        }
        content.append(quote)
        position += 2
      } else {
        content.append(byte)
        position += 1
      }
    }
    throw Unreadable(reason: "a quote has no end")
  }

  private mutating func comment() throws(Unreadable) {
    let isMariaDB = at(2) == UInt8(ascii: "M") && at(3) == UInt8(ascii: "!")
    guard at(2) == UInt8(ascii: "!") || isMariaDB else {
      position += 2
      try skipComment(depth: 0)
      return
    }
    position += isMariaDB ? 4 : 3
    var digits = 0
    while digits < 6, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(at(digits)) { digits += 1 }
    guard digits >= 5 else {
      isInCode = true
      return
    }
    let text = String(decoding: bytes[position..<(position + digits)], as: UTF8.self)
    let version = Int(text) ?? .max
    if !isMariaDB, Self.foreignVersions.contains(version) {
      try skipComment(depth: 1)
    } else if version <= Self.oldestServer {
      position += digits
      isInCode = true
    } else {
      throw Unreadable(reason: "a comment in it is code for some servers only (\(version))")
    }
  }

  /// Passes over a comment; one that is code for others may hold a comment itself.
  private mutating func skipComment(depth: Int) throws(Unreadable) {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "*"), at(1) == UInt8(ascii: "/") {
        position += 2
        return
      }
      if depth > 0, bytes[position] == UInt8(ascii: "/"), at(1) == UInt8(ascii: "*") {
        position += 2
        try skipComment(depth: depth - 1)
      } else {
        position += 1
      }
    }
    throw Unreadable(reason: "a comment has no end")
  }

  private mutating func variable() throws(Unreadable) {
    let isSetting = at(1) == UInt8(ascii: "@")
    position += isSetting ? 2 : 1
    let next = at(0)
    let quotes = [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`")]
    if quotes.contains(next) {
      let name = try quoted(next)
      tokens.append(isSetting ? .setting("@@" + name.lowercased()) : .variable("@" + name))
      return
    }
    let start = position
    while position < bytes.count,
      isWordByte(bytes[position]) || bytes[position] == UInt8(ascii: ".")
    {
      position += 1
    }
    let name = String(decoding: bytes[start..<position], as: UTF8.self)
    guard !name.isEmpty || !isSetting else {
      throw Unreadable(reason: "a variable has no name")
    }
    tokens.append(isSetting ? .setting("@@" + name.lowercased()) : .variable("@" + name))
  }

  private mutating func number() {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let start = position
    let isName = tokens.last == .mark(".")
    while position < bytes.count, digits.contains(bytes[position]) { position += 1 }
    if !isName, at(0) == UInt8(ascii: ".") {
      position += 1
      while position < bytes.count, digits.contains(bytes[position]) { position += 1 }
    }
    if at(0) | 0x20 == UInt8(ascii: "e") {
      let sign = at(1) == UInt8(ascii: "+") || at(1) == UInt8(ascii: "-") ? 2 : 1
      if digits.contains(at(sign)) {
        position += sign
        while position < bytes.count, digits.contains(bytes[position]) { position += 1 }
      }
    }
    if position < bytes.count, isWordByte(bytes[position]) {
      let rest = word()
      let front = String(decoding: bytes[start..<(position - rest.utf8.count)], as: UTF8.self)
      let whole = front + rest
      // 0x27 and 0b101 are numbers; 1a is a name.
      let isNumber =
        whole.wholeMatch(of: #/0[xX][0-9a-fA-F]+|0[bB][01]+/#) != nil
      tokens.append(isNumber ? .number(whole) : .word(whole))
    } else {
      tokens.append(.number(String(decoding: bytes[start..<position], as: UTF8.self)))
    }
  }
}
