import MariaDBClient
import TestSupport
import Testing

@Suite("Refusals and failures of the capture routines", .timeLimit(.minutes(10)))
struct RoutineErrorTests {
  /// A statement that is refused, after statements that prepare it.
  struct Refusal: Sendable {
    let errno: UInt32
    let message: String
    let statement: String
    var before: [String] = []
  }

  private static let transaction = ["START TRANSACTION", "SELECT COUNT(*) FROM accounts"]
  private static let bulk = ["START TRANSACTION", "CALL begin_bulk_load()"]

  private static let refusals: [Refusal] = {
    var all: [Refusal] = []
    for limit in ["NULL", "0", "-5"] {
      all.append(
        Refusal(
          errno: 30002, message: "refresh_rollups: in_limit is not a positive number",
          statement: "CALL refresh_rollups(\(limit))"))
    }
    let routines = [
      "reconcile_rollups", "rebuild_rollups", "build_calendar_days", "build_settlement_windows",
    ]
    for routine in routines {
      let message = "\(routine): in_from and in_to are not a range of days"
      for range in ["NULL, '2026-11-06'", "'2026-11-06', NULL", "'2026-11-07', '2026-11-06'"] {
        all.append(
          Refusal(errno: 30002, message: message, statement: "CALL \(routine)(\(range))"))
      }
      all.append(
        Refusal(
          errno: 30001, message: "\(routine): called inside an open transaction",
          statement: "CALL \(routine)('2026-11-06', '2026-11-07')", before: transaction))
    }
    all.append(
      Refusal(
        errno: 30002, message: "build_calendar_days: in_from and in_to are not a range of days",
        statement: "CALL build_calendar_days('1700-01-01', '2030-01-01')"))
    all.append(
      Refusal(
        errno: 30001, message: "refresh_rollups: called inside an open transaction",
        statement: "CALL refresh_rollups(10)", before: transaction))
    all.append(
      Refusal(
        errno: 30008,
        message:
          "build_settlement_windows: calendar_days does not reach from in_from to in_to",
        statement: "CALL build_settlement_windows('2026-01-01', '2050-01-01')"))
    for table in ["NULL", "'accounts'", "''"] {
      all.append(
        Refusal(
          errno: 30006,
          message: "apply_bulk_load: in_table is not transactions, settlements or logins",
          statement: "CALL apply_bulk_load(\(table), 1, 2, 2)", before: bulk))
    }
    for arguments in ["NULL, 2, 2", "1, NULL, 2", "1, 2, NULL"] {
      all.append(
        Refusal(
          errno: 30002, message: "apply_bulk_load: an argument is NULL",
          statement: "CALL apply_bulk_load('logins', \(arguments))", before: bulk))
    }
    all.append(
      Refusal(
        errno: 30003, message: "apply_bulk_load: no open transaction holds the loaded rows",
        statement: "CALL apply_bulk_load('logins', 1, 1, 1)",
        before: ["CALL begin_bulk_load()"]))
    for flag in ["NULL", "0", "1", "LAST_INSERT_ID()"] {
      all.append(
        Refusal(
          errno: 30004,
          message:
            "apply_bulk_load: begin_bulk_load was not called in this session, so the rows were captured",
          statement: "CALL apply_bulk_load('logins', 1, 1, 1)",
          before: ["START TRANSACTION", "SET @payops_bulk_load = \(flag)"] + transaction.suffix(1)))
    }
    for (name, key) in [
      ("transactions", "transaction_id"), ("settlements", "settlement_id"), ("logins", "login_id"),
    ] {
      let table = name == "logins" ? "login_activity" : name
      all.append(
        Refusal(
          errno: 30005, message: "apply_bulk_load: \(name) holds 1 rows in the range, not 2",
          statement: "CALL apply_bulk_load('\(name)', (SELECT MIN(\(key)) FROM \(table)), "
            + "(SELECT MIN(\(key)) FROM \(table)), 2)", before: bulk))
      for (verb, statement) in [
        ("deleted", "DELETE FROM \(table) ORDER BY \(key) DESC LIMIT 1"),
        (
          "updated",
          "UPDATE \(table) SET \(name == "transactions" ? "location = 'Oslo'" : name == "logins" ? "login_time = NOW()" : "settlement_status = 'failed', settlement_date = NOW()") ORDER BY \(key) DESC LIMIT 1"
        ),
      ] {
        all.append(
          Refusal(
            errno: 30007, message: "\(table): row \(verb) in a session that loads in bulk",
            statement: statement, before: bulk))
      }
    }
    for statement in [
      "UPDATE settlements SET accepted_at = '1999-01-01' LIMIT 1",
      """
      INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
      SELECT MIN(transaction_id), 'SEPA_CT', 1, 'EUR', '2050-01-01' FROM transactions
      """,
    ] {
      all.append(
        Refusal(
          errno: 30010, message: "settlements: no due time, unknown rail or calendar not built",
          statement: statement))
    }
    return all
  }()

