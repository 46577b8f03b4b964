import MariaDBClient
import TestSupport
import Testing

@Suite("Bulk loads", .timeLimit(.minutes(10)))
struct CaptureBulkTests {
  private static func insert(_ first: Int, _ count: Int) -> String {
    """
    INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
        currency, transaction_type, location, status, requested_at, responded_at)
    SELECT \(first) + seq - 1, 1 + seq % 40, '2026-11-07' + INTERVAL seq * 97 SECOND, seq, 'EUR',
        'wire', ELT(1 + seq % 3, 'Rome', 'Bonn'), ELT(1 + seq % 3, 'completed', 'failed', 'pending'),
        '2026-11-07', '2026-11-07' + INTERVAL seq MINUTE_SECOND
    FROM \(numbers(1...count)) AS n
    """
  }

  /// Loads a chunk of each table in one transaction, as a loader does.
  private static func load(_ first: Int, _ count: Int, _ connection: Connection) async throws {
    try await connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    try await connection.execute("CALL begin_bulk_load()")
    try await connection.execute("START TRANSACTION")
    try await connection.execute(insert(first, count))
    try await connection.execute(
      "CALL apply_bulk_load('transactions', \(first), \(first + count - 1), \(count))")
    try await connection.execute(
      """
      INSERT INTO settlements (settlement_id, transaction_id, rail, settlement_amount, currency,
          accepted_at, settlement_status, settlement_date)
      SELECT transaction_id, transaction_id, 'CARD', 5, 'EUR', transaction_time, 'settled',
          transaction_time + INTERVAL 5 DAY
      FROM transactions WHERE transaction_id BETWEEN \(first) AND \(first + count - 1)
      """)
    try await connection.execute(
      "CALL apply_bulk_load('settlements', \(first), \(first + count - 1), \(count))")
    try await connection.execute(
      """
      INSERT INTO login_activity (login_id, customer_id, login_time, login_status)
      SELECT \(first) + seq - 1, 1, '2026-11-07' + INTERVAL seq MINUTE, 'failed'
      FROM \(numbers(1...count)) AS n
      """)
    try await connection.execute(
      "CALL apply_bulk_load('logins', \(first), \(first + count - 1), \(count))")
    try await connection.execute("COMMIT")
    try await connection.execute("SET @payops_bulk_load = NULL")
  }

  @Test("two loaders, a live writer and a refresher at once leave exact rollups")
  func concurrentLoads() async throws {
    try await CaptureSchema.use { connection in
      for table in ["transactions", "settlements", "login_activity"] {
        try await connection.execute("ALTER TABLE \(table) AUTO_INCREMENT = 5000000")
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for loader in 1...2 {
          group.addTask {
            let own = try await CaptureLedger.another(connection)
            for chunk in 0..<5 {
              try await Self.load(loader * 1_000_000 + chunk * 200, 200, own)
            }
            await own.close()
          }
        }
        group.addTask {
          let own = try await CaptureLedger.another(connection)
          for _ in 0..<10 { try await CaptureLedger.addPayments(20, from: "2026-11-08", own) }
          await own.close()
        }
        group.addTask {
          let own = try await CaptureLedger.another(connection)
          for _ in 0..<10 { try await own.execute("CALL refresh_rollups(50)") }
          await own.close()
        }
        try await group.waitForAll()
      }
      // With names, so that a failure says what differs.
      let before = try await CaptureLedger.differences(connection)
      #expect(before == [])
      try await CaptureLedger.drain(connection)
      let recomputed = try await CaptureRecomputation.differences(connection)
      #expect(recomputed == [])
      let after = try await CaptureLedger.differences(connection)
      #expect(after == [])
      let rows = try await connection.query("SELECT COUNT(*) AS n FROM transactions").rows.first
      #expect(rows?.integer("n") == 2200)
    }
  }

