import Testing

@testable import Schema

@Suite("Statement splitter")
struct StatementSplitterTests {
  @Test(
    "statements are split at delimiters outside of strings, names and comments",
    arguments: [
      ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
      (
        "SELECT ';'; SELECT \"a;b\"; SELECT `c;d`",
        ["SELECT ';'", "SELECT \"a;b\"", "SELECT `c;d`"]
      ),
      ("SELECT 'it''s; fine'; SELECT 'a\\';b'", ["SELECT 'it''s; fine'", "SELECT 'a\\';b'"]),
      ("-- note; more\nSELECT 1;\n/* a;b */\n", ["-- note; more\nSELECT 1"]),
      ("DELIMITER $$\nBEGIN a; b; END$$\nDELIMITER ;\nSELECT 3;", ["BEGIN a; b; END", "SELECT 3"]),
      ("-- only a comment\n", []),
      ("SELECT 1 --2\n;", ["SELECT 1 --2"]),
      ("", []),
    ])
  func cuts(text: String, statements: [String]) {
    #expect(StatementSplitter.statements(of: text) == statements)
  }

  @Test("an unfinished string or comment ends with the file", arguments: ["SELECT 'a", "/* b"])
  func unfinished(text: String) {
    #expect(StatementSplitter.statements(of: text).count <= 1)
  }
}
