import MariaDBClient
import TestSupport
import Testing

@Suite("Capture beside other work", .timeLimit(.minutes(10)))
struct CaptureLockTests {
  private func impatient(_ connection: Connection) async throws -> Connection {
    let other = try await CaptureLedger.another(connection)
    try await other.execute("SET innodb_lock_wait_timeout = 2")
    return other
  }

  @Test("writers of every kind continue while a refresh is blocked before its end")
  func writersDuringRefresh() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(60, connection)
      try await CaptureLedger.drain(connection)
      try await CaptureLedger.addPayments(60, connection)
      let blocker = try await CaptureLedger.another(connection)
      try await blocker.execute("START TRANSACTION")
      try await blocker.execute("SELECT * FROM login_hour FOR UPDATE")
      let refresher = try await CaptureLedger.another(connection)
      async let refresh = refresher.query("CALL refresh_rollups(1000)")
      var isStuck = false
      for _ in 0..<2000 where !isStuck {
        isStuck =
          try await connection.query(
            """
            SELECT id FROM information_schema.processlist
            WHERE id = \(refresher.connectionId) AND info LIKE 'INSERT INTO login_hour%'
            """
          ).rows.isEmpty == false
        if !isStuck { try await Task.sleep(for: .milliseconds(5)) }
      }
      #expect(isStuck)
      for level in ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"] {
        let writer = try await impatient(connection)
        try await writer.execute("SET SESSION TRANSACTION ISOLATION LEVEL \(level)")
        try await CaptureLedger.addPayments(30, from: "2026-11-12", writer)
        try await writer.execute(
          "UPDATE transactions SET status = 'reversed' WHERE transaction_id % 7 = 1")
        try await writer.execute("DELETE FROM login_activity LIMIT 1")
        await writer.close()
      }
      try await blocker.execute("ROLLBACK")
      #expect(try await refresh.rows.first?.integer("transaction_changes") == 60)
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("an existing state row is locked, not written, since two writers would deadlock")
  func lockedState() async throws {
    try await CaptureSchema.use { connection in
      func written() async throws -> Int64 {
        try await connection.query(
          "SELECT CAST(variable_value AS SIGNED) AS n FROM \(connection.sessionStatus)"
            + " WHERE variable_name = 'HANDLER_WRITE'"
        ).rows.first?.integer("n") ?? -1
      }
      try await connection.execute("START TRANSACTION")
      let before = try await written()
      try await connection.execute("CALL lock_rollup_state()")
      let after = try await written()
      let again = try await written()
      #expect(after - before == again - after)
      try await connection.execute("ROLLBACK")
    }
  }

  @Test("an open writer blocks neither rates, rails and calendar nor other changes of its rail")
  func openWriter() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(60, connection)
      let writer = try await CaptureLedger.another(connection)
      try await writer.execute("START TRANSACTION")
      try await writer.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (1, '2026-11-12', 5, 'USD', 'wire', 'completed')
        """)
      try await writer.execute(
        """
        INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
        VALUES (LAST_INSERT_ID(), 'SEPA_CT', 5, 'USD', '2026-11-12')
        """)
      let treasury = try await impatient(connection)
      try await treasury.execute("INSERT INTO fx_rates VALUES ('USD', '2026-11-13', 0.9, 'test')")
      try await treasury.execute("UPDATE fx_rates SET rate_source = 'x' WHERE currency = 'USD'")
      try await treasury.execute("CALL build_settlement_windows('2018-01-01', '2030-12-31')")
      try await CaptureLedger.drain(treasury)
      #expect(try await CaptureLedger.pending(connection) == 0, "only the open change is left")
      try await writer.execute("COMMIT")
      #expect(try await CaptureLedger.pending(connection) == 2)
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("a refresh leaves the caller's isolation level, autocommit and temporary tables unchanged")
  func callerIsLeftAlone() async throws {
    try await CaptureSchema.use { connection in
      for level in ["REPEATABLE-READ", "SERIALIZABLE", "READ-UNCOMMITTED"] {
        try await CaptureLedger.addPayments(20, connection)
        let caller = try await CaptureLedger.another(connection)
        try await caller.execute("SET SESSION \(connection.isolationLevel) = '\(level)'")
        try await caller.execute("SET SESSION sql_mode = ''")
        try await caller.execute("SET autocommit = 0")
        try await CaptureLedger.drain(caller, limit: 5)
        #expect(await caller.isInTransaction == false)
        let found = try await caller.query("CALL reconcile_rollups('2026-11-06', '2026-11-07')")
        #expect(found.rows.isEmpty)
        #expect(await caller.isInTransaction == false)
        try await caller.execute("CALL rebuild_rollups('2026-11-06', '2026-11-07')")
        let settings = try await caller.query(
          "SELECT @@\(connection.isolationLevel) AS l, @@autocommit AS a, @@sql_mode AS m"
        ).rows.first
        #expect(settings?.values == [level, "0", ""])
        await #expect(throws: DatabaseError.self) {
          try await caller.execute("SELECT 1 FROM delta_metric")
        }
        await caller.close()
      }
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("the number of rows that a refresh reads depends on the changes, not on the history")
  func cost() async throws {
    try await CaptureSchema.use { connection in
      func rowsRead() async throws -> Int64 {
        try await connection.execute(
          "UPDATE transactions SET status = IF(status = 'failed', 'denied', 'failed') "
            + "WHERE transaction_id <= 300")
        return try await connection.rowsRead(by: "CALL refresh_rollups(100000)")
      }
      try await CaptureLedger.addPayments(1_000, connection)
      try await CaptureLedger.drain(connection)
      let small = try await rowsRead()
      try await connection.execute("START TRANSACTION")
      try await connection.execute("CALL begin_bulk_load()")
      try await connection.execute(
        """
        INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
            currency, base_amount, transaction_type, status)
        SELECT 100000 + seq, 1 + seq % 40, '2026-11-06' + INTERVAL seq * 20 SECOND, 7, 'EUR', 7,
            'wire', 'completed'
        FROM \(numbers(1...49_000)) AS n
        """)
      try await connection.execute(
        "CALL apply_bulk_load('transactions', 100001, 149000, 49000)")
      try await connection.execute("COMMIT")
      try await connection.execute("SET @payops_bulk_load = NULL")
      let large = try await rowsRead()
      #expect(small > 3_000, "the counters count")
      #expect(Double(large) <= 1.2 * Double(small), "\(small) rows, then \(large)")
    }
  }
}