  private func failure(_ statement: String, _ connection: Connection) async -> DatabaseError? {
    do {
      try await connection.execute(statement)
      return nil
    } catch { return error }
  }

  @Test("every refusal of a capture routine has its number and text, and changes nothing")
  func refusals() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(40, connection)
      try await CaptureLedger.drain(connection)
      try await CaptureLedger.addPayments(20, from: "2026-11-08", connection)
      let before = try await CaptureLedger.state(connection)
      for refusal in Self.refusals {
        for statement in refusal.before { try await connection.execute(statement) }
        let error = await failure(refusal.statement, connection)
        #expect(error?.errno == refusal.errno, "\(refusal.statement)")
        #expect(error?.sqlState == "45000", "\(refusal.statement)")
        #expect(error?.serverMessage == refusal.message, "\(refusal.statement)")
        #expect(
          await connection.isInTransaction == refusal.before.contains("START TRANSACTION"),
          "\(refusal.statement)")
        try await connection.execute("COMMIT")
        try await connection.execute("SET @payops_bulk_load = NULL")
      }
      let after = try await CaptureLedger.state(connection)
      for table in before.keys { #expect(after[table] == before[table], "\(table)") }
    }
  }

  @Test(
    "a failure in the middle undoes everything, keeps its number, and is logged",
    arguments: [
      "CALL refresh_rollups(1000)", "CALL rebuild_rollups('2026-11-06', '2026-11-09')",
    ])
  func failureInTheMiddle(call: String) async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await CaptureLedger.addPayments(40, connection)
      try await CaptureLedger.drain(connection)
      try await CaptureLedger.addPayments(20, connection)
      // The rollup that is written last.
      for event in ["INSERT", "UPDATE"] {
        try await connection.execute(
          """
          CREATE TRIGGER login_hour_before_\(event.lowercased())_fail BEFORE \(event) ON login_hour
          FOR EACH ROW SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4242, MESSAGE_TEXT = 'disk is blue'
          """)
      }
      let before = try await CaptureLedger.state(connection)
      for autocommit in [1, 0] {
        try await connection.execute("SET autocommit = \(autocommit)")
        let error = await failure(call, connection)
        #expect(error?.errno == 4242)
        #expect(error?.sqlState == "23000")
        #expect(error?.serverMessage == "disk is blue")
        #expect(await connection.isInTransaction == false)
        try await connection.execute("ROLLBACK")
        try await connection.execute("SET autocommit = 1")
        let after = try await CaptureLedger.state(connection)
        for table in before.keys { #expect(after[table] == before[table], "\(table)") }
      }
      let log = try await connection.query(
        "SELECT error_number, sql_state, error_message, routine_name FROM routine_errors")
      #expect(log.rows.count == 2)
      for row in log.rows {
        #expect(row.text("error_number") == "4242")
        #expect(row.text("sql_state") == "23000")
        #expect(row.text("error_message") == "disk is blue")
        #expect(call.contains(row.text("routine_name") ?? "?"))
      }
      #expect(await failure("SELECT 1 FROM batch_transactions", connection)?.errno == 1146)
      // The log itself fails: the cause is still reported.
      try await connection.execute("RENAME TABLE routine_errors TO routine_errors_gone")
      #expect(await failure(call, connection)?.errno == 4242)
      try await connection.execute("RENAME TABLE routine_errors_gone TO routine_errors")
      try await connection.execute("DROP TRIGGER login_hour_before_insert_fail")
      try await connection.execute("DROP TRIGGER login_hour_before_update_fail")
      try await CaptureLedger.drain(connection)
      #expect(try await CaptureRecomputation.differences(connection) == [])
    }
  }

  @Test("a missing column is reported with its own number")
  func missingColumn() async throws {
    try await TestServer.withSchema { connection in
      try await CaptureLedger.seed(connection)
      try await CaptureLedger.addPayments(40, connection)
      try await connection.execute("ALTER TABLE login_hour DROP COLUMN failed_count")
      let before = try await CaptureLedger.state(connection)
      for call in [
        "CALL refresh_rollups(1000)", "CALL rebuild_rollups('2026-11-06', '2026-11-09')",
      ] {
        #expect(await failure(call, connection)?.errno == 1054, "\(call)")
        #expect(try await CaptureLedger.state(connection) == before, "\(call)")
      }
      let log = try await connection.query("SELECT COUNT(*) AS n FROM routine_errors")
      #expect(log.rows.first?.integer("n") == 2)
    }
  }
}
