import Foundation
import MariaDBClient
import TestSupport
import Testing

/// A primary and its replica, both private servers.
@Suite("Replica", .timeLimit(.minutes(5)))
struct ReplicaTests {
  private struct Pair {
    let primary: PrivateServer
    let replica: PrivateServer
    let onPrimary: Connection
    let onReplica: Connection

    /// Waits until the replica has caught up with the primary.
    func catchUp() async throws {
      let gtid = try await onPrimary.query("SELECT @@GLOBAL.gtid_current_pos AS g").rows.first?["g"]
      let outcome = try await onReplica.query(
        "SELECT MASTER_GTID_WAIT(?, 60) AS o", [.text(gtid ?? "")]
      ).rows.first?.integer("o")
      try #require(outcome == 0)
    }

    func remove() async throws {
      await onPrimary.close()
      await onReplica.close()
      try await primary.remove()
      try await replica.remove()
    }
  }

  private static func run(
    _ words: [String], _ server: PrivateServer, environment: [String: String] = [:],
    user: String? = nil, whileRunning: (@Sendable (Int32) async -> Void)? = nil
  ) async throws -> ProgramRun {
    let options = server.connectionOptions
    var all = words + ["--socket", try #require(options.socket), "--database", "payments"]
    if let user = user ?? options.user { all += ["--user", user] }
    return try await ProgramRun.run(
      try ProgramRun.binary, all, environment: environment, deadline: .seconds(120),
      whileRunning: whileRunning)
  }

  private static func pair() async throws -> Pair {
    let port = try FreePort.next()
    let logging = ["--log-bin=binlog", "--binlog-format=ROW", "--log-slave-updates"]
    let primary = try await TestServer.privateServer(
      options: logging + ["--server-id=1"], port: port)
    let replica = try await TestServer.privateServer(options: logging + ["--server-id=2"])
    let onReplica = try await Connection.open(replica.connectionOptions)
    let root = try await Connection.open(primary.connectionOptions)
    try await root.runScript(
      """
      CREATE USER copier@'127.0.0.1';
      GRANT REPLICATION SLAVE ON *.* TO copier@'127.0.0.1';
      CREATE DATABASE payments CHARACTER SET utf8mb4;
      CREATE USER worker@localhost;
      GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE, SHOW VIEW, CREATE TEMPORARY TABLES
      ON payments.* TO worker@localhost;
      """)
    await root.close()
    try await onReplica.runScript(
      """
      CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = \(port),
          MASTER_USER = 'copier', MASTER_USE_GTID = slave_pos;
      SET GLOBAL read_only = ON;
      START SLAVE;
      """)
    var options = primary.connectionOptions
    options.database = "payments"
    let deployed = try await run(["deploy"], primary)
    try #require(deployed.status == 0, "\(deployed)")
    return Pair(
      primary: primary, replica: replica, onPrimary: try await Connection.open(options),
      onReplica: onReplica)
  }

  @Test(
    "a replica answers queries, can wait for the primary, and reports its lag")
  func reading() async throws {
    let pair = try await Self.pair()
    try await pair.catchUp()
    let environment = [
      "PAYOPS_READ_ENDPOINT": try #require(pair.replica.connectionOptions.socket)
    ]
    func jobs(_ flags: String...) async throws -> ProgramRun {
      try await Self.run(
        ["kpi", "jobs", "--format", "csv"] + flags, pair.primary, environment: environment)
    }
    #expect(try await jobs().output.contains("every 10s"))
    try await pair.onReplica.execute("STOP SLAVE SQL_THREAD")
    try await pair.onPrimary.execute("UPDATE jobs SET schedule = 'every 11s'")
    #expect(try await jobs().output.contains("every 10s"))
    let behind = try await jobs("--fresh")
    #expect(behind.status == 75 && behind.errors.contains("behind"), "\(behind)")
    try await pair.onReplica.execute("START SLAVE SQL_THREAD")
    let fresh = try await jobs("--fresh")
    #expect(fresh.status == 0 && fresh.output.contains("every 11s"), "\(fresh)")
    for wrong in ["a:b:c", "host:99999", "a b"] {
      let refused = try await Self.run(
        ["kpi"], pair.primary, environment: ["PAYOPS_READ_ENDPOINT": wrong])
      #expect(refused.status == 78 && refused.errors.contains("read-endpoint"), "\(refused)")
    }
    try await pair.remove()
  }

  @Test("after a promotion jobs move from the old server to the new one, each time run once")
  func promotion() async throws {
    let pair = try await Self.pair()
    try await pair.onPrimary.runScript(
      """
      UPDATE jobs SET is_enabled = 0;
      CREATE TABLE counted (id BIGINT AUTO_INCREMENT PRIMARY KEY, server_number INT NOT NULL,
          token BIGINT NOT NULL);
      CREATE DEFINER = worker@localhost PROCEDURE count_up()
      BEGIN
          START TRANSACTION;
          CALL check_job_fence();
          INSERT INTO counted (server_number, token)
          VALUES (@@server_id, @payops_fencing_token);
          COMMIT;
      END;
      INSERT INTO jobs (job_name, description, command_kind, command_text, schedule, catch_up)
      VALUES ('count_up', 'test', 'sql', 'CALL count_up()', 'every 1s', 'all');
      """)
    func wait(_ connection: Connection, _ condition: String) async throws {
      let clock = ContinuousClock()
      let end = clock.now + .seconds(60)
      while try await connection.query("SELECT 1 FROM DUAL WHERE \(condition)").rows.isEmpty {
        try #require(clock.now < end, "\(condition)")
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    let ready = AsyncStream.makeStream(of: Int32.self)
    async let old = Self.run(
      ["run", "--lease", "3"], pair.primary, user: "worker",
      whileRunning: { ready.continuation.yield($0) })
    var pids = ready.stream.makeAsyncIterator()
    let oldPid = try #require(await pids.next())
    try await wait(pair.onPrimary, "(SELECT COUNT(*) FROM counted) >= 3")

    // Promotion as an administrator does it: stop writes, wait, promote the replica.
    try await pair.onPrimary.execute("SET GLOBAL read_only = ON")
    try await pair.catchUp()
    try await pair.onReplica.runScript("STOP SLAVE; SET GLOBAL read_only = OFF; USE payments")
    let before = try await pair.onPrimary.query("SELECT COUNT(*) AS n FROM counted").rows.first
    async let new = Self.run(
      ["run", "--lease", "3"], pair.replica, user: "worker",
      whileRunning: { ready.continuation.yield($0) })
    let newPid = try #require(await pids.next())
    try await wait(
      pair.onReplica, "(SELECT COUNT(*) FROM payments.counted WHERE server_number = 2) >= 3")
    kill(newPid, SIGTERM)
    kill(oldPid, SIGTERM)
    let (oldRun, newRun) = try await (old, new)
    #expect(newRun.status == 0 && newRun.output.contains("leading fencing_token=2"), "\(newRun)")
    #expect(oldRun.output.contains("database_lost"), "\(oldRun)")

    // Nothing was written on the old server after it was closed, and no time was run twice or lost.
    let after = try await pair.onPrimary.query("SELECT COUNT(*) AS n FROM counted").rows.first
    #expect(after?.integer("n") == before?.integer("n"))
    let runs = try await pair.onReplica.query(
      """
      SELECT COUNT(*) AS runs, (SELECT COUNT(*) FROM payments.counted) AS counted,
          TIMESTAMPDIFF(SECOND, MIN(scheduled_for), MAX(scheduled_for)) + 1 AS times,
          SUM(attempt_count > 1) AS repeated
      FROM payments.job_runs
      WHERE run_state = 'succeeded'
      """
    ).rows.first
    #expect(runs?.integer("runs") == runs?.integer("times"), "\(String(describing: runs?.values))")
    #expect(
      runs?.integer("counted") == runs?.integer("runs"), "\(String(describing: runs?.values))")
    try await pair.remove()
  }
}
