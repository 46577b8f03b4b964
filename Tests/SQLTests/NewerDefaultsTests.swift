import MariaDBClient
import TestSupport
import Testing

@testable import Schema

/// Defaults of MariaDB 11.8 that can be set on this server: another collation for schemas and
/// sessions, and an error where a record changed since the snapshot.
@Suite("Defaults of MariaDB 11.8", .timeLimit(.minutes(10)))
struct NewerDefaultsTests {
  private static let options = [
    "--collation-server=utf8mb4_uca1400_ai_ci", "--skip-character-set-client-handshake",
    "--innodb-snapshot-isolation=ON",
  ]

  /// A deployed schema created with the server's defaults, on a private server.
  private func withSchema(_ body: (Connection) async throws -> Void) async throws {
    let server = try await TestServer.privateServer(options: Self.options)
    var options = server.connectionOptions
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE newer CHARACTER SET utf8mb4")
    await administrator.close()
    options.database = "newer"
    let connection = try await Connection.open(options)
    try await CaptureDeployment.deploy(connection)
    try await body(connection)
    await connection.close()
    try await server.remove()
  }

  /// A session with the defaults of the server.
  private func client(of connection: Connection) async throws -> Connection {
    let client = try await Connection.open(connection.options)
    try await client.execute("SET NAMES utf8mb4 COLLATE utf8mb4_uca1400_ai_ci")
    return client
  }

  @Test("every view can be read, and no text has the server's default collation")
  func views() async throws {
    try await withSchema { connection in
      #expect(try await Deployment(connection: connection).drift().isEmpty)
      let client = try await client(of: connection)
      let foreign = try await client.query(
        """
        SELECT CONCAT_WS(' ', table_name, column_name, collation_name) AS text
        FROM information_schema.columns
        WHERE table_schema = DATABASE()
            AND collation_name NOT IN (
                'utf8mb4_general_ci', 'utf8mb4_bin', 'ascii_bin', 'ascii_general_ci',
                'ascii_nopad_bin')
        UNION ALL
        SELECT CONCAT_WS(' ', specific_name, parameter_name, collation_name)
        FROM information_schema.parameters
        WHERE specific_schema = DATABASE()
            AND collation_name NOT IN (
                'utf8mb4_general_ci', 'utf8mb4_bin', 'ascii_bin', 'ascii_general_ci',
                'ascii_nopad_bin')
        """)
      #expect(foreign.rows.compactMap { $0["text"] } == [])
      let views = try await client.query(
        "SELECT table_name AS name FROM information_schema.views WHERE table_schema = DATABASE()")
      #expect(views.rows.count > 100)
      for name in views.rows.compactMap({ $0["name"] }) {
        _ = try await client.query("SELECT * FROM `\(name)` LIMIT 1")
      }
      await client.close()
    }
  }

  @Test("clients with the server's collation can raise alerts, post, refresh and evaluate rules")
  func routines() async throws {
    try await withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await CaptureLedger.addPayments(200, connection)
      let client = try await client(of: connection)
      for call in [
        "CALL raise_alert('test', 'naïve – Ω', 'WARNING', 'it is so')",
        "CALL resolve_alert('test', 'naïve – Ω')",
        """
        CALL silence_alerts('test', 'naïve%', NULL, UTC_TIMESTAMP() + INTERVAL 1 HOUR, 'r', 'me', @i)
        """,
        "CALL refresh_rollups(100000)", "CALL evaluate_rules(NULL)", "CALL apply_risk_scores(NULL)",
        "CALL open_risk_cases(NULL)",
      ] {
        _ = try await client.queryAll(call)
      }
      let run = try await client.queryAll("CALL run_job('refresh_kpis', NULL, NULL, NULL, NULL)")
      #expect(run.last { !$0.columns.isEmpty }?.rows.first?["outcome"] == "succeeded")
      #expect(
        try await client.query("SELECT 1 FROM alerts WHERE alert_subject LIKE 'naïve%'").rows.count
          == 1)
      #expect(try await CaptureLedger.pending(client) == 0)
      #expect(try await CaptureLedger.differences(client) == [])
      await client.close()
    }
  }

  @Test(
    "a refresh is tried at most five times after changed records or deadlocks",
    arguments: [1020, 1213])
  func refreshIsMadeAgain(errno: Int) async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await CaptureLedger.addPayments(20, connection)
      let waiting = try await CaptureLedger.pending(connection)
      // A session variable counts what a rollback undoes.
      try await connection.execute(
        """
        CREATE TRIGGER fault BEFORE UPDATE ON rollup_state FOR EACH ROW
        BEGIN
            IF @faults > 0 THEN
                SET @faults = @faults - 1;
                SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = \(errno), MESSAGE_TEXT = 'conflict';
            END IF;
        END
        """)
      try await connection.execute("SET @faults = 5")
      let error = await #expect(throws: DatabaseError.self) {
        try await connection.execute("CALL refresh_rollups(100000)")
      }
      #expect(error?.errno == UInt32(errno))
      #expect(try await CaptureLedger.pending(connection) == waiting)
      try await connection.execute("SET @faults = 4")
      try await connection.execute("CALL refresh_rollups(100000)")
      #expect(try await CaptureLedger.pending(connection) == 0)
      #expect(try await CaptureLedger.differences(connection) == [])
    }
  }
}
