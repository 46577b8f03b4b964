import MariaDBClient
import TestSupport
import Testing

@Suite("Connection", .timeLimit(.minutes(2)))
struct ConnectionTests {
  @Test("a connection answers a query in its own schema")
  func answers() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let result = try await connection.query("SELECT DATABASE() AS name, 1 + 1 AS two")
      #expect(result.rows.first?["name"]?.hasPrefix("payops_test_") == true)
      #expect(result.rows.first?.integer("two") == 2)
      #expect(result.columns.map(\.typeName) == ["varchar", "int"])
      #expect(result.columns.map(\.isNumeric) == [false, true])
      #expect(connection.serverVersion.isMariaDB)
      #expect(connection.serverVersion >= ServerVersion("10.11.0-MariaDB"))
      let id = try await connection.query("SELECT CONNECTION_ID() AS id").rows.first?.integer("id")
      #expect(id == Int64(connection.connectionId))
    }
  }

  @Test("every session uses utf8mb4, UTC and strict mode")
  func sessionSetUp() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let row = try #require(
        try await connection.query(
          """
          SELECT @@character_set_client AS client, @@character_set_results AS results,
            @@time_zone AS zone, @@sql_mode AS mode
          """
        ).rows.first)
      #expect(row["client"] == "utf8mb4")
      #expect(row["results"] == "utf8mb4")
      #expect(row["zone"] == "+00:00")
      #expect(row["mode"]?.contains("STRICT_TRANS_TABLES") == true)
    }
  }

  @Test("another default collation of the server does not reach the session")
  func sessionCollation() async throws {
    let server = try await TestServer.privateServer(options: [
      "--collation-server=utf8mb4_uca1400_ai_ci", "--skip-character-set-client-handshake",
    ])
    let connection = try await Connection.open(server.connectionOptions)
    let row = try await connection.query(
      "SELECT @@collation_connection AS own, @@GLOBAL.collation_server AS other"
    ).rows.first
    #expect(row?["own"] == "utf8mb4_general_ci")
    #expect(row?["other"] == "utf8mb4_uca1400_ai_ci")
    await connection.close()
    try await server.remove()
  }

  @Test("a CALL gives all its results and leaves the connection ready")
  func callResults() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.runScript(
        """
        CREATE TABLE t (n INT);
        CREATE PROCEDURE three() BEGIN
          INSERT INTO t VALUES (1), (2);
          SELECT 'a' AS first;
          SELECT n FROM t ORDER BY n;
          UPDATE t SET n = n + 1;
        END;
        """)
      let results = try await connection.queryAll("CALL three()")
      try #require(results.map(\.columns.count) == [1, 1, 0])
      #expect(results[1].rows.map { $0.integer("n") } == [1, 2])
      #expect(try await connection.query("CALL three()").rows.first?["first"] == "a")
      #expect(try await connection.execute("DELETE FROM t") == 4)
    }
  }

  @Test("a failed script names its statement and keeps earlier changes")
  func scriptFailure() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let error = await #expect(throws: DatabaseError.self) {
        try await connection.runScript(
          "CREATE TABLE a (n INT); INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); DROP TABLE a"
        )
      }
      #expect(error?.context == "statement 3 of the script")
      #expect(error?.code == .unknownObject)
      let kept = try await connection.query("SELECT n FROM a").rows
      #expect(kept.count == 1)
      // Several statements at a time are for scripts only.
      let second = await #expect(throws: DatabaseError.self) {
        try await connection.query("SELECT 1; SELECT 2")
      }
      #expect(second?.code == .syntax)
    }
  }

  @Test("rows are streamed, and a body that throws leaves the connection ready")
  func streaming() async throws {
    struct Enough: Error {}
    try await TestServer.withSchema(deployed: false) { connection in
      let sum = try await connection.reduceRows(
        "SELECT seq FROM seq_1_to_100000 WHERE seq > ?", [.integer(10)], into: Int64(0)
      ) { $0 += $1.integer("seq") ?? 0 }
      #expect(sum == 5_000_050_000 - 55)
      await #expect(throws: Enough.self) {
        try await connection.forEachRow("SELECT seq FROM seq_1_to_100000") { _ in throw Enough() }
      }
      #expect(try await connection.query("SELECT 7 AS n").rows.first?.integer("n") == 7)
    }
  }

  @Test("a closed connection says so, and closing twice is harmless")
  func closed() async throws {
    let connection = try await Connection.open(try await TestServer.shared())
    await connection.close()
    await connection.close()
    let error = await #expect(throws: DatabaseError.self) { try await connection.query("SELECT 1") }
    #expect(error?.code == .closed)
    #expect(error?.description == "SELECT: the connection is closed")
  }

  @Test("closing during a stream waits for its end")
  func closeWhileStreaming() async throws {
    let connection = try await Connection.open(try await TestServer.shared())
    try await Self.closeInStream(connection)
    let error = await #expect(throws: DatabaseError.self) { try await connection.query("SELECT 1") }
    #expect(error?.code == .closed)
  }

  private static func closeInStream(_ connection: isolated Connection) throws {
    var rows = 0
    var busy: DatabaseError?
    try connection.forEachRow("SELECT seq FROM mysql.seq_1_to_1000", []) { _ in
      if rows == 0 {
        connection.close()
        do throws(DatabaseError) { try connection.execute("SELECT 1") } catch { busy = error }
      }
      rows += 1
    }
    #expect(rows == 1000)
    #expect(busy?.code == .busy)
  }

  @Test("dropping the last reference closes the connection")
  func deallocation() async throws {
    let options = try await TestServer.shared()
    let observer = try await Connection.open(options)
    let id = try await Self.openAndDrop(options)
    var isThere = true
    while isThere {
      let list = try await observer.query(
        "SELECT 1 FROM information_schema.processlist WHERE id = ?", [.integer(Int64(id))])
      isThere = !list.rows.isEmpty
    }
    await observer.close()
  }

  private static func openAndDrop(_ options: ConnectionOptions) async throws -> UInt64 {
    let connection = try await Connection.open(options)
    return connection.connectionId
  }

  @Test("a running statement can be cancelled from outside")
  func cancellation() async throws {
    let options = try await TestServer.shared()
    let connection = try await Connection.open(options)
    let observer = try await Connection.open(options)
    let running = Task { try await connection.query("SELECT SLEEP(100) AS slept") }
    while try await observer.query(
      "SELECT 1 FROM information_schema.processlist WHERE id = ? AND info LIKE '%SLEEP%'",
      [.integer(Int64(connection.connectionId))]
    ).rows.isEmpty {}
    try await connection.cancelRunningStatement()
    // MariaDB's SLEEP gives 1 when interrupted, or the statement fails; it never runs to its end.
    switch await running.result {
    case .success(let result): #expect(result.rows.first?.integer("slept") == 1)
    case .failure(let error): #expect((error as? DatabaseError)?.code == .interrupted)
    }
    #expect(try await connection.query("SELECT 1 AS n").rows.count == 1)
    await observer.close()
    await connection.close()
  }

  @Test("a missing server is a typed error with a hint")
  func noServer() async throws {
    let error = await #expect(throws: DatabaseError.self) {
      try await Connection.open(ConnectionOptions(socket: "/nonexistent/server.sock"))
    }
    #expect(error?.code == .cannotConnect)
    #expect(
      error?.description
        == "connection to /nonexistent/server.sock: cannot connect: no such file or directory")
    #expect(error?.hint != nil)
  }

  @Test("a server killed in the middle of a query is a lost connection, not a crash")
  func serverKilled() async throws {
    let server = try await TestServer.privateServer()
    let connection = try await Connection.open(server.connectionOptions)
    let observer = try await Connection.open(server.connectionOptions)
    let running = Task { try await connection.query("SELECT SLEEP(100)") }
    while try await observer.query(
      "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'"
    ).rows.isEmpty {}
    try await server.kill()
    let error = await #expect(throws: DatabaseError.self) { try await running.value }
    #expect(error?.code == .connectionLost)
    #expect(error?.isRetryable == true)
    let next = await #expect(throws: DatabaseError.self) { try await observer.query("SELECT 1") }
    #expect(next?.code == .connectionLost)
    try await server.restart()
    let again = try await Connection.open(server.connectionOptions)
    #expect(try await again.query("SELECT 1 AS n").rows.count == 1)
    try await server.remove()
  }
}
