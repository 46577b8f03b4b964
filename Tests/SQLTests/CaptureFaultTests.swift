import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Refresh under faults", .timeLimit(.minutes(10)))
struct CaptureFaultTests {
  private static let payments = 26_000

  /// A deployed schema on a private server, with more than 50,000 pending changes.
  private func prepared(_ server: PrivateServer) async throws -> Connection {
    var options = server.connectionOptions
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE faults \(TextDefaults.clause)")
    await administrator.close()
    options.database = "faults"
    let connection = try await Connection.open(options)
    try await CaptureDeployment.deploy(connection)
    try await CaptureLedger.seed(connection)
    try await CaptureLedger.addPayments(Self.payments, spacingSeconds: 11, connection)
    try await connection.execute(
      "UPDATE transactions SET location = 'Madrid' WHERE transaction_id % 2 = 0")
    return connection
  }

  /// Waits until another connection is inside the writing part of a refresh.
  private func waitForRefresh(_ connection: Connection) async throws -> Int64 {
    for _ in 0..<20_000 {
      let row = try await connection.query(
        """
        SELECT id FROM information_schema.processlist
        WHERE db = DATABASE() AND info LIKE '%INSERT INTO metric_%' AND id <> CONNECTION_ID()
        """
      ).rows.first
      if let id = row?.integer("id") { return id }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("no refresh reached the rollups")
    return 0
  }

  @Test("kills of client, connection and server during a refresh lose and double nothing")
  func kills() async throws {
    let server = try await TestServer.privateServer()
    var connection = try await prepared(server)
    let waiting = try await CaptureLedger.pending(connection)
    #expect(waiting > 50_000)

    // KILL CONNECTION: rolled back.
    let victim = try await CaptureLedger.another(connection)
    async let killed: DatabaseError? = {
      do {
        try await victim.execute("CALL refresh_rollups(1000000)")
        return nil
      } catch { return error as? DatabaseError }
    }()
    let id = try await waitForRefresh(connection)
    try await connection.execute("KILL CONNECTION \(id)")
    #expect(await killed != nil)
    #expect(try await CaptureLedger.pending(connection) == waiting)
    #expect(try await count("metric_minute", connection) == 0)

    // kill -9 of a client: the server notices at the end, if at all; all or nothing. There are
    // enough changes to observe the refresh even on a busy machine.
    let client = try TestProcess(
      "/usr/bin/mariadb",
      [
        "--no-defaults", "--socket=\(try #require(server.connectionOptions.socket))",
        "-e", "CALL refresh_rollups(10000)", "faults",
      ])
    _ = try await waitForRefresh(connection)
    client.signal(SIGKILL)
    await client.end()
    try await connection.execute("CALL refresh_rollups(1)")
    let left = try await CaptureLedger.pending(connection)
    #expect(left < waiting && left > 40_000)

    // kill -9 of the server.
    let second = try await CaptureLedger.another(connection)
    async let lost: Bool = {
      do {
        try await second.execute("CALL refresh_rollups(1000000)")
        return false
      } catch { return true }
    }()
    _ = try await waitForRefresh(connection)
    try await server.kill()
    #expect(await lost)
    try await server.restart()
    connection = try await CaptureLedger.another(connection)
    #expect(try await CaptureLedger.pending(connection) == left, "the kill hit the refresh")

    try await CaptureLedger.drain(connection, limit: 1_000_000)
    #expect(try await CaptureLedger.pending(connection) == 0)
    #expect(try await CaptureRecomputation.differences(connection) == [])
    #expect(try await CaptureLedger.differences(connection) == [])
    try await server.remove()
  }

  private func count(_ table: String, _ connection: Connection) async throws -> Int64? {
    try await connection.query("SELECT COUNT(*) AS n FROM \(table)").rows.first?.integer("n")
  }

  @Test("three concurrent refreshers never deadlock and apply nothing twice")
  func concurrentRefreshers() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(3_000, spacingSeconds: 211, connection)
      let waiting = try await CaptureLedger.pending(connection)
      let applied = try await withThrowingTaskGroup(of: Int64.self) { group -> Int64 in
        for _ in 0..<3 {
          group.addTask {
            let own = try await CaptureLedger.another(connection)
            let applied = try await CaptureLedger.drain(own, limit: 150)
            await own.close()
            return applied
          }
        }
        var sum: Int64 = 0
        for try await part in group { sum += part }
        return sum
      }
      #expect(applied == waiting)
      #expect(try await count("routine_errors", connection) == 0)
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }
}
