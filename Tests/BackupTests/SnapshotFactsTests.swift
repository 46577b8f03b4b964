import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Facts of a snapshot", .timeLimit(.minutes(5)))
struct SnapshotFactsTests {
  /// The checksum of a table with a computed column, for which CHECKSUM TABLE is unsuitable.
  private func checksum(_ rows: String, columns: Int = 3) async throws -> String {
    let names = (1...columns).map { "c\($0)" }
    return try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute(
        "CREATE TABLE t (\(names.map { "\($0) VARCHAR(8) NULL" }.joined(separator: ", ")),"
          + " total INT AS (1) STORED)")
      try await connection.execute(
        "INSERT INTO t (\(names.joined(separator: ", "))) VALUES \(rows)")
      let facts = try await SnapshotFacts.read(
        from: connection, tables: ["t"], checksums: .all, asOf: nil)
      return try #require(facts.tables.first?.checksum)
    }
  }

  @Test("a row checksum depends on which column is NULL, whatever the values beside it")
  func nulls() async throws {
    let sums = try await [
      checksum("(NULL, 'a', 'b')"), checksum("('a', NULL, 'b')"), checksum("('a', 'b', NULL)"),
      checksum("('a', 'b', '')"), checksum("('', 'a', 'b')"), checksum("(NULL, NULL, 'ab')"),
    ]
    #expect(Set(sums).count == sums.count, "\(sums)")
    #expect(try await checksum("(NULL, 'a', 'b')") == sums[0])
    // The texts of both are a|b|c.
    #expect(try await checksum("(NULL, 'a|b', 'c')") != checksum("('a', 'b', 'c')"))
  }

  @Test("a row checksum covers NULL in more columns than an integer has bits")
  func manyNulls() async throws {
    var sums: [String] = []
    for missing in [1, 62, 63, 70] {
      let values = (1...70).map { $0 == missing ? "NULL" : "'x'" }
      sums.append(try await checksum("(\(values.joined(separator: ", ")))", columns: 70))
    }
    #expect(Set(sums).count == sums.count, "\(sums)")
  }
}
