import Foundation
import HTTP
import MariaDBClient
import TestSupport
import Testing

@testable import API
@testable import Pages

@Suite("What the server calls unchanged", .timeLimit(.minutes(10)))
struct UnchangedTests {
  /// Pages with parameters that show something.
  private static func targets(_ customer: String) -> [String] {
    PageDefinition.all.map { page in
      switch page.name {
      case "alerts": "alerts?alert_id=1"
      case "risk": "risk?customer_id=\(customer)&case_id=1"
      default: page.name
      }
    }
  }

  /// A page without what differs from one reading to the next.
  private static func content(_ answer: APIFixture.Answer) -> String {
    var page = answer.json
    for name in ["read_at", "revision", "as_of"] { page[name] = nil }
    let data = try? JSONSerialization.data(withJSONObject: page, options: .sortedKeys)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  /// What people and programs do, and the page that shows it.
  private static func changes(_ fixture: APIFixture, _ customer: String) -> [(
    what: String, page: String, change: @Sendable () async throws -> Void
  )] {
    @Sendable func sql(_ statements: String...) async throws {
      for statement in statements { _ = try await fixture.root.queryAll(statement) }
    }
    @Sendable func post(_ path: String, _ body: String) async throws {
      let answer = try await fixture.ask("POST", "/api/v1/" + path, as: .operate, body: body)
      try #require(answer.status == 200, "\(path): \(answer.text)")
    }
    let refresh = "CALL refresh_rollups(100000)"
    return [
      (
        "a payment is inserted", "overview",
        {
          try await sql(
            "INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,"
              + " transaction_type, status) SELECT account_id, '2026-11-18 12:10:00', 1, currency,"
              + " 'transfer', 'pending' FROM accounts WHERE currency = 'EUR' LIMIT 1", refresh)
        }
      ),
      (
        "a payment is completed", "backlog",
        {
          try await sql(
            "UPDATE transactions SET status = 'completed' WHERE status = 'pending'"
              + " ORDER BY transaction_id DESC LIMIT 1", refresh)
        }
      ),
      (
        "a settlement is settled", "settlements",
        {
          try await sql(
            "UPDATE settlements SET settlement_status = 'settled',"
              + " settlement_date = '2026-11-18 12:20:00' WHERE settlement_status = 'pending'"
              + " ORDER BY due_at DESC LIMIT 1", refresh)
        }
      ),
      (
        "an alert fires", "overview",
        { try await sql("CALL raise_alert('rule', 'first', 'WARNING', 'one')") }
      ),
      (
        "an alert is found again with another message", "alerts",
        { try await sql("CALL raise_alert('rule', 'first', 'WARNING', 'two')") }
      ),
      (
        "an alert is acknowledged", "alerts",
        { try await post("alerts/1/acknowledge", #"{"note":"mine"}"#) }
      ),
      (
        "an alert is commented", "alerts",
        { try await post("alerts/1/comment", #"{"text":"looking"}"#) }
      ),
      (
        "an alert is resolved", "overview",
        { try await sql("CALL resolve_alert('rule', 'first')") }
      ),
      (
        "a case is opened", "risk",
        { try await post("customers/\(customer)/cases", #"{"reason":"odd"}"#) }
      ),
      (
        "a case is assigned", "risk",
        { try await post("cases/1/assign", #"{"assignee":"bob"}"#) }
      ),
      (
        "a job is switched off", "operations",
        { try await post("jobs/sample_space/enabled", #"{"enabled":false}"#) }
      ),
      ("a job runs", "operations", { try await post("jobs/expire_payments/run", "") }),
    ]
  }

  @Test("a page that has changed is never called unchanged, whatever changed it")
  func changes() async throws {
    try await APIFixture.with { fixture in
      let customer = try #require(
        try await fixture.root.query(
          """
          SELECT a.customer_id AS n FROM transactions AS t
          INNER JOIN accounts AS a ON a.account_id = t.account_id
          WHERE t.status = 'completed' LIMIT 1
          """
        ).rows.first?["n"])
      let targets = Self.targets(customer)
      func look(
        _ tags: [String: String] = [:]
      ) async throws -> [String: (tag: String, content: String, status: Int)] {
        // A server that has just started: what it knew a moment ago does not count.
        let server = fixture.restarted()
        var found: [String: (tag: String, content: String, status: Int)] = [:]
        for target in targets {
          let path = "/api/v1/pages/" + target
          let headers = tags[target].map { [(name: "if-none-match", value: $0)] } ?? []
          let asked = try await server.ask("GET", path, as: .operate, headers: headers)
          let whole = try await server.ask("GET", path, as: .operate)
          found[target] = (whole.header("ETag") ?? "", Self.content(whole), asked.status)
        }
        return found
      }
      var before = try await look()
      for (what, page, change) in Self.changes(fixture, customer) {
        try await change()
        let after = try await look(before.mapValues(\.tag))
        for target in targets where after[target]?.content != before[target]?.content {
          #expect(after[target]?.status == 200, "\(what): \(target) is said to be unchanged")
        }
        let isShown = targets.contains {
          $0.hasPrefix(page) && after[$0]?.content != before[$0]?.content
        }
        #expect(isShown, "\(what): \(page) does not show it, so nothing was proved")
        before = after
      }
      // Nothing happened since: now all are unchanged.
      let still = try await look(before.mapValues(\.tag))
      #expect(still.values.allSatisfy { $0.status == 304 }, "\(still.mapValues(\.status))")
    }
  }

  @Test("the page of another scope has another tag, since it shows other things")
  func scopes() async throws {
    try await APIFixture.with { fixture in
      let path = "/api/v1/pages/risk"
      let less = try await fixture.ask("GET", path, as: .read)
      let tag = try #require(less.header("ETag"))
      let more = try await fixture.ask(
        "GET", path, as: .operate, headers: [(name: "if-none-match", value: tag)])
      #expect(more.status == 200)
      #expect(Self.content(more) != Self.content(less))
    }
  }
}
