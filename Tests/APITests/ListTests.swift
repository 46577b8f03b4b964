import Catalogue
import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import API
@testable import Pages

@Suite("Lists of the API", .timeLimit(.minutes(5)))
struct ListTests {
  @Test("pages follow one another without a gap, CSV and NDJSON have the same rows")
  func paging() async throws {
    try await APIFixture.with { fixture in
      let count = try #require(
        try await fixture.root.query("SELECT COUNT(*) AS n FROM payment_list").rows.first?
          .integer("n"))
      var seen: [Int] = []
      var cursor: String? = ""
      while let next = cursor {
        let answer = try await fixture.ask(
          "GET",
          "/api/v1/payments?from=2026-01-01&limit=400&columns=transaction_id"
            + (next.isEmpty ? "" : "&cursor=\(next)"))
        #expect(answer.status == 200, "\(answer.text)")
        seen += answer.rows.compactMap { $0["transaction_id"] as? Int }
        cursor = answer.json["next_cursor"] as? String
      }
      #expect(seen.count == Int(count))
      #expect(Set(seen).count == seen.count)
      let csv = try await fixture.ask("GET", "/api/v1/payments?format=csv&columns=transaction_id")
      let lines = csv.text.split(separator: "\r\n").map(String.init)
      #expect(lines.first == "transaction_id")
      #expect(lines.dropFirst().map { Int($0) ?? 0 } == seen)
      let lines2 = try await fixture.ask(
        "GET", "/api/v1/payments?format=ndjson&columns=transaction_id")
      #expect(lines2.text.split(separator: "\n").count == seen.count)
    }
  }

  @Test("a filter on any column gives what SQL gives, and its statement can be repeated")
  func filters() async throws {
    try await APIFixture.with { fixture in
      let query = "status=completed&base_amount.gte=50&limit=1000&columns=transaction_id"
      let answer = try await fixture.ask("GET", "/api/v1/payments?" + query)
      let wanted = try await fixture.root.query(
        "SELECT transaction_id AS n FROM payment_list WHERE status = 'completed'"
          + " AND base_amount >= 50 ORDER BY transaction_time DESC, transaction_id DESC LIMIT 1000"
      ).rows.compactMap { $0.integer("n").map(Int.init) }
      let isSame = answer.rows.compactMap { $0["transaction_id"] as? Int } == wanted
      #expect(isSame)
      #expect(!wanted.isEmpty)
      let sql = try #require(answer.json["sql"] as? String)
      let again = try await fixture.root.query(sql).rows.compactMap {
        $0.integer("transaction_id").map(Int.init)
      }
      let isRepeated = Array(again.prefix(wanted.count)) == wanted
      #expect(isRepeated)
    }
  }

  @Test(
    "what cannot be asked is refused with the reason",
    arguments: [
      ("/api/v1/payments?nothing=1", 400, "no column"),
      ("/api/v1/payments?columns=nothing", 400, "no column"),
      ("/api/v1/payments?base_amount=abc", 400, "number"),
      ("/api/v1/payments?transaction_time.gte=yesterday", 400, "time"),
      ("/api/v1/payments?base_amount.like=1", 400, "comparison"),
      ("/api/v1/payments?limit=0", 400, "limit"), ("/api/v1/payments?limit=1001", 400, "limit"),
      ("/api/v1/payments?format=xml", 400, "format"),
      ("/api/v1/payments?cursor=zzz", 400, "cursor"), ("/api/v1/payments?from=x", 400, "from"),
      ("/api/v1/kpis/sucess_rate", 404, "did you mean"), ("/api/v1/nothing", 404, "nothing at"),
      ("/api/v1/pages/nothing", 404, "no page"), ("/api/v1/pages/overview?x=1", 400, "parameter"),
      ("/api/v1/pages/monitor?window=7h", 400, "window"),
      ("/api/v1/series?metric=x&from=2026-11-01&to=2026-11-02", 404, "metric"),
      ("/api/v1/series?metric=%C3%93&from=2026-11-01&to=2026-11-02", 404, "metric"),
      ("/api/v1/series?metric=failed_rate", 400, "needed"),
      ("/api/v1/series?metric=failed_rate&from=2026-11-02&to=2026-11-01", 400, "period"),
    ])
  func refusals(target: String, status: Int, word: String) async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let answer = try await fixture.ask("GET", target)
      #expect(answer.status == status, "\(answer.text)")
      #expect(answer.text.contains(word), "\(answer.text)")
      #expect(answer.json["type"] != nil && answer.json["detail"] != nil)
    }
  }

  @Test("text of a filter is a value, never a part of the statement")
  func injection() async throws {
    try await APIFixture.with { fixture in
      for text in ["'", "\\", "\\' OR 1=1 -- ", "' OR '1'='1", "?", "\u{1F4B0}", "%00"]
      where text != "%00" {
        let encoded = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try await fixture.ask("GET", "/api/v1/payments?location=\(encoded)")
        #expect(answer.status == 200, "\(text): \(answer.text)")
        #expect(answer.rows.isEmpty, "\(text)")
        // What the answer says can be repeated in any client.
        let sql = try #require(answer.json["sql"] as? String)
        #expect(try await fixture.root.query(sql).rows.isEmpty, "\(sql)")
      }
    }
  }

  @Test("no list and no page gives a name, an address of a person or a whole number of an account")
  func personalData() async throws {
    try await APIFixture.with { fixture in
      try await fixture.root.execute(
        """
        UPDATE customers SET name = 'Canary', first_name = 'Canary', last_name = 'Canary',
          email = CONCAT('canary', customer_id, '@example.com'), phone = '+49canary',
          identifier = CONCAT('canary-id-', customer_id), birth_date = '1901-02-03'
        """)
      try await fixture.root.execute(
        "UPDATE accounts SET account_number = CONCAT('CANARY', account_id)")
      try await fixture.root.execute(
        "UPDATE transactions SET counterparty_handle = CONCAT('canary', transaction_id, '@bank'),"
          + " title = 'canary title' WHERE transaction_id % 5 = 0")
      let views = try await fixture.service.catalogue().views.keys.sorted()
      var texts: [String: String] = [:]
      for view in views {
        texts[view] = try await fixture.ask("GET", "/api/v1/kpis/\(view)?limit=1000", as: .admin)
          .text
      }
      let customer = try await fixture.root.query("SELECT MIN(customer_id) AS n FROM customers")
      for page in PageDefinition.all.map(\.name) {
        let query = page == "risk" ? "?customer_id=\(customer.rows.first?["n"] ?? "")" : ""
        texts[page] = try await fixture.ask("GET", "/api/v1/pages/\(page)\(query)", as: .admin).text
      }
      for (name, text) in texts {
        #expect(!text.lowercased().contains("canary"), "\(name)")
        #expect(!text.contains("1901-02-03"), "\(name)")
        #expect(!text.contains("\"status\":500"), "\(name): \(text.prefix(300))")
      }
      let refused = try await fixture.ask(
        "GET", "/api/v1/kpis/risk_case_subject?columns=name", as: .admin)
      #expect(refused.status == 403)
    }
  }
}
