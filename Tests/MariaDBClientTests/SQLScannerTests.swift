import Testing

@testable import MariaDBClient

@Suite("Parts of a statement")
struct SQLScannerTests {
  typealias Part = SQLScanner.Part

  /// The parts of a text that comes in pieces of a length.
  static func parts(
    _ text: String, _ syntax: SQLSyntax = SQLSyntax(), delimiter: String = "", piece: Int = .max
  ) -> [(part: Part, text: String)] {
    let bytes = Array(text.utf8)
    var scanner = SQLScanner(syntax: syntax, delimiter: Array(delimiter.utf8))
    var found: [(part: Part, text: String)] = []
    var end = 0
    while end < bytes.count {
      end += min(piece, bytes.count - end)
      bytes[..<end].withUnsafeBufferPointer { text in
        while let (part, range) = scanner.next(in: text, isLast: end == bytes.count) {
          found.append((part, String(decoding: bytes[range], as: UTF8.self)))
        }
      }
    }
    return found
  }

  private static func isFinished(_ text: String, delimiter: String) -> Bool {
    let bytes = Array(text.utf8)
    var scanner = SQLScanner(delimiter: Array(delimiter.utf8))
    return bytes.withUnsafeBufferPointer { text in
      while scanner.next(in: text, isLast: true) != nil {}
      return !scanner.isUnfinished
    }
  }

  private static let ansi = SQLSyntax(hasANSIQuotes: true)
  private static let plain = SQLSyntax(hasBackslashEscapes: false)
  private static let usual = SQLSyntax()

