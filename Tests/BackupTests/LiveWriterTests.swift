import Foundation
import MariaDBClient
import Synchronization
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Backups of a schema that is written to", .timeLimit(.minutes(30)))
struct LiveWriterTests {
  /// Rounds of a backup and its proof: a few, or twenty in the long form (`make test-long`).
  private static let rounds =
    ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] == nil ? 2 : 20

  @Test("every backup is valid while payments arrive and captured changes are pending")
  func liveWriter() async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'Ann', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        """)
      let written = Mutex(0)
      let writing = Task {
        let writer = try await Connection.open(connection.options)
        while !Task.isCancelled {
          try await writer.execute(
            """
            INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status)
            VALUES (1, UTC_TIMESTAMP(), 10, 'EUR', 'transfer', 'completed')
            """)
          written.withLock { $0 += 1 }
        }
        await writer.close()
      }
      for round in 1...Self.rounds {
        // A writer without a pause would make each round longer than the one before.
        _ = try await connection.query("CALL refresh_rollups(1000000)")
        try await connection.execute("DELETE FROM transactions")
        let before = written.withLock { $0 }
        let sample = try await BackupSample.make(connection)
        let waiting = sample.manifest.tables.first { $0.name == "transaction_changes" }
        #expect(waiting?.rows ?? 0 > 0, "no change waited in round \(round)")
        #expect(sample.manifest.views?.isClockHeld == true)
        #expect(sample.manifest.views?.uncompared == [])
        let outcome = try await sample.examine()
        #expect(outcome.findings == [], "round \(round)")
        #expect(outcome.state == .verified)
        #expect(written.withLock { $0 } > before, "nobody wrote in round \(round)")
      }
      writing.cancel()
      try await writing.value
    }
  }

  @Test("one published view reads the clock, and no other depends on the session")
  func publishedViews() async throws {
    try await TestServer.withSchema { connection in
      let published = Set(
        try await connection.query("SELECT DISTINCT source_view AS name FROM kpi_catalog").rows
          .compactMap { $0["name"] })
      let unsteady = try await UnsteadyViews.read(on: connection)
      #expect(unsteady.names(clockIsHeld: false).intersection(published) == ["ops_rollup_lag"])
      #expect(unsteady.names(clockIsHeld: true).intersection(published) == [])
    }
  }

  @Test("views that read values outside a session's control are not compared, even indirectly")
  func unsteadyViews() {
    let views = UnsteadyViews([
      ("as_of", "RETURN COALESCE(@payops_as_of, UTC_TIMESTAMP())"),
      ("steady", "select `as_of`() AS `now`,'rand()' AS `sysdate` from `t`"),
      ("clock", "select `t`.`a` - utc_timestamp(3) AS `b` from `t`"),
      ("above", "select `clock`.`b` AS `b` from `clock`"),
      ("drawn", "select rand() AS `r` from `t`"),
      ("hidden", "RETURN SYSDATE()"),
      ("caller", "select `hidden`() AS `h`"),
      ("sessions", "select 1 AS `n` from `information_schema`.`processlist`"),
    ])
    #expect(views.names(clockIsHeld: true) == ["drawn", "hidden", "caller", "sessions"])
    #expect(
      views.names(clockIsHeld: false)
        == ["drawn", "hidden", "caller", "sessions", "clock", "above"])
  }

  private static let watched = """
    CREATE TABLE kpi_catalog (
      kpi VARCHAR(40) PRIMARY KEY, source_view VARCHAR(64) NOT NULL, default_filter VARCHAR(80)
    );
    INSERT INTO kpi_catalog VALUES ('age', 'ages', NULL), ('drawn', 'lots', NULL),
      ('sum', 'sums', NULL);
    CREATE TABLE facts (fact_id INT PRIMARY KEY, seen_at DATETIME(3) NOT NULL);
    INSERT INTO facts VALUES (1, '2020-01-01 00:00:00'), (2, UTC_TIMESTAMP(3));
    CREATE VIEW ages AS SELECT fact_id, TIMESTAMPDIFF(MICROSECOND, seen_at, UTC_TIMESTAMP(6)) AS age
      FROM facts;
    CREATE VIEW lots AS SELECT fact_id, RAND() AS lot FROM facts;
    CREATE VIEW sums AS SELECT SUM(fact_id) AS total FROM facts;

    """

  @Test("backups are valid on a server whose sessions may not set the clock")
  func secureTimestamp() async throws {
    let server = try await TestServer.privateServer(options: ["--secure-timestamp=YES"])
    var options = server.connectionOptions
    let owner = try await Connection.open(options)
    try await owner.execute("CREATE DATABASE shop")
    await owner.close()
    options.database = "shop"
    let connection = try await Connection.open(options)
    try await connection.runScript(Self.watched)
    let sample = try await BackupSample.make(connection)
    #expect(sample.manifest.views?.isClockHeld == false)
    #expect(sample.manifest.views?.uncompared == ["ages", "lots"])
    #expect(sample.manifest.views?.digests.keys.sorted() == ["sums"])
    #expect(try await sample.examine().findings == [])
    await connection.close()
    try await server.remove()
  }

  @Test("a view that takes too long to read is named and not compared, unlike the others")
  func slowView() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(Self.watched)
      try await connection.runScript(
        """
        CREATE VIEW endless AS SELECT a.seq FROM seq_1_to_1000000 AS a, seq_1_to_1000000 AS b;
        INSERT INTO kpi_catalog VALUES ('endless', 'endless', NULL)
        """)
      let asOf = "2026-11-01 00:00:00.000"
      let found = try #require(
        try await PublishedViews.read(on: connection, asOf: asOf, secondsEach: 0.3))
      #expect(found.uncompared == ["endless", "lots"])
      #expect(found.digests.keys.sorted() == ["ages", "sums"])
      // A verification reads exactly what the backup read.
      let again = try await PublishedViews.read(
        on: connection, asOf: asOf, wanted: Set(found.digests.keys))
      #expect(again?.digests == found.digests)
    }
  }

  @Test("views that read the clock are compared at the instant of the snapshot")
  func clockIsHeld() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript(Self.watched)
      let sample = try await BackupSample.make(connection)
      #expect(sample.manifest.views?.uncompared == ["lots"])
      #expect(try await sample.examine().findings == [])
      let other = try sample.withManifest { fields in
        var views = try #require(fields["views"] as? [String: Any])
        var digests = try #require(views["digests"] as? [String: String])
        digests["ages"] = "2:0.0"
        views["digests"] = digests
        fields["views"] = views
      }
      #expect(try await other.examine().findings.map(\.check) == ["views"])
      // In a backup of an older version the clock was running.
      let older = try other.withManifest { fields in
        var views = try #require(fields["views"] as? [String: Any])
        views["is_clock_held"] = nil
        views["uncompared"] = nil
        fields["views"] = views
      }
      #expect(try await older.examine().findings == [])
    }
  }
}
