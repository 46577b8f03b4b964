import MariaDBClient
import TestSupport
import Testing

@Suite("Cases", .timeLimit(.minutes(5)))
struct CaseTests {
  static let day = "2026-03-19 10:00:00"

  /// A fixture with hits of customers 1 (80 points) and 2 (20 points), applied.
  func withHits(_ body: (RuleFixture, Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      let fixture = try await RuleFixture.open(on: connection)
      try await connection.execute(
        "UPDATE settings SET setting_value = '70' WHERE setting_name = 'case_minimum_score'")
      try await connection.execute("UPDATE rules SET is_enabled = rule_id IN ('A01', 'A09')")
      try await connection.execute("UPDATE rule_versions SET points = 80 WHERE rule_id = 'A09'")
      try await fixture.add([
        .init(at: Self.day, amount: 60_000, type: "wire"),
        .init(at: Self.day, amount: 20_000, type: "cash_deposit"),
        .init(account: 2, at: Self.day, amount: 20_000, type: "cash_deposit"),
      ])
      try await score(fixture, connection)
      try await body(fixture, connection)
    }
  }

  func score(_ fixture: RuleFixture, _ connection: Connection) async throws {
    try await fixture.evaluate()
    _ = try await connection.query("CALL apply_risk_scores('\(RuleFixture.now)')")
  }

  func open(_ connection: Connection, at moment: String = RuleFixture.now) async throws
    -> [Int64]
  {
    let row = try await connection.query("CALL open_risk_cases('\(moment)')").rows.first
    return [row?.integer("opened_count") ?? -1, row?.integer("hit_count") ?? -1]
  }

  func errno(_ statement: String, on connection: Connection) async -> UInt32? {
    do {
      _ = try await connection.query(statement)
      return nil
    } catch {
      return UInt32(error.errno)
    }
  }

  func cases(_ connection: Connection) async throws -> [String] {
    try await LedgerFixture.texts(
      "SELECT CONCAT_WS(' ', case_id, customer_id, case_state, COALESCE(assignee, '-'),"
        + " COALESCE(disposition, '-'), hit_count, is_overdue) FROM risk_case_list ORDER BY 1",
      on: connection)
  }

  @Test("customers whose score is high enough get one case each")
  func opening() async throws {
    try await withHits { fixture, connection in
      #expect(try await open(connection) == [1, 2])
      #expect(try await cases(connection) == ["1 1 open - - 2 0"])
      #expect(try await open(connection) == [0, 0])
      // Another hit joins the open case, although the score is unchanged.
      try await fixture.add([.init(at: "2026-03-20 09:00:00", amount: 30_000, type: "cash_deposit")]
      )
      try await score(fixture, connection)
      #expect(try await open(connection) == [0, 1])
      #expect(try await cases(connection) == ["1 1 open - - 3 0"])
      // With a lower threshold the other customer has one, too.
      try await connection.execute(
        "UPDATE settings SET setting_value = '10' WHERE setting_name = 'case_minimum_score'")
      #expect(try await open(connection) == [1, 1])
      #expect(try await cases(connection) == ["1 1 open - - 3 0", "2 2 open - - 1 0"])
    }
  }

