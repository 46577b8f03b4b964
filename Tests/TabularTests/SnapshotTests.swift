import MariaDBClient
import Tabular
import TestSupport
import Testing

@Suite("Queries as of one instant", .timeLimit(.minutes(2)))
struct SnapshotTests {
  @Test("queries as of one instant leave no transaction open, whether they fail or succeed")
  func noneLeftOpen() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (a INT)")
      try await connection.execute("INSERT INTO t VALUES (1), (2)")
      let tables = try await connection.snapshot(
        ["SELECT a FROM t WHERE a >= ? ORDER BY a", "SELECT COUNT(*) AS n FROM t WHERE a > ?"],
        [.integer(1)])
      #expect(tables.map(\.rows) == [[["1"], ["2"]], [["1"]]])
      await #expect(throws: DatabaseError.self) {
        try await connection.snapshot(
          ["SELECT a FROM t WHERE a = ?", "SELECT b FROM t WHERE a = ?"], [.integer(1)])
      }
      let open = try await connection.query("SELECT @@in_transaction AS n")
      #expect(open.rows.first?.integer("n") == 0)
    }
  }
}
