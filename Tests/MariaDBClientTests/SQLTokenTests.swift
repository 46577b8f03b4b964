import Testing

@testable import MariaDBClient

@Suite("Tokens of a statement")
struct SQLTokenTests {
  @Test(
    "are words, names, texts, numbers, variables and characters",
    arguments: [
      ("SELECT `a``b`, \"c\"", [.word("SELECT"), .name("a`b"), .mark(","), .text("c")]),
      (#"'it''s \'x\' \\'"#, [.text(#"it's 'x' \"#)]),
      ("@a.b := @'c d'", [.variable("@a.b"), .mark(":"), .mark("="), .variable("@c d")]),
      ("@@SESSION.sql_mode=1", [.setting("@@session.sql_mode"), .mark("="), .number("1")]),
      ("@1e+5", [.variable("@1e"), .mark("+"), .number("5")]), ("@", [.variable("@")]),
      ("a@localhost", [.word("a"), .variable("@localhost")]),
      ("/*!50003 CREATE*/ /*M!100100 x*/", [.word("CREATE"), .word("x")]),
      ("/*!50700 a /* b */ c */ d", [.word("d")]), ("/* a */ # b\n-- c\n", []),
    ] as [(String, [SQLToken])])
  func kinds(text: String, tokens: [SQLToken]) throws {
    #expect(try SQLToken.tokens(of: Array(text.utf8)) == tokens)
  }

  @Test("depend on the mode and the character set")
  func syntax() throws {
    func tokens(_ text: String, _ syntax: SQLSyntax) throws -> [SQLToken] {
      try SQLToken.tokens(of: Array(text.utf8), syntax: syntax)
    }
    #expect(try tokens(#""a""b\""#, SQLSyntax(hasANSIQuotes: true)) == [.name(#"a"b\"#)])
    #expect(
      try tokens(#"'a\' b"#, SQLSyntax(hasBackslashEscapes: false)) == [.text(#"a\"#), .word("b")])
    #expect(try tokens("aéb", SQLSyntax(isUnicode: false)) == [.word("a"), .word("b")])
  }

  @Test("of MySQL are those of its own comments")
  func mySQL() throws {
    var syntax = SQLSyntax()
    syntax.isMySQL = true
    func tokens(_ text: String) throws -> [SQLToken] {
      try SQLToken.tokens(of: Array(text.utf8), syntax: syntax)
    }
    #expect(try tokens("/*!50003 a*/ /*!80031 b*/ /*! c*/") == ["a", "b", "c"].map { .word($0) })
    #expect(try tokens("/*M!100100 a*/ /*M! b*/ c") == [.word("c")])
    #expect(throws: SQLToken.Unreadable.self) { try tokens("/*!80032 a*/") }
  }

  @Test(
    "are refused where servers differ or the text is not whole",
    arguments: [
      ("a\u{0}b", "it has a zero byte outside its texts"), ("'a", "a quote has no end"),
      ("'a\\'", "a quote has no end"), ("@`a", "a quote has no end"),
      ("/* a", "a comment has no end"), ("@@", "a variable has no name"),
      ("/*!50700 a /* b */", "a comment has no end"),
      ("/*!110000 a */", "a comment in it is code for some servers only (110000)"),
    ])
  func unreadable(text: String, reason: String) {
    let error = #expect(throws: SQLToken.Unreadable.self) {
      try SQLToken.tokens(of: Array(text.utf8))
    }
    #expect(error?.reason == reason)
  }
}

@Suite("Syntax that a session has set")
struct SyntaxTrackerTests {
  private func syntax(after statements: [String]) throws -> SQLSyntax {
    var tracker = SyntaxTracker()
    for statement in statements {
      tracker.follow(try SQLToken.tokens(of: Array(statement.utf8), syntax: tracker.syntax))
    }
    return tracker.syntax
  }

  @Test(
    "follows sql_mode as a text, a number of the binary log, or a variable that kept it",
    arguments: [
      (["SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"], true, false),
      (["SET SESSION sql_mode='ORACLE'"], true, true),
      (["SET NAMES utf8mb4, @@session.sql_mode = 1048580"], true, false),
      (["SET @old := @@sql_mode, sql_mode = ''", "SET sql_mode = @old"], false, true),
      (
        [
          "SET sql_mode = 'NO_BACKSLASH_ESCAPES'", "SET @OLD = @@SQL_MODE, SQL_MODE = ''",
          "SET sql_mode = @old",
        ], false, false
      ),
      (["SET sql_mode = 'ANSI'", "SET sql_mode = @unknown"], false, true),
      (["SET GLOBAL sql_mode = 'ANSI_QUOTES'"], false, true),
      (["CREATE PROCEDURE p() SET sql_mode = 'ANSI_QUOTES'"], false, true),
      (["SET @a = CONCAT('x', sql_mode = 'ANSI_QUOTES')"], false, true),
    ])
  func follows(statements: [String], hasANSIQuotes: Bool, hasBackslashEscapes: Bool) throws {
    #expect(
      try syntax(after: statements)
        == SQLSyntax(hasANSIQuotes: hasANSIQuotes, hasBackslashEscapes: hasBackslashEscapes))
  }
}