  @Test("a case is assigned, noted, rescheduled, decided and reopened, with log entries")
  func life() async throws {
    try await withHits { _, connection in
      _ = try await open(connection)
      for statement in [
        "CALL assign_case(1, 'ana')", "CALL add_case_note(1, 'asked the branch')",
        "CALL set_case_due_date(1, '2026-03-20 11:59:59')",
      ] { _ = try await connection.query(statement) }
      #expect(try await cases(connection) == ["1 1 assigned ana - 2 1"])
      _ = try await connection.query("CALL decide_case(1, 'escalated', 'too large for me')")
      #expect(try await cases(connection) == ["1 1 assigned ana escalated 2 1"])
      _ = try await connection.query("CALL decide_case(1, 'reported', 'filed')")
      #expect(try await cases(connection) == ["1 1 closed ana reported 2 0"])
      #expect(await errno("CALL assign_case(1, 'bo')", on: connection) == 30506)
      _ = try await connection.query("CALL add_case_note(1, 'late note')")
      _ = try await connection.query("CALL reopen_case(1, 'more')")
      #expect(try await cases(connection) == ["1 1 assigned ana - 2 1"])
      #expect(await errno("CALL reopen_case(1, 'more')", on: connection) == 30506)
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', change_kind, change_text) FROM risk_case_history"
            + " ORDER BY change_id", on: connection) == [
            "opened opened by its hits", "assigned ana", "note asked the branch",
            "due_date 2026-03-20 11:59:59", "disposition escalated: too large for me",
            "disposition reported: filed", "note late note", "reopened more",
          ])
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM risk_case_history WHERE changed_by <> USER()", on: connection) == 0)
    }
  }

  @Test("an invalid change of a case is refused without effect")
  func refusals() async throws {
    try await withHits { _, connection in
      _ = try await open(connection)
      let before = try await cases(connection)
      for (statement, number) in [
        ("CALL assign_case(9, 'ana')", 30505), ("CALL assign_case(1, ' ')", 30002),
        ("CALL assign_case(1, NULL)", 30002), ("CALL add_case_note(1, '')", 30002),
        ("CALL decide_case(1, 'maybe', 'x')", 30002),
        ("CALL decide_case(1, 'confirmed', '')", 30002),
        ("CALL decide_case(1, NULL, 'x')", 30002), ("CALL set_case_due_date(1, NULL)", 30002),
      ] {
        #expect(await errno(statement, on: connection) == UInt32(number), "\(statement)")
      }
      try await connection.execute("START TRANSACTION")
      #expect(await errno("CALL assign_case(1, 'ana')", on: connection) == 30001)
      #expect(await errno("CALL open_risk_cases(NULL)", on: connection) == 30001)
      try await connection.execute("ROLLBACK")
      #expect(try await cases(connection) == before)
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM risk_case_changes", on: connection)
          == 1)
    }
  }

  @Test("a failure while a case is opened or changed leaves nothing half done")
  func faults() async throws {
    try await withHits { _, connection in
      try await connection.execute("RENAME TABLE risk_case_hits TO risk_case_hits_away")
      #expect(await errno("CALL open_risk_cases(NULL)", on: connection) == 1146)
      try await connection.execute("RENAME TABLE risk_case_hits_away TO risk_case_hits")
      #expect(try await cases(connection) == [])
      #expect(try await open(connection) == [1, 2])
      try await connection.execute("ALTER TABLE risk_case_changes MODIFY change_text VARCHAR(18)")
      #expect(
        await errno("CALL decide_case(1, 'confirmed', 'long reason')", on: connection) == 1406)
      #expect(try await cases(connection) == ["1 1 open - - 2 0"])
    }
  }

  @Test("a hit after the decision opens a new case, beside which the old one stays closed")
  func afterwards() async throws {
    try await withHits { fixture, connection in
      _ = try await open(connection)
      _ = try await connection.query("CALL decide_case(1, 'false_positive', 'known')")
      #expect(try await open(connection) == [0, 0])
      try await fixture.add([.init(at: "2026-03-20 09:00:00", amount: 70_000, type: "wire")])
      try await score(fixture, connection)
      #expect(try await open(connection) == [1, 1])
      #expect(
        try await cases(connection) == ["1 1 closed - false_positive 2 0", "2 1 open - - 1 0"])
      #expect(await errno("CALL reopen_case(1, 'x')", on: connection) == 1062)
    }
  }

  @Test("precision of rules follows from decisions, and what-if counts hits in confirmed cases")
  func precision() async throws {
    try await withHits { _, connection in
      try await connection.execute(
        "UPDATE settings SET setting_value = '10' WHERE setting_name = 'case_minimum_score'")
      _ = try await open(connection)
      let precision = { (connection: Connection) async throws in
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', rule_id, hit_count, confirmed_count, false_positive_count,"
            + " undecided_count, COALESCE(hit_precision, '-')) FROM risk_rule_precision ORDER BY 1",
          on: connection)
      }
      #expect(try await precision(connection) == ["A01 2 0 0 2 -", "A09 1 0 0 1 -"])
      _ = try await connection.query("CALL decide_case(1, 'confirmed', 'mule')")
      _ = try await connection.query("CALL decide_case(2, 'false_positive', 'shop')")
      #expect(try await precision(connection) == ["A01 2 1 1 0 0.5000", "A09 1 1 0 0 1.0000"])
      let trial = try await connection.query(
        "CALL rule_whatif('A01', '{\"minimum_amount\": 15000}', '2026-03-19', '2026-03-19')")
      #expect(trial.rows.map { $0.integer("hit_count") } == [2, 2])
      #expect(trial.rows.map { $0["confirmed_count"] } == ["1", "1"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', rule_id, transaction_id) FROM risk_case_payments"
            + " WHERE case_id = 1 ORDER BY 1", on: connection) == ["A01 2", "A09 1"])
    }
  }
}
