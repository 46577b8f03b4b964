import MariaDBClient
import TestSupport
import Testing

@Suite("Rules", .timeLimit(.minutes(5)))
struct RuleTests {
  typealias Payment = RuleFixture.Payment

  /// What a rule hits, and what it narrowly misses.
  struct Case: Sendable, CustomTestStringConvertible {
    let rule: String
    let what: String
    var setup: [String] = []
    var payments: [Payment] = []
    let hits: [String]

    var testDescription: String { "\(rule): \(what)" }
  }

  static func transfers(
    _ count: Int, to account: Int, on day: String = "2026-03-19", from first: Int = 2,
    amount: Double = 10
  ) -> [Payment] {
    (0..<count).map {
      Payment(
        account: first + $0, at: "\(day) 10:\($0 < 10 ? "0" : "")\($0 % 60):00", amount: amount,
        other: account)
    }
  }

  static func series(
    _ count: Int, account: Int = 1, on day: String = "2026-03-19", minutes: Int, hour: Int = 9,
    amount: Double = 10, type: String = "card_payment", status: String = "completed"
  ) -> [Payment] {
    (0..<count).map { number in
      let minute = hour * 60 + number * minutes
      let clock = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
      return Payment(
        account: account, at: "\(day) \(clock[0]):\(clock[1]):00", amount: amount, type: type,
        status: status)
    }
  }

  private static let cases = amountCases + flowCases

  @Test("a rule hits its cases and not its near misses")
  func hits() async throws {
    try await TestServer.withSchema { connection in
      for item in Self.cases {
        let fixture = try await RuleFixture.open(on: connection)
        for statement in item.setup { try await connection.execute(statement) }
        try await fixture.add(item.payments)
        try await fixture.evaluate()
        let failures = try await fixture.failures()
        #expect(failures == [], "\(item)")
        #expect(try await fixture.hits(of: item.rule) == item.hits, "\(item)")
      }
    }
  }

  /// Rules that read payments directly; rules over rollups are tested by their cases alone.
  @Test("refused payments are not hits of rules about completed payments")
  func refused() async throws {
    try await TestServer.withSchema { connection in
      let completed = try await LedgerFixture.texts(
        """
        SELECT r.rule_id
        FROM rules AS r
        INNER JOIN information_schema.views AS v
            ON v.table_schema = DATABASE() AND v.table_name = r.view_name
        WHERE v.view_definition LIKE '%status` = ''completed''%'
        """, on: connection)
      #expect(completed.count > 10)
      for item in Self.cases where completed.contains(item.rule) && !item.hits.isEmpty {
        let fixture = try await RuleFixture.open(on: connection)
        for statement in item.setup { try await connection.execute(statement) }
        try await fixture.add(
          item.payments.map { payment in
            var refused = payment
            refused.status = "denied"
            return refused
          })
        try await fixture.evaluate()
        #expect(try await fixture.hits(of: item.rule) == [], "\(item)")
      }
    }
  }

  @Test("every rule has a test case, a view with the columns of a rule, and used parameters")
  func catalogue() async throws {
    try await TestServer.withSchema { connection in
      let rules = try await LedgerFixture.texts(
        "SELECT rule_id FROM rules ORDER BY rule_id", on: connection)
      #expect(Set(rules) == Set(Self.cases.map(\.rule)))
      let columns = try await LedgerFixture.texts(
        """
        SELECT DISTINCT GROUP_CONCAT(CONCAT(c.column_name, ' ',
            REPLACE(c.data_type, 'bigint', 'int'))
          ORDER BY c.ordinal_position)
        FROM rules AS r INNER JOIN information_schema.columns AS c
          ON c.table_schema = DATABASE() AND c.table_name = r.view_name
        GROUP BY r.rule_id
        """, on: connection)
      #expect(columns.count == 1, "\(columns)")
      #expect(columns.first?.hasPrefix("rule_id varchar,rule_version int,customer_id int") == true)
      // In the view itself, or in one that it reads.
      let definitions = try await connection.query(
        "SELECT table_name, view_definition FROM information_schema.views"
          + " WHERE table_schema = DATABASE()"
      ).rows.map { ($0.text(at: 0) ?? "", $0.text(at: 1) ?? "") }
      let parameters = try await connection.query(
        """
        SELECT r.rule_id, r.view_name, p.parameter_name
        FROM rules AS r INNER JOIN rule_parameters AS p ON p.rule_id = r.rule_id
        """
      ).rows.map(\.values)
      let unused = parameters.filter { row in
        let (view, parameter) = (row[1] ?? "", row[2] ?? "")
        let own = definitions.first { $0.0 == view }?.1 ?? ""
        return !definitions.contains { name, text in
          (name == view || own.contains("`\(name)`")) && text.contains(parameter)
        }
      }
      #expect(unused == [])
    }
  }
}
