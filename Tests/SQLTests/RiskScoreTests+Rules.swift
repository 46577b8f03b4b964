import MariaDBClient
import TestSupport
import Testing

extension RiskScoreTests {
  @Test("other parameters are tried on history without changing anything")
  func whatIf() async throws {
    try await withFixture { fixture, connection in
      try await fixture.add([
        Self.cash, .init(account: 2, at: Self.day, amount: 15_000, type: "cash_deposit"),
        .init(account: 3, at: "2026-03-01 10:00:00", amount: 20_000, type: "cash_deposit"),
      ])
      try await fixture.evaluate()
      let before = try await everything(connection)
      let rows = try await connection.query(
        "CALL rule_whatif('A01', '{\"minimum_amount\": 15000}', '2026-03-10', '2026-03-19')"
      ).rows
      #expect(
        rows.map { row in
          ["variant", "hit_count", "hits_per_day", "customer_count", "common_count", "amount"]
            .map { row[$0] ?? "-" }
        } == [
          ["live", "2", "0.2000", "2", "1", "35000.0000"],
          ["draft", "1", "0.1000", "1", "1", "20000.0000"],
        ])
      #expect(try await everything(connection) == before)
      for (arguments, expected) in [
        ("'A01', '{\"minimum_count\": 1}', '2026-03-10', '2026-03-19'", 30002),
        ("'A01', 'nonsense', '2026-03-10', '2026-03-19'", 30002),
        // A share is meant; and no number is negative.
        ("'A27', '{\"percentile\": 99.9}', '2026-03-10', '2026-03-19'", 30002),
        ("'A01', '{\"minimum_amount\": -1}', '2026-03-10', '2026-03-19'", 30002),
        ("'A01', NULL, '2026-03-10', '2026-03-09'", 30002),
        ("'A01', NULL, NULL, '2026-03-09'", 30002),
        ("'ZZZ', NULL, '2026-03-10', '2026-03-19'", 30503),
      ] as [(String, UInt32)] {
        let number = await errno {
          _ = try await connection.query("CALL rule_whatif(\(arguments))")
        }
        #expect(number == expected, "\(arguments)")
        #expect(try await everything(connection) == before)
      }
    }
  }

  @Test("a number outside of the range of its unit is refused with the range, and leaves no draft")
  func ranges() async throws {
    try await withFixture { _, connection in
      for (rule, parameters, message) in [
        ("A27", "{\"percentile\": 99.9}", "percentile is a share from 0 to 1, not 99.9"),
        ("A03", "{\"minimum_count\": -2}", "minimum_count is a number from 0 on, not -2"),
      ] {
        let error = await #expect(throws: DatabaseError.self) {
          try await connection.execute(
            "CALL propose_rule_version(?, ?, NULL, @version)", [.text(rule), .text(parameters)])
        }
        #expect(error?.description == "propose_rule_version: \(message)")
        let drafts = try await connection.query(
          "SELECT 1 FROM rule_versions WHERE rule_id = ? AND version_state = 'draft'",
          [.text(rule)])
        #expect(drafts.rows.isEmpty)
      }
      // What passes through an account may be more than came in.
      try await connection.execute(
        "CALL propose_rule_version('A15B', '{\"maximum_share\": 1.1}', NULL, @version)")
      #expect(try await LedgerFixture.texts("SELECT @version", on: connection) == ["2"])
    }
  }

  @Test("a draft counts once activated, by another person where required")
  func versions() async throws {
    try await withFixture { fixture, connection in
      try await fixture.add([Self.cash])
      try await fixture.evaluate()
      let first = try await apply(on: connection)
      try await connection.execute(
        "CALL propose_rule_version('A01', '{\"minimum_amount\": 19000}', 50, @version)")
      #expect(try await LedgerFixture.texts("SELECT @version", on: connection) == ["2"])
      try await connection.execute(
        "UPDATE settings SET setting_value = '1' WHERE setting_name = 'rule_approval'")
      let own = await errno { try await connection.execute("CALL activate_rule_version('A01', 2)") }
      #expect(own == 30504)
      try await connection.execute(
        "UPDATE rule_versions SET proposed_by = 'somebody@else' WHERE rule_version = 2")
      try await connection.execute("CALL activate_rule_version('A01', 2)")
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', rule_version, version_state, points + 0e0, approved_by LIKE '%@%')"
            + " FROM rule_versions WHERE rule_id = 'A01' ORDER BY rule_version", on: connection)
          == ["1 retired 20 0", "2 active 50 1"])
      let again = await errno {
        try await connection.execute("CALL activate_rule_version('A01', 2)")
      }
      #expect(again == 30503)
      // The same window under a new version is a separate hit, and does not count twice.
      try await fixture.add([.init(at: Self.day, amount: 1)])
      try await fixture.evaluate()
      #expect(try await fixture.hits(of: "A01") == ["payment:1", "payment:1"])
      #expect(first[0] > 0)
      #expect(try await apply(on: connection)[0] == 0)
    }
  }

  @Test("a custom rule is a view and three rows")
  func ownRule() async throws {
    try await withFixture { fixture, connection in
      try await connection.execute(
        """
        CREATE VIEW rule_x01_own AS
        SELECT r.rule_id, r.rule_version, s.customer_id, s.account_id,
          CAST(NULL AS SIGNED) AS transaction_id, CAST(s.from_date AS DATETIME) AS window_from,
          as_of() AS window_to, a.balance AS measured_value, p.parameter_value AS threshold_value,
          r.points, 'seen' AS evidence
        FROM int_active_rule AS r
        INNER JOIN rule_parameters AS p ON p.rule_id = r.rule_id AND p.rule_version = r.rule_version
        INNER JOIN risk_scope AS s
        INNER JOIN accounts AS a ON a.account_id = s.account_id
        WHERE r.rule_id = 'X01' AND a.balance > p.parameter_value
        """)
      try await connection.execute(
        "INSERT INTO rules (rule_id, rule_name, view_name, family, risk_level, description, source,"
          + " active_version) VALUES ('X01', 'own', 'rule_x01_own', 'own', 'Medium', 'd', 's', 1)")
      try await connection.execute(
        "INSERT INTO rule_versions (rule_id, rule_version, version_state, points, half_life_days,"
          + " expiry_days, proposed_by, proposed_at)"
          + " VALUES ('X01', 1, 'active', 20, 30, 180, USER(), UTC_TIMESTAMP())")
      try await connection.execute(
        "INSERT INTO rule_parameters VALUES ('X01', 1, 'minimum_amount', 500, 'base currency')")
      try await fixture.add([.init(at: Self.day, amount: 1)])
      try await fixture.evaluate()
      #expect(try await fixture.failures() == [])
      #expect(try await fixture.hits(of: "X01") == ["account:1"])
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_catalog", on: connection) == [])
    }
  }
}
