import Foundation
import Processes
import TestSupport
import Testing

@testable import MariaDBClient

@Suite("Statement splitter")
struct StatementSplitterTests {
  @Test(
    "cuts at delimiters outside of strings, names and comments",
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
      // What the readers of files, of dumps and of statements once saw each in its own way.
      ("SELECT 1 # a;b\n; SELECT 2", ["SELECT 1 # a;b", "SELECT 2"]),
      ("SELECT 1 -- a;b", ["SELECT 1 -- a;b"]),
      ("/*!50003 SELECT 1; */ SELECT 2", ["/*!50003 SELECT 1", "*/ SELECT 2"]),
      ("/*M!100100 SELECT 1 */; SELECT 2", ["/*M!100100 SELECT 1 */", "SELECT 2"]),
      ("delimiter $$\nSELECT 1; $$ SELECT 2$$", ["SELECT 1;", "SELECT 2"]),
      ("  DELIMITER // \r\nSELECT 1//", ["SELECT 1"]),
      ("SELECT 1;\n/* a */\nDELIMITER $$\nSELECT 2$$", ["SELECT 1", "SELECT 2"]),
      ("SELECT 1 AS\nDELIMITER ;", ["SELECT 1 AS\nDELIMITER"]),
      ("SELECT `a\\`; SELECT 2", ["SELECT `a\\`", "SELECT 2"]),
      (
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT 'a\\'; SELECT ';'",
        ["SET sql_mode = 'NO_BACKSLASH_ESCAPES'", "SELECT 'a\\'", "SELECT ';'"]
      ),
      (
        "SET sql_mode = 'ANSI_QUOTES'; SELECT 1 AS \"a\\\"; SELECT ';'",
        ["SET sql_mode = 'ANSI_QUOTES'", "SELECT 1 AS \"a\\\"", "SELECT ';'"]
      ),
      (
        "/*M!999999\\- enable the sandbox mode */\nSELECT 1",
        ["/*M!999999\\- enable the sandbox mode */\nSELECT 1"]
      ),
    ])
  func cuts(text: String, statements: [String]) {
    #expect(StatementSplitter.statements(of: text) == statements)
  }

  @Test("an unfinished string or comment ends with the file", arguments: ["SELECT 'a", "/* b"])
  func unfinished(text: String) {
    #expect(StatementSplitter.statements(of: text).count <= 1)
  }

  @Test("cuts where the mariadb client does, on a real server", .timeLimit(.minutes(1)))
  func client() async throws {
    let script = """
      -- a comment; with a semicolon
      SELECT 1, ';', "a;b", 'it''s; fine', 'a\\';b' AS `c;d`; SELECT 2--1 /* ; */ AS e # ;
      ;
      SELECT /*!50003 3 + */ 4 /*M!100100 + 5; */; SELECT /*!99999999 6, */ 7;
      DELIMITER $$
      SELECT 8; $$
      SELECT 9$$SELECT 10, '$$' -- $$
      $$
      delimiter ;
      SET sql_mode = 'NO_BACKSLASH_ESCAPES';
      SELECT 'a\\'; SELECT 'b';
      SET sql_mode = 'ANSI_QUOTES'; SELECT 11 AS "a\\"; SELECT 12 AS ";";
      SET sql_mode = ''; SELECT "a\\";"; SELECT 13
      """
    let options = try await TestServer.shared()
    let folder = try TemporaryDirectory.make("client")
    let (input, output) = (folder.path + "/input", folder.path + "/output")
    try Data(script.utf8).write(to: URL(filePath: input))
    let file = try FileHandle(forReadingFrom: URL(filePath: input))
    let process = try TestProcess(
      try #require(ProgramSearch.find("mariadb")),
      [
        "--no-defaults", "--batch", "--force", "--verbose", "--skip-column-names",
        "--socket=\(options.socket ?? "")", "--user=\(options.user ?? "")",
      ], input: file.fileDescriptor, output: output)
    await process.end()
    // With --verbose the client shows each statement between two lines of hyphens.
    let shown = try String(contentsOfFile: output, encoding: .utf8)
      .components(separatedBy: "--------------\n")
    let sent = stride(from: 1, to: shown.count, by: 2).map {
      shown[$0].trimmingCharacters(in: .newlines)
    }
    let own = StatementSplitter.statements(of: script)
    #expect(sent.count == own.count)
    for (sent, own) in zip(sent, own) {
      #expect(code(sent) == code(own), "the client sends \(sent)")
    }
  }

  /// The text of a statement without blanks and comments, which the client may drop.
  private func code(_ statement: String) -> [String] {
    SQLScannerTests.parts(statement).filter {
      ![.blank, .lineComment, .comment].contains($0.part)
    }.map(\.text)
  }
}
