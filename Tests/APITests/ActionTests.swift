import Foundation
import MariaDBClient
import Tabular
import TestSupport
import Testing

@testable import API

@Suite("Changes by the API", .timeLimit(.minutes(5)))
struct ActionTests {
  @Test("an alert is acknowledged, assigned, commented and resolved by the person of the token")
  func alerts() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      _ = try await fixture.root.query("CALL raise_alert('rule', 'subject', 'WARNING', 'text')")
      for (verb, body) in [
        ("acknowledge", #"{"note":"mine"}"#), ("assign", #"{"owner":"bob"}"#),
        ("comment", #"{"text":"it's \u00e4"}"#),
        ("disposition", #"{"disposition":"true_positive"}"#),
        ("resolve", #"{"note":null}"#),
      ] {
        let answer = try await fixture.ask(
          "POST", "/api/v1/alerts/1/\(verb)", as: .operate, body: body)
        #expect(answer.status == 200, "\(verb): \(answer.text)")
      }
      let history = try await fixture.root.query(
        "SELECT change_kind, changed_by, change_text FROM ops_alert_changes"
          + " WHERE change_kind <> 'fired' ORDER BY change_id"
      ).rows
      #expect(
        history.map { $0["change_kind"] ?? "" }
          == ["acknowledged", "assigned", "comment", "disposition", "resolved"])
      #expect(Set(history.map { $0["changed_by"] ?? "" }) == ["api:anna"])
      #expect(history[2]["change_text"] == "it's \u{e4}")
      let audit = try await fixture.root.query(
        "SELECT COUNT(*) AS n FROM audit_log WHERE actor = 'api:anna'")
      #expect(audit.rows.first?.integer("n") ?? 0 >= 4)
      let again = try await fixture.ask(
        "POST", "/api/v1/alerts/1/resolve", as: .operate, body: "{}")
      #expect(again.status == 409)
      let missing = try await fixture.ask(
        "POST", "/api/v1/alerts/99/acknowledge", as: .operate, body: "{}")
      #expect(missing.status == 404)
    }
  }

  @Test("backups are asked for by the person of the token, and made by the scheduler")
  func backups() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      for (name, state) in [("b.1", "unverified"), ("b.2", "deleted")] {
        try await fixture.root.execute(
          """
          INSERT INTO backups (backup_id, backup_sequence, schema_name, folder, state, dump_seconds,
              raw_bytes, stored_bytes, is_encrypted, is_pinned, created_at, deleted_at)
          VALUES (?, 1, 's', '/b', ?, 1, 1, 1, 0, 0, UTC_TIMESTAMP(),
              IF(? = 'deleted', UTC_TIMESTAMP(), NULL))
          """, [.text(name), .text(state), .text(state)])
      }
      func ask(_ path: String, as scope: Scope) async throws -> APIFixture.Answer {
        try await fixture.ask("POST", "/api/v1/" + path, as: scope)
      }
      #expect(try await ask("backups", as: .read).status == 403)
      let made = try await ask("backups", as: .operate)
      #expect(made.status == 202 && made.json["has_scheduler"] as? Bool == false, "\(made.text)")
      #expect(try await ask("backups/b.1/verify", as: .operate).status == 202)
      #expect(try await ask("backups/b.2/verify", as: .operate).status == 404)
      #expect(try await ask("backups/b.3/verify", as: .operate).status == 404)
      #expect(try await ask("backups/b%C2%82/verify", as: .operate).status == 404)
      #expect(try await ask("jobs/notify_nobody/run", as: .operate).status == 404)
      #expect(try await ask("jobs/send_notifications/run", as: .operate).status == 202)
      #expect(try await ask("jobs/sample_space/run", as: .operate).status == 200)
      let asked = try await fixture.root.query(
        "SELECT CONCAT_WS(' ', job_name, request_value, requested_by) AS asked FROM job_requests"
          + " ORDER BY request_id"
      ).rows.compactMap { $0["asked"] }
      #expect(
        asked == [
          "create_backup api:anna", "verify_backups b.1 api:anna", "send_notifications api:anna",
        ])
      let runs = try await fixture.ask(
        "GET", made.json["runs"] as? String ?? "", as: .operate)
      #expect(runs.status == 200 && runs.rows.isEmpty, "\(runs.text)")
    }
  }

  @Test("a pooled connection never keeps the person of the request before")
  func persons() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      _ = try await fixture.root.query("CALL raise_alert('rule', 'subject', 'WARNING', 'text')")
      for _ in 0..<4 {
        _ = try await fixture.ask(
          "POST", "/api/v1/alerts/1/comment", as: .operate, body: #"{"text":"x"}"#)
        _ = try await fixture.ask(
          "POST", "/api/v1/alerts/9/comment", as: .operate, body: #"{"text":"x"}"#)
      }
      let who = try await fixture.service.pools.use(.operate, .write) {
        try await $0.query("SELECT @payops_person AS who").rows.first?["who"]
      }
      #expect(who == nil)
    }
  }

  @Test(
    "a body that is not what the route takes is refused",
    arguments: [
      ("", 415), ("[]", 400), ("{", 400), (#"{"owner":1}"#, 400), (#"{"owner":"a","x":1}"#, 400),
      (#"{}"#, 400), (#"{"owner":null}"#, 400), (#"{"owner":"a\u0000b"}"#, 400),
    ])
  func bodies(body: String, status: Int) async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let answer = try await fixture.ask(
        "POST", "/api/v1/alerts/1/assign", as: .operate, body: body)
      #expect(answer.status == status, "\(answer.text)")
    }
  }

  @Test("a payment is posted once for its key; lines have an answer each")
  func payments() async throws {
    try await APIFixture.with { fixture in
      let pair = try #require(
        try await fixture.root.query(
          """
          SELECT a.account_id AS payer, b.account_id AS payee
          FROM accounts AS a JOIN accounts AS b ON b.account_id > a.account_id
          WHERE a.currency = 'EUR' AND b.currency = 'EUR' AND a.account_status = 'active'
            AND b.account_status = 'active' AND a.balance > 1000
          ORDER BY 1, 2 LIMIT 1
          """
        ).rows.first)
      let (payer, payee) = (pair["payer"] ?? "", pair["payee"] ?? "")
      let body = """
        {"account_id":\(payer),"counterparty_account_id":\(payee),"amount":"10.50",
        "currency":"EUR","transaction_type":"transfer"}
        """
      func post(_ key: String?, _ body: String) async throws -> APIFixture.Answer {
        try await fixture.ask(
          "POST", "/api/v1/payments", as: .admin, body: body,
          headers: key.map { [(name: "idempotency-key", value: $0)] } ?? [])
      }
      let first = try await post("order-1", body)
      #expect(first.status == 200, "\(first.text)")
      #expect(first.json["status"] as? String == "completed", "\(first.text)")
      #expect(try await post("order-1", body).text == first.text)
      #expect(try await post("order-1", body.replacing("10.50", with: "11.50")).status == 409)
      #expect(try await post(nil, body).status == 400)
      let line = body.replacing("\n", with: "")
      let lines =
        [1, 2, 2].map { "{\"idempotency_key\":\"bulk-\($0)\"," + line.dropFirst() }
        + ["{\"idempotency_key\":\"bad\"}", "nonsense"]
      let bulk = try await fixture.ask(
        "POST", "/api/v1/payments/bulk", as: .admin, body: lines.joined(separator: "\n"))
      let results = bulk.text.split(separator: "\n")
      #expect(results.count == 5, "\(bulk.text)")
      #expect(
        results.prefix(3).allSatisfy { $0.contains("\"status\":\"completed\"") }, "\(bulk.text)")
      #expect(results.suffix(2).allSatisfy { $0.contains("\"status\":\"error\"") })
      let count = try await fixture.root.query(
        "SELECT COUNT(*) AS n FROM payment_requests WHERE idempotency_key IN"
          + " ('order-1', 'bulk-1', 'bulk-2')")
      #expect(count.rows.first?.integer("n") == 3)
    }
  }

  @Test("the description names every route and refers to nothing that is not there")
  func description() throws {
    let text = OpenAPI.document.compact
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let paths = try #require(object["paths"] as? [String: [String: Any]])
    var identifiers: Set<String> = []
    for route in RouteTable.all.routes {
      let operation = paths[route.path]?[route.method.lowercased()] as? [String: Any]
      let identifier = operation?["operationId"] as? String ?? ""
      #expect(identifiers.insert(identifier).inserted, "\(route.path): \(identifier)")
      for key in ["summary", "responses", "tags"] {
        #expect(operation?[key] != nil, "\(route.path)")
      }
    }
    #expect(text.contains("#/components/schemas/Problem"))
  }
}
