import MariaDBClient
import TestSupport
import Testing

@Suite("Schemas of live tests", .timeLimit(.minutes(2)))
struct DeployedSchemaTests {
  @Test("a deployed schema has tables, and each is gone after its test")
  func deployedAndDropped() async throws {
    let name = try await TestServer.withSchema { connection in
      let row = try await connection.query(
        """
        SELECT DATABASE() AS name, COUNT(*) AS tables FROM information_schema.tables
        WHERE table_schema = DATABASE()
        """
      ).rows.first
      #expect((row?.integer("tables") ?? 0) > 0)
      return row?["name"] ?? ""
    }
    #expect(name.hasPrefix("payops_test_"))
    let connection = try await Connection.open(try await TestServer.shared())
    let left = try await connection.query("SHOW DATABASES LIKE ?", [.text(name)]).rows
    #expect(left.isEmpty)
    await connection.close()
  }
}
