import Foundation
import MariaDBClient
import TestSupport
import Testing

/// What people come for, with README and `--help` alone. Each test compares the answer with the
/// tables, and holds the number of commands that it takes.
@Suite("Errands", .timeLimit(.minutes(5)), .serialized)
struct ErrandTests {
  private func text(_ row: [String: Any], _ key: String) -> String { row[key] as? String ?? "" }

  private func number(_ row: [String: Any], _ key: String) -> Double? {
    (row[key] as? NSNumber)?.doubleValue
  }

  @Test("what is wrong now, and since when: one command")
  func whatIsWrong() async throws {
    let fixture = try await ErrandFixture.open()
    var errand = fixture.errand()
    let alerts = try await errand.rows(["alerts", "list"])
    try await errand.expect(commands: 1)
    let failures = try #require(
      alerts.first {
        text($0, "alert_rule") == "monitor_failed_rate" && text($0, "alert_subject") == "all"
      }, "\(alerts)")
    // The first whole minute of the outage, by the payments alone.
    let begun = try await fixture.rows(
      """
      SELECT DATE_FORMAT(MIN(t.transaction_time) + INTERVAL 59 SECOND, '%Y-%m-%d %H:%i')
      FROM transactions AS t WHERE t.acquirer = '\(ErrandFixture.acquirer)'
      """)
    let since = text(failures, "raised_at").prefix(16)
    let parts = try await fixture.rows(
      "SELECT TIMESTAMPDIFF(MINUTE, '\(since)', '\(try #require(begun.first))')")
    #expect(["0", "1"].contains(parts.first), "\(since), the outage began at \(begun)")
    // One that explains others may stand for them.
    let open = try await fixture.rows(
      "SELECT alert_id, parent_alert_id IS NULL FROM alerts WHERE alert_state <> 'resolved'")
    let listed = Set(alerts.compactMap { number($0, "alert_id") }.map { "\(Int($0))" })
    #expect(listed.isSubset(of: open.map { String($0.dropLast(2)) }))
    let causes = open.filter { $0.hasSuffix("|1") }.map { String($0.dropLast(2)) }
    #expect(listed.isSuperset(of: causes))
  }

  @Test("how much money is late at which rail: two commands, the first finds the figure")
  func lateMoney() async throws {
    let fixture = try await ErrandFixture.open()
    let late = """
      SELECT s.rail, COUNT(*), SUM(s.base_amount) FROM settlements AS s
      WHERE s.settlement_status = 'pending' AND s.due_at <= UTC_TIMESTAMP()
      GROUP BY s.rail ORDER BY s.rail
      """
    // A settlement may become late between the readings: they are repeated until both agree.
    for _ in 1...5 {
      let before = try await fixture.rows(late)
      var errand = fixture.errand()
      let kpis = try await errand.rows(["kpi"])
      let name = try #require(
        kpis.map { text($0, "kpi_name") }.first { $0 == "overdue_settlement_ratio" })
      let rails = try await errand.rows(["kpi", name])
      guard try await fixture.rows(late) == before else { continue }
      try await errand.expect(commands: 2)
      try #require(!before.isEmpty)
      let found = rails.filter { (number($0, "overdue_count") ?? 0) > 0 }
        .sorted { text($0, "rail") < text($1, "rail") }
      #expect(
        found.map { text($0, "rail") } == before.map { String($0.prefix { $0 != "|" }) })
      for (row, expected) in zip(found, before) {
        let words = expected.split(separator: "|").map(String.init)
        #expect(number(row, "overdue_count") == Double(words[1]), "\(row), \(expected)")
        let amount = try #require(number(row, "overdue_amount"))
        let expectedAmount = try #require(Double(words[2]))
        #expect(abs(amount - expectedAmount) < 0.001, "\(row), \(expected)")
      }
      return
    }
    Issue.record("settlements became late at each reading")
  }

  @Test("who gets the payments of the most suspicious customer: three commands")
  func whoIsPaid() async throws {
    let fixture = try await ErrandFixture.open()
    var errand = fixture.errand()
    let scores = try await errand.rows(["risk", "scores"])
    let customer = Int(try #require(scores.first.flatMap { number($0, "customer_id") }))
    let worst = try await fixture.rows("SELECT MAX(risk_score) FROM customers")
    let highest = try #require(worst.first.flatMap { Double($0) })
    #expect(scores.first.flatMap { number($0, "risk_score") } == highest)
    let cases = try await errand.rows(["cases", "list", "--customer=\(customer)"])
    #expect(cases.allSatisfy { number($0, "customer_id") == Double(customer) })
    let file = Int(try #require(cases.first.flatMap { number($0, "case_id") }))
    let export = try await errand.payops(["cases", "export", "\(file)"])
    try await errand.expect(commands: 3)

    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(export.output.utf8)) as? [String: Any])
    let payments = try #require(object["payments"] as? [[String: Any]])
    let outgoing = try await fixture.rows(
      "SELECT transaction_type FROM transaction_types WHERE is_outgoing = 1")
    var paid: [String: Double] = [:]
    for payment in payments where outgoing.contains(text(payment, "transaction_type")) {
      var party = "NULL"
      for column in ["counterparty_account_id", "counterparty_handle", "counterparty_iban"] {
        if let value = payment[column], !(value is NSNull) { party = "\(value)" }
      }
      paid[party, default: 0] += number(payment, "base_amount") ?? 0
    }
    let expected = try await fixture.rows(
      """
      SELECT f.party, SUM(f.base_amount)
      FROM (
          SELECT DISTINCT t.transaction_id, t.base_amount, COALESCE(t.counterparty_iban,
              t.counterparty_handle, t.counterparty_account_id, 'NULL') AS party
          FROM risk_case_hits AS x
          INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
          INNER JOIN accounts AS a ON a.customer_id = h.customer_id
          INNER JOIN transactions AS t ON t.account_id = a.account_id
          INNER JOIN transaction_types AS y
              ON y.transaction_type = t.transaction_type AND y.is_outgoing = 1
          WHERE x.case_id = \(file)
              AND (
                  t.transaction_id = h.transaction_id
                  OR h.transaction_id IS NULL
                      AND t.transaction_time BETWEEN h.window_from AND h.window_to
                      AND t.account_id = COALESCE(h.account_id, t.account_id)
                      AND (h.account_id IS NOT NULL
                          OR h.window_to <= h.window_from + INTERVAL 31 DAY)
              )
      ) AS f
      GROUP BY f.party
      """)
    #expect(!expected.isEmpty)
    #expect(expected.count == paid.count, "\(paid), \(expected)")
    for row in expected {
      let words = row.split(separator: "|").map(String.init)
      try #require(words.count == 2)
      let amount = try #require(paid[words[0]], "\(row)")
      let expectedAmount = try #require(Double(words[1]))
      #expect(abs(amount - expectedAmount) < 0.001, "\(row)")
    }
  }

  @Test("why an alert fired: one command, from the number that a notification has")
  func whyItFired() async throws {
    let fixture = try await ErrandFixture.open()
    let alert = try #require(
      try await fixture.rows(
        "SELECT alert_id FROM alerts WHERE alert_rule = 'monitor_failed_rate'"
          + " AND alert_subject = 'all'"
      ).first)
    var errand = fixture.errand()
    let run = try await errand.payops(["alerts", "explain", alert, "--json"])
    try await errand.expect(commands: 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(object["is_reproduced"] as? Bool == true)
    let steps = try #require(object["steps"] as? [[String: Any]])
    try #require(!steps.isEmpty)
    for step in steps {
      let minute = text(step, "metric_minute")
      let counted = try await fixture.rows(
        """
        SELECT SUM(t.status = 'failed'), COUNT(*) FROM transactions AS t
        WHERE t.transaction_time >= '\(minute)'
            AND t.transaction_time < '\(minute)' + INTERVAL 1 MINUTE
        """)
      let words = try #require(counted.first).split(separator: "|").compactMap { Double($0) }
      try #require(words.count == 2, "\(step)")
      #expect(number(step, "event_count") == words[1], "\(step)")
      let share = try #require(number(step, "observed_value"))
      #expect(abs(share - words[0] / words[1]) < 1e-9, "\(step)")
      // What was expected and what was seen: the reason.
      #expect(share > (number(step, "upper_value") ?? .infinity))
    }
  }

  @Test("take an alert and resolve it: two commands")
  func takeAndResolve() async throws {
    let fixture = try await ErrandFixture.open()
    let connection = try await fixture.connect()
    _ = try await connection.queryAll("CALL raise_alert('errand', 'x', 'WARNING', 'something')")
    await connection.close()
    let state = "SELECT alert_id, alert_state FROM alerts WHERE alert_rule = 'errand'"
    let alert = try #require(try await fixture.rows(state).first?.split(separator: "|").first)
    var errand = fixture.errand()
    _ = try await errand.payops(["alerts", "ack", "\(alert)", "--note", "looking"])
    #expect(try await fixture.rows(state) == ["\(alert)|acknowledged"])
    _ = try await errand.payops(["alerts", "resolve", "\(alert)", "--note", "it was a test"])
    #expect(try await fixture.rows(state) == ["\(alert)|resolved"])
    try await errand.expect(commands: 2)
    let history = try await fixture.rows(
      "SELECT change_text FROM ops_alert_changes WHERE alert_id = \(alert) ORDER BY change_id")
    for note in ["looking", "it was a test"] {
      #expect(history.contains { $0.contains(note) }, "\(history)")
    }
  }

  @Test("control: a verb or an option that neither README nor help has is noticed")
  func control() async throws {
    var errand = try await ErrandFixture.open().errand()
    for words in [
      ["conjure"], ["alerts", "conjure", "--json"], ["alerts", "list", "--json", "--magic=1"],
      ["kpi", "success_rate", "--sour"],
    ] { errand.count(words) }
    #expect(
      try await errand.unnamed() == [
        #"["conjure"]"#, "alerts conjure", "alerts list --magic=1", "kpi --sour",
      ])
  }
}
