import MariaDBClient
import TestSupport
import Testing

@Suite("Transactions", .timeLimit(.minutes(2)))
struct TransactionTests {
  struct Refused: Error {}

  @Test("a transaction commits when its body returns and rolls back when it throws")
  func commitAndRollback() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (n INT)")
      let rows = try await connection.transaction { connection in
        try connection.execute("INSERT INTO t VALUES (1)")
        return try connection.query("SELECT n FROM t").rows.count
      }
      #expect(rows == 1)
      await #expect(throws: Refused.self) {
        try await connection.transaction { connection in
          try connection.execute("INSERT INTO t VALUES (2)")
          throw Refused()
        }
      }
      #expect(await !connection.isInTransaction)
      #expect(try await connection.query("SELECT n FROM t").rows.map { $0["n"] } == ["1"])
    }
  }

  @Test("an open transaction is not silently committed by a new one")
  func nested() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("CREATE TABLE t (n INT)")
      try await connection.execute("START TRANSACTION")
      try await connection.execute("INSERT INTO t VALUES (1)")
      let error = await #expect(throws: DatabaseError.self) {
        try await connection.transaction { try $0.execute("INSERT INTO t VALUES (2)") }
      }
      #expect(error?.code == .transactionOpen)
      try await connection.execute("ROLLBACK")
      #expect(try await connection.query("SELECT n FROM t").rows.isEmpty)
    }
  }

  @Test("a rollback that fails reports both errors")
  func rollbackFails() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let killer = try await Connection.open(connection.options)
      let id = connection.connectionId
      try await connection.execute("CREATE TABLE t (n INT)")
      let error = await #expect(throws: DatabaseError.self) {
        try await connection.transaction { connection in
          try connection.execute("KILL CONNECTION \(id)")
        }
      }
      // The server may still answer the KILL itself; the ROLLBACK or COMMIT after it cannot work.
      #expect(error?.code == .rollbackFailed)
      #expect(error?.underlying.count == 2)
      #expect(error?.debugDescription.contains("caused by") == true)
      await killer.close()
    }
  }
}
