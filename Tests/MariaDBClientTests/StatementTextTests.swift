import Testing

@testable import MariaDBClient

@Suite("Text of statements")
struct StatementTextTests {
  @Test(
    "placeholders are found outside of quotes and comments",
    arguments: [
      ("SELECT ?", 1), ("SELECT '?', \"?\", `?`, ?", 1), ("SELECT 'it''s ?', ?", 1),
      ("SELECT 'a\\'?', ?", 1), ("SELECT 1 -- ?\n, ?", 1), ("SELECT 1 # ?\n, ?", 1),
      ("SELECT /* ? */ ?", 1), ("SELECT /*! ? */ + ?", 2), ("SELECT /*M! ? */ + ?", 2),
      ("SELECT 5--?", 1), ("SELECT 1 --", 0), ("SELECT '?", 0), ("SELECT /* ?", 0), ("", 0),
      ("SELECT `a\\`, ?", 1), ("SELECT '\\\\', ?", 1), ("?-- ?", 1), ("SELECT '\\", 0),
    ])
  func placeholders(_ sql: String, _ count: Int) {
    #expect(StatementText(sql).placeholders.count == count)
  }

  @Test("a backslash is an ordinary character without backslash escapes")
  func plainBackslash() {
    let plain = SQLSyntax(hasBackslashEscapes: false)
    #expect(StatementText("SELECT '\\', ?", syntax: plain).placeholders.count == 1)
    #expect(StatementText("SELECT '\\', ?").placeholders.isEmpty)
  }

  @Test(
    "the label of a statement says what it does and holds no value",
    arguments: [
      ("call refresh_rollups(1, 'secret')", "CALL refresh_rollups"),
      ("CALL `bank`", "CALL bank"),
      ("INSERT IGNORE INTO accounts VALUES ('secret')", "INSERT INTO accounts"),
      ("/* secret */ -- secret\n UPDATE accounts SET a = 'secret'", "UPDATE accounts"),
      ("DELETE FROM t WHERE a = 'secret'", "DELETE FROM t"),
      ("SELECT 'secret'", "SELECT"), ("LOAD DATA LOCAL INFILE 'secret' INTO TABLE t", "LOAD DATA"),
      ("CREATE OR REPLACE VIEW v AS SELECT 'secret'", "CREATE VIEW v"),
      ("CREATE TABLE IF NOT EXISTS t (a INT)", "CREATE TABLE t"), ("", "statement"),
      ("'secret'", "statement"),
    ])
  func labels(_ sql: String, _ label: String) {
    #expect(StatementText(sql).label == label)
  }
}