  @Test(
    "are those that the server sees",
    arguments: [
      ("a # b\nc", usual, ["a", " ", "# b\n", "c"]),
      ("1--1", usual, ["1", "-", "-", "1"]),
      ("1-- 1\n2", usual, ["1", "-- 1\n", "2"]),
      ("1--\n2", usual, ["1", "--\n", "2"]), ("1--", usual, ["1", "--"]),
      ("a/* ' */b", usual, ["a", "/* ' */", "b"]),
      ("/* /* */ */", usual, ["/* /* */", " ", "*", "/"]),
      ("/*!50003 a */b", usual, ["/*!50003", " ", "a", " ", "*/", "b"]),
      ("/*!101100a*/", usual, ["/*!101100", "a", "*/"]),
      ("/*!1 */", usual, ["/*!", "1", " ", "*/"]),
      ("/*M!100100 '*/'*/", usual, ["/*M!100100", " ", "'*/'", "*/"]),
      ("/*M a*/", usual, ["/*M a*/"]), ("a*/b", usual, ["a", "*", "/", "b"]),
      ("/*! a /* b */ c */d", usual, ["/*!", " ", "a", " ", "/* b */", " ", "c", " ", "*/", "d"]),
      ("'it''s' x", usual, ["'it''s'", " ", "x"]),
      (#"'a\'b' x"#, usual, [#"'a\'b'"#, " ", "x"]),
      (#"'a\' x"#, plain, [#"'a\'"#, " ", "x"]),
      (#"'a\\' x"#, usual, [#"'a\\'"#, " ", "x"]),
      (#""a\" x" y"#, usual, [#""a\" x""#, " ", "y"]),
      (#""a\" x"#, ansi, [#""a\""#, " ", "x"]),
      (#"`a\` x"#, usual, [#"`a\`"#, " ", "x"]), ("`a``b`", usual, ["`a``b`"]),
      ("'a;b", usual, ["'a;b"]), (#"'a\"#, usual, [#"'a\"#]), ("/* a", usual, ["/* a"]),
      ("1.5e-3+1e5x", usual, ["1.5e-3", "+", "1e5x"]),
      ("t.1e5 1.e", usual, ["t", ".", "1e5", " ", "1.e"]),
      ("0x1F 0b101 0x1G 1a", usual, ["0x1F", " ", "0b101", " ", "0x1G", " ", "1a"]),
      ("x'41' _utf8mb4'a'", usual, ["x", "'41'", " ", "_utf8mb4", "'a'"]),
      ("@a:=@@b", usual, ["@", "a", ":", "=", "@", "@", "b"]),
      ("größe\u{1}$1", usual, ["größe", "\u{1}", "$1"]),
    ])
  func table(text: String, syntax: SQLSyntax, parts: [String]) {
    #expect(Self.parts(text, syntax).map(\.text) == parts)
  }

  @Test(
    "are known by their kind",
    arguments: [
      ("0x1F", .number), ("0x1G", .word), ("0b11", .number), ("0b12", .word), ("1.5", .number),
      ("1a", .word), ("0x", .word), ("/*!50003", .codeBegin(version: 50003, isMariaDB: false)),
      ("/*M!100100", .codeBegin(version: 100_100, isMariaDB: true)),
      ("/*!5000", .codeBegin(version: nil, isMariaDB: false)), ("--\t", .lineComment),
      ("\u{0}", .mark(0)), ("\"a\"", .quoted(0x22)),
    ] as [(String, Part)])
  func kinds(text: String, part: Part) {
    #expect(Self.parts(text).first?.part == part)
  }

  @Test("end where a delimiter begins, in a word, too, but not in quotes and comments")
  func delimiters() {
    #expect(
      Self.parts("END$$ '$$' /*$$*/ a$b$$", delimiter: "$$").map(\.text)
        == ["END", "$$", " ", "'$$'", " ", "/*$$*/", " ", "a$b", "$$"])
    #expect(
      Self.parts("BINLOG 'a;'/*!*/;", delimiter: "/*!*/;").map(\.text)
        == ["BINLOG", " ", "'a;'", "/*!*/;"])
    #expect(Self.parts("1;;2", delimiter: ";;").map(\.text) == ["1", ";;", "2"])
  }

  // MARK: - Properties

  /// Pieces of texts that scanners stumble over.
  static let pieces = [
    "a", "END", "1", "1.5", "0x1F", "1e", "'", "''", "\"", "`", "``", "\\", "\\'", "#", "-", "--",
    "-- ", "/", "/*", "*/", "*", "/*!", "/*M!", "/*!50003 ", "/*!999999\\- x */", ";", ";;", "$$",
    "\n", " ", "\t", "@", "@@", ".", ",", "(", ")", "é", "\u{0}", "'it\\'s'", "'a;b'", "`c;d`",
    "-- e;\n", "/* f; */", "DELIMITER ;;\n", "delimiter $$\n", "DELIMITER ;\n", "SELECT 1",
    "SET sql_mode = 'NO_BACKSLASH_ESCAPES';", "SET sql_mode='ANSI_QUOTES';", "SET sql_mode='';",
  ]

  static func randomText(_ random: inout some RandomNumberGenerator) -> String {
    (0..<Int.random(in: 1...30, using: &random)).map { _ in
      pieces.randomElement(using: &random) ?? ""
    }.joined()
  }

  /// A generator with a seed (SplitMix64), so that a failure can be repeated.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
      return bits ^ (bits >> 31)
    }
  }

  @Test("join to the text, and are the same in whatever pieces it comes", arguments: 0..<20)
  func concatenation(seed: UInt64) {
    var random = Seeded(state: seed)
    for _ in 0..<200 {
      let text = Self.randomText(&random)
      for syntax in [Self.usual, Self.ansi, Self.plain] {
        let whole = Self.parts(text, syntax, delimiter: ";")
        #expect(whole.map(\.text).joined() == text)
        let piece = Int.random(in: 1...9, using: &random)
        let inPieces = Self.parts(text, syntax, delimiter: ";", piece: piece)
        #expect(inPieces.map(\.text) == whole.map(\.text), "pieces of \(piece): \(text)")
        #expect(inPieces.map(\.part) == whole.map(\.part), "pieces of \(piece): \(text)")
      }
    }
  }

  @Test("are never cut by the splitter", arguments: 0..<20)
  func splitting(seed: UInt64) {
    var random = Seeded(state: seed &+ 1000)
    var checked = 0
    for _ in 0..<400 {
      // Without what changes how the text is read on its way.
      let text = Self.randomText(&random)
      guard !text.lowercased().contains("delimiter"), !text.contains("sql_mode"),
        !text.contains("\\- ")
      else { continue }
      // Blanks around a statement are dropped, and the delimiters are gone. At the end of a
      // statement, `--` begins a comment; a blank behind a quote without an end is lost.
      guard !text.contains("--;"), !text.hasSuffix("--"), Self.isFinished(text, delimiter: ";")
      else { continue }
      checked += 1
      let parts = Self.parts(text, delimiter: ";").filter { $0.part != .delimiter }
      let code = StatementSplitter.statements(of: text).flatMap { Self.parts($0) }
      let comments: [Part] = [.blank, .lineComment, .comment]
      #expect(
        code.filter { !comments.contains($0.part) }.map(\.text)
          == parts.filter { !comments.contains($0.part) }.map(\.text), "\(text)")
    }
    #expect(checked > 20)
  }

  @Test("make the same statements in whatever pieces the text comes", arguments: 0..<20)
  func streaming(seed: UInt64) {
    func statements(_ text: String, piece: Int) -> [String] {
      var splitter = StatementSplitter(.tool)
      var found: [String] = []
      let bytes = Array(text.utf8)
      for start in stride(from: 0, to: bytes.count, by: piece) {
        bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { part in
          splitter.update(part) { found.append(String(decoding: $0, as: UTF8.self)) }
        }
      }
      let isWhole = splitter.finish { found.append(String(decoding: $0, as: UTF8.self)) }
      return found + ["\(isWhole)"]
    }
    var random = Seeded(state: seed &+ 2000)
    for _ in 0..<100 {
      let text = Self.randomText(&random)
      let whole = statements(text, piece: .max / 2)
      for piece in [1, 2, 3, 7, 13] {
        #expect(statements(text, piece: piece) == whole, "pieces of \(piece): \(text)")
      }
    }
  }
}
