import Alerting
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("Severities", .timeLimit(.minutes(5)))
struct SeverityListTests {
  @Test("are the same, in the same order, in Swift and in every column")
  func columns() async throws {
    try await TestServer.withSchema { connection in
      let names = Severity.allCases.sorted().map { "'\($0.rawValue)'" }
      let columns = try await connection.query(
        """
        SELECT CONCAT(c.table_name, '.', c.column_name) AS name, c.column_type AS type
        FROM information_schema.columns AS c
        INNER JOIN information_schema.tables AS t
            ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = DATABASE()
            AND t.table_type = 'BASE TABLE'
            AND c.column_name LIKE '%severity'
            AND c.data_type = 'enum'
        """
      ).rows
      #expect(columns.count > 5)
      for column in columns {
        #expect(
          column["type"] == "enum(\(names.joined(separator: ",")))", "\(column["name"] ?? "")")
      }
    }
  }
}