  @Test("a foreign row in the key range makes the load fail, and its rollback leaves nothing")
  func foreignRow() async throws {
    try await CaptureSchema.use { connection in
      try await connection.execute(Self.insert(1050, 1))
      try await CaptureLedger.drain(connection)
      let before = try await CaptureLedger.state(connection)
      let loader = try await CaptureLedger.another(connection)
      try await loader.execute("CALL begin_bulk_load()")
      try await loader.execute("START TRANSACTION")
      try await loader.execute(Self.insert(1000, 50))
      try await loader.execute(Self.insert(1051, 49))
      await #expect {
        try await loader.execute("CALL apply_bulk_load('transactions', 1000, 1099, 99)")
      } throws: {
        ($0 as? DatabaseError)?.serverMessage
          == "apply_bulk_load: transactions holds 100 rows in the range, not 99"
      }
      try await loader.execute("ROLLBACK")
      #expect(try await CaptureLedger.state(connection) == before)
      #expect(try await CaptureLedger.differences(connection) == [])
    }
  }

  @Test("a load rolled back after writing the rollups leaves nothing")
  func rolledBackLoad() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(30, connection)
      try await CaptureLedger.drain(connection)
      let before = try await CaptureLedger.state(connection)
      try await connection.execute("CALL begin_bulk_load()")
      try await connection.execute("START TRANSACTION")
      try await connection.execute(Self.insert(1000, 50))
      try await connection.execute("CALL apply_bulk_load('transactions', 1000, 1049, 50)")
      try await connection.execute("ROLLBACK")
      #expect(try await CaptureLedger.state(connection) == before)
    }
  }

  @Test("a key range may have gaps unless a foreign row is in one")
  func holes() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.drain(connection)
      let other = try await CaptureLedger.another(connection)
      try await connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
      for isTaken in [true, false] {
        if isTaken { try await other.execute(Self.insert(1003, 1)) }
        try await connection.execute("CALL begin_bulk_load()")
        try await connection.execute("START TRANSACTION")
        for key in [1000, 1002, 1005] { try await connection.execute(Self.insert(key, 1)) }
        let call = "CALL apply_bulk_load('transactions', 1000, 1005, 3)"
        if isTaken {
          let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute(call)
          }
          #expect(error?.errno == 30_005)
        } else {
          try await connection.execute(call)
        }
        try await connection.execute(isTaken ? "ROLLBACK" : "COMMIT")
        try await connection.execute("SET @payops_bulk_load = NULL")
        if isTaken {
          try await other.execute("DELETE FROM transactions WHERE transaction_id = 1003")
          try await CaptureLedger.drain(connection)
        }
      }
      #expect(try await CaptureLedger.differences(connection) == [])
    }
  }

  /// Opens a transaction whose snapshot is old when the load begins.
  private static func openSnapshot(
    isIsolated: Bool, _ connection: Connection
  ) async throws -> Connection {
    let loader = try await CaptureLedger.another(connection)
    if loader.serverVersion.isMariaDB {
      try await loader.execute("SET SESSION innodb_snapshot_isolation = \(isIsolated ? 1 : 0)")
    }
    try await loader.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await loader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT")
    return loader
  }

  /// Loads with an old snapshot. A server with snapshot isolation, the default of 11.8, refuses to
  /// change rows that changed since; rolled back and retried, as loaders do, the load succeeds.
  private static func loadLate(isIsolated: Bool, _ loader: Connection) async throws {
    func load() async throws {
      try await loader.execute("CALL begin_bulk_load()")
      try await loader.execute(Self.insert(1000, 50))
      try await loader.execute("CALL apply_bulk_load('transactions', 1000, 1049, 50)")
      try await loader.execute("COMMIT")
    }
    // MySQL has no such isolation: its statements read what is committed in either case.
    if isIsolated, loader.serverVersion.isMariaDB {
      let error = await #expect(throws: DatabaseError.self) { try await load() }
      #expect(error?.code == .recordChanged)
      try await loader.execute("ROLLBACK")
      try await loader.execute("START TRANSACTION")
    }
    try await load()
    await loader.close()
  }

  @Test("a loader with an old snapshot adds to the present window", arguments: [false, true])
  func oldSnapshot(isIsolated: Bool) async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.drain(connection)
      let loader = try await Self.openSnapshot(isIsolated: isIsolated, connection)
      try await CaptureLedger.keepDetail(days: 3, connection)
      try await connection.execute("SET @payops_as_of = '2026-11-29 00:00:00'")
      try await CaptureLedger.drain(connection)
      try await Self.loadLate(isIsolated: isIsolated, loader)
      #expect(try await CaptureRecomputation.differences(connection) == [])
      #expect(try await CaptureLedger.differences(connection) == [])
    }
  }

  @Test(
    "a loader keeps every minute when the window of minutes moves back meanwhile",
    arguments: [false, true])
  func windowMovesBack(isIsolated: Bool) async throws {
    try await CaptureSchema.use { connection in
      // Minutes are kept from 23 November on; the payments are of the 7th.
      try await CaptureLedger.keepDetail(days: 3, connection)
      try await CaptureLedger.drain(connection)
      let loader = try await Self.openSnapshot(isIsolated: isIsolated, connection)
      try await CaptureLedger.keepDetail(days: 20, connection)
      try await CaptureLedger.drain(connection)
      try await Self.loadLate(isIsolated: isIsolated, loader)
      let recomputed = try await CaptureRecomputation.differences(connection)
      #expect(recomputed == [])
      let reconciled = try await CaptureLedger.differences(connection)
      #expect(reconciled == [])
      let minutes = try await connection.query(
        "SELECT COUNT(DISTINCT metric_minute) AS n FROM metric_minute WHERE dimension = 'acquirer'")
      #expect(minutes.rows.first?.integer("n") ?? 0 > 1)
    }
  }

  @Test("a forged session variable does not stop capture, and an unfinished load is noticed")
  func flag() async throws {
    try await CaptureSchema.use { connection in
      // Another session loads in bulk, and its number is known.
      let other = try await Connection.open(connection.options)
      try await other.execute("CALL begin_bulk_load()")
      let number = try await LedgerFixture.number("SELECT @payops_bulk_load", on: other)
      await other.close()
      let flags = ["0", "NULL", "1", "2", "''", "\(number)", "\(number + 1)", "TRUE"]
      for (number, flag) in flags.enumerated() {
        try await connection.execute("SET @payops_bulk_load = \(flag)")
        try await connection.execute(Self.insert(1000 + number * 10, 10))
        try await connection.execute(
          "INSERT INTO login_activity (customer_id, login_time, login_status) "
            + "VALUES (1, '2026-11-09', 'failed')")
      }
      #expect(try await CaptureLedger.pending(connection) == Int64(11 * flags.count))
      try await connection.execute("CALL begin_bulk_load()")
      try await connection.execute(Self.insert(2000, 10))
      #expect(try await CaptureLedger.pending(connection) == Int64(11 * flags.count))
      try await connection.execute("SET @payops_bulk_load = NULL")
      #expect(try await CaptureLedger.differences(connection).isEmpty == false)
    }
  }

  @Test("no session variable hides a deleted or changed payment")
  func guards() async throws {
    try await CaptureSchema.use { connection in
      try await connection.execute(Self.insert(1000, 3))
      _ = try await connection.query("CALL refresh_rollups(1000)")
      try await connection.execute("SET @payops_archiving = 1, @payops_bulk_load = 1")
      try await connection.execute("DELETE FROM transactions WHERE transaction_id = 1000")
      try await connection.execute(
        "UPDATE transactions SET status = 'reversed' WHERE transaction_id = 1001")
      #expect(try await CaptureLedger.pending(connection) == 3)
      _ = try await connection.query("CALL refresh_rollups(1000)")
      #expect(try await CaptureLedger.differences(connection) == [])
    }
  }
}
