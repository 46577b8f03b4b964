import MariaDBClient
import TestSupport
import Testing

@Suite("Connection", .timeLimit(.minutes(2)))
struct ConnectionTests {
  @Test("answers a query in its own schema")
  func answers() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let result = try await connection.query("SELECT DATABASE() AS name, 1 + 1 AS two")
      #expect(result.rows.first?["name"]?.hasPrefix("payops_test_") == true)
      #expect(result.rows.first?.integer("two") == 2)
      #expect(connection.serverVersion.isMariaDB)
    }
  }
}
