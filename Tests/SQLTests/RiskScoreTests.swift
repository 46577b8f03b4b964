import MariaDBClient
import TestSupport
import Testing

@Suite("Risk scores", .timeLimit(.minutes(5)))
struct RiskScoreTests {
  static let day = "2026-03-19 10:00:00"

  func withFixture(_ body: (RuleFixture, Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await body(try await RuleFixture.open(on: connection), connection)
    }
  }

  func errno(_ body: () async throws -> Void) async -> UInt32? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? DatabaseError).map { UInt32($0.errno) }
    }
  }

  func apply(at moment: String = RuleFixture.now, on connection: Connection) async throws
    -> [Int64]
  {
    let row = try await connection.query("CALL apply_risk_scores('\(moment)')").rows.first
    return [row?.integer("event_count") ?? -1, row?.integer("changed_count") ?? -1]
  }

  func score(_ customer: Int, _ connection: Connection) async throws -> String {
    try await LedgerFixture.texts(
      "SELECT risk_score FROM customers WHERE customer_id = \(customer)", on: connection)[0]
  }

  /// Every table of rules and scores, and the customers.
  func everything(_ connection: Connection) async throws -> [String] {
    var found: [String] = []
    for table in [
      "rules", "rule_versions", "rule_parameters", "risk_hits", "risk_events", "risk_overrides",
      "customers", "risk_scope", "risk_pending", "risk_scope_day", "transfer_day",
    ] {
      found += try await connection.query("SELECT * FROM \(table) ORDER BY 1, 2").rows
        .map { "\(table): \($0.values)" }
    }
    return found
  }

  static let cash = RuleFixture.Payment(at: day, amount: 20_000, type: "cash_deposit")

  @Test("only changed accounts are evaluated, and nothing is hit or counted twice")
  func incremental() async throws {
    try await withFixture { fixture, connection in
      try await fixture.add([Self.cash, .init(account: 2, at: Self.day, amount: 1)])
      let first = try await fixture.evaluate()
      #expect(first[0] == 2)
      #expect(first[1] == first[2])
      #expect(try await fixture.hits(of: "A01") == ["payment:1"])
      #expect(try await apply(on: connection)[0] == first[2])
      let before = try await everything(connection)
      #expect(try await fixture.evaluate() == [0, 0, 0, 0])
      #expect(try await apply(on: connection) == [0, 0])
      // Another payment of the same account and day: the same windows are hit, not new ones.
      try await fixture.add([.init(at: Self.day, amount: 1)])
      let again = try await fixture.evaluate()
      #expect(again[0] == 1)
      #expect(again[1] > 0)
      #expect(again[2] == 0)
      #expect(try await apply(on: connection) == [0, 0])
      let after = try await everything(connection).filter {
        !$0.hasPrefix("risk_scope_day") && !$0.hasPrefix("risk_scope")
      }
      #expect(
        after
          == before.filter { !$0.hasPrefix("risk_scope_day") && !$0.hasPrefix("risk_scope") })
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_risk_scores", on: connection) == [])
    }
  }

  @Test(
    "late and changed payments are evaluated, and day features equal the payments")
  func late() async throws {
    try await withFixture { fixture, connection in
      try await fixture.add([.init(at: "2026-03-19 10:00:00", amount: 10, other: 2)])
      try await fixture.evaluate()
      try await fixture.add([
        .init(at: "2026-02-10 10:00:00", amount: 9_000),
        .init(at: "2026-02-10 11:00:00", amount: 9_000),
        .init(at: "2026-02-10 12:00:00", amount: 9_000, status: "pending"),
      ])
      try await fixture.evaluate()
      #expect(try await fixture.hits(of: "A03") == [])
      try await connection.execute(
        "UPDATE transactions SET status = 'completed' WHERE transaction_id = 4")
      try await connection.execute(
        "UPDATE transactions SET status = 'reversed' WHERE transaction_id = 1")
      try await fixture.refresh()
      try await fixture.evaluate()
      #expect(try await fixture.hits(of: "A03") == ["account:1"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', account_id, risk_date, attempt_count, out_count, out_amount + 0e0,"
            + " received_count, maximum_amount + 0e0) FROM risk_scope_day ORDER BY 1",
          on: connection) == [
            "1 2026-02-10 3 3 27000 0 9000", "1 2026-03-19 1 0 0 0 0",
          ])
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transfer_day", on: connection) == 0)
    }
  }

  @Test("points decay by half-life, are capped at 100, and expire")
  func decay() async throws {
    try await withFixture { fixture, connection in
      try await connection.execute("UPDATE rules SET is_enabled = rule_id = 'A01'")
      try await connection.execute("UPDATE rule_versions SET points = 80 WHERE rule_id = 'A01'")
      try await fixture.add([Self.cash])
      try await fixture.evaluate()
      #expect(try await apply(at: Self.day, on: connection) == [1, 1])
      #expect(try await score(1, connection) == "80.00")
      #expect(try await apply(at: "2026-04-18 10:00:00", on: connection) == [0, 1])
      #expect(try await score(1, connection) == "40.00")
      #expect(try await apply(at: "2026-09-15 09:59:59", on: connection) == [0, 1])
      #expect(try await score(1, connection) == "1.25")
      #expect(try await apply(at: "2026-09-15 10:00:00", on: connection) == [0, 1])
      #expect(try await score(1, connection) == "0.00")
      try await fixture.add([
        .init(at: "2026-03-19 11:00:00", amount: 20_000, type: "cash_deposit")
      ])
      try await fixture.evaluate()
      // Two hits of one rule count as one, unless two are allowed to.
      _ = try await apply(at: "2026-03-19 11:00:00", on: connection)
      #expect(try await score(1, connection) == "80.00")
      let counted = try await connection.query("CALL explain_risk(1)").rows
      // What counts is split over both, the newer one a little more.
      let parts = counted.compactMap { $0["counted_points"] }.compactMap { Double($0) }
      #expect(parts.count == 2 && abs(parts[0] + parts[1] - 80) < 0.001)
      try await connection.execute(
        "UPDATE settings SET setting_value = '2' WHERE setting_name = 'risk_rule_cap_hits'")
      _ = try await apply(at: "2026-03-19 11:00:00", on: connection)
      #expect(try await score(1, connection) == "100.00")
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', risk_band, event_count) FROM risk_scores WHERE customer_id = 1",
          on: connection) == ["High 2"])
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_risk_scores", on: connection) == [])
      try await connection.execute("UPDATE customers SET risk_score = 5 WHERE customer_id = 3")
      #expect(
        try await LedgerFixture.texts(
          "SELECT customer_id FROM integrity_risk_scores", on: connection)
          == ["3"])
    }
  }

  @Test("scores are applied completely or not at all, and a failure is logged")
  func failure() async throws {
    try await withFixture { fixture, connection in
      try await fixture.add([Self.cash, .init(account: 2, at: Self.day, amount: 60_000)])
      try await fixture.evaluate()
      let before = try await everything(connection)
      for table in ["BEFORE INSERT ON risk_events", "BEFORE UPDATE ON customers"] {
        try await connection.execute(
          "CREATE TRIGGER sabotage \(table) FOR EACH ROW BEGIN IF NEW.customer_id = 2 THEN"
            + " SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31999, MESSAGE_TEXT = 'sabotage';"
            + " END IF; END")
        let number = await errno { _ = try await apply(on: connection) }
        try await connection.execute("DROP TRIGGER sabotage")
        #expect(number == 31999, "\(table)")
        #expect(try await everything(connection) == before)
      }
      // The log of the run is a part of it, too.
      try await connection.execute(
        "CREATE TRIGGER sabotage BEFORE INSERT ON risk_score_runs FOR EACH ROW BEGIN"
          + " IF NEW.error_number IS NULL THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31999,"
          + " MESSAGE_TEXT = 'sabotage'; END IF; END")
      let number = await errno { _ = try await apply(on: connection) }
      try await connection.execute("DROP TRIGGER sabotage")
      #expect(number == 31999)
      #expect(try await everything(connection) == before)
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', error_number, error_message) FROM risk_score_runs", on: connection)
          == ["31999 sabotage", "31999 sabotage", "31999 sabotage"])
      #expect(try await apply(on: connection)[1] == 2)
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_risk_scores", on: connection) == [])
    }
  }

  @Test("an override counts for its period, history stays, and a score is explained")
  func override() async throws {
    try await withFixture { fixture, connection in
      try await connection.execute("UPDATE rules SET is_enabled = rule_id IN ('A01', 'A10')")
      try await fixture.add([Self.cash])
      try await fixture.evaluate()
      _ = try await apply(at: Self.day, on: connection)
      #expect(try await score(1, connection) == "30.00")
      try await connection.execute("CALL override_risk_score(1, 95.5, 'police asked', 10)")
      #expect(
        try await LedgerFixture.number(
          """
          SELECT COUNT(*) FROM risk_overrides
          WHERE ABS(TIMESTAMPDIFF(SECOND, set_at, server_clock())) < 600
              AND expires_at = set_at + INTERVAL 10 DAY
          """, on: connection) == 1)
      // It counts from now on; the fixture has its own present.
      try await connection.execute(
        "UPDATE risk_overrides SET set_at = as_of(), expires_at = as_of() + INTERVAL 10 DAY")
      _ = try await apply(on: connection)
      #expect(try await score(1, connection) == "95.50")
      let listed = try await connection.query("CALL explain_risk(1)").rows
      #expect(listed.map { $0["rule_id"] } == ["override", "A01", "A10"])
      #expect(listed.map { $0["evidence"] }.first == "police asked")
      _ = try await apply(at: "2026-03-31 12:00:00", on: connection)
      #expect(try await score(1, connection) < "30.00")
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_risk_scores", on: connection) == [])
      for arguments in [
        "1, 100.01, 'why', 1", "1, -1, 'why', 1", "1, NULL, 'why', 1", "1, 5, '', 1",
        "1, 5, 'why', 0",
      ] {
        let number = await errno {
          try await connection.execute("CALL override_risk_score(\(arguments))")
        }
        #expect(number == 30002, "\(arguments)")
      }
      for call in ["override_risk_score(777, 1, 'why', 1)", "explain_risk(777)"] {
        let number = await errno { _ = try await connection.query("CALL \(call)") }
        #expect(number == 30502)
      }
    }
  }

  @Test("a failed rule is logged with its error, stops no other, and catches up once fixed")
  func failingRule() async throws {
    try await withFixture { fixture, connection in
      let definition = try await connection.query("SHOW CREATE VIEW rule_a09_large_transfer").rows
        .first?["Create View"]
      try await connection.execute(
        "CREATE OR REPLACE VIEW rule_a09_large_transfer AS SELECT missing FROM (SELECT 1 AS missing) AS m"
      )
      try await fixture.add([Self.cash, .init(account: 2, at: Self.day, amount: 60_000)])
      #expect(try await fixture.evaluate()[3] == 1)
      #expect(try await fixture.failures().first?.hasPrefix("A09: ") == true)
      #expect(try await fixture.hits(of: "A01") == ["payment:1"])
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(*) FROM risk_rule_catalog WHERE last_error IS NOT NULL", on: connection)
          == 1)
      try await connection.execute("DROP VIEW rule_a09_large_transfer")
      try await connection.execute(try #require(definition))
      #expect(try await fixture.evaluate()[3] == 0)
      #expect(try await fixture.hits(of: "A09") == ["payment:2"])
      #expect(try await fixture.evaluate() == [0, 0, 0, 0])
    }
  }

  @Test("one evaluation runs at a time, and none inside a transaction of the caller")
  func alone() async throws {
    try await withFixture { fixture, connection in
      var options = connection.options
      options.database = try await LedgerFixture.texts("SELECT DATABASE()", on: connection).first
      let other = try await Connection.open(options)
      try await other.execute(
        "DO GET_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules'), 0)")
      let calls = [
        "evaluate_rules(NULL)", "apply_risk_scores(NULL)",
        "rule_whatif('A01', NULL, '2026-03-01', '2026-03-02')",
      ]
      for call in calls {
        let number = await errno { _ = try await connection.query("CALL \(call)") }
        #expect(number == 30501, "\(call)")
      }
      try await other.execute(
        "DO RELEASE_LOCK(CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules'))")
      await other.close()
      try await connection.execute("START TRANSACTION")
      for call in calls + ["activate_rule_version('A01', 2)"] {
        let number = await errno { _ = try await connection.query("CALL \(call)") }
        #expect(number == 30001, "\(call)")
      }
      try await connection.execute("ROLLBACK")
      #expect(try await fixture.evaluate()[3] == 0)
      #expect(
        try await LedgerFixture.texts("SELECT @payops_as_of", on: connection).first?
          .hasPrefix(RuleFixture.now) == true)
    }
  }

  @Test("payments with a future date wait for a later run, from the earlier of two days")
  func later() async throws {
    try await withFixture { fixture, connection in
      try await fixture.add([
        .init(account: 1, at: "2026-03-20 13:00:00", amount: 10),
        .init(account: 2, at: "2026-03-20 13:00:00", amount: 10),
      ])
      // As if a refresh ran in between.
      try await connection.execute(
        """
        CREATE TRIGGER refresh_in_between AFTER UPDATE ON risk_runs FOR EACH ROW
        INSERT IGNORE INTO risk_pending (account_id, from_date)
        VALUES (1, '2026-03-10'), (3, '2026-03-11')
        """)
      try await fixture.evaluate()
      try await connection.execute("DROP TRIGGER refresh_in_between")
      let waiting = try await connection.query(
        "SELECT account_id, from_date FROM risk_pending ORDER BY account_id")
      #expect(
        waiting.rows.map(\.values) == [
          ["1", "2026-03-10"], ["2", "2026-03-20"], ["3", "2026-03-11"],
        ])
    }
  }
}
