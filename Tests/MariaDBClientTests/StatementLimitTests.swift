import Testing

@testable import MariaDBClient

@Suite("Limits of statements")
struct StatementLimitTests {
  @Test("each server gets its own words")
  func words() {
    func limited(_ seconds: Double, _ version: String) -> String {
      Connection.limited("SELECT * FROM a", toSeconds: seconds, on: ServerVersion(version))
    }
    #expect(
      limited(1.5, "11.8.9-MariaDB") == "SET STATEMENT max_statement_time = 1.5 FOR SELECT * FROM a"
    )
    #expect(limited(1.5, "9.7.4") == "SELECT /*+ MAX_EXECUTION_TIME(1500) */ * FROM a")
    // 0 would be no limit.
    #expect(limited(0.0001, "9.7.4") == "SELECT /*+ MAX_EXECUTION_TIME(1) */ * FROM a")
  }
}
