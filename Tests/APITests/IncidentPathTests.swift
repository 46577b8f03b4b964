import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import API

@Suite("From the overview to the payments of an incident", .timeLimit(.minutes(5)))
struct IncidentPathTests {
  /// The first row of a block by column.
  private func record(_ block: RowProof.Row?) -> RowProof.Row {
    let names = (block?["columns"] as? [RowProof.Row] ?? []).map { $0["name"] as? String ?? "" }
    let row = (block?["rows"] as? [[Any]])?.first ?? []
    return RowProof.Row(zip(names, row), uniquingKeysWith: { first, _ in first })
  }

  @Test("who, since when, how much and which payments are at most five clicks away")
  func path() async throws {
    try await APIFixture.with { fixture in
      let incident = try await fixture.raiseIncident()
      // No click yet: the first page says what, since when, how much, and whom it hits.
      let overview = try await fixture.ask("GET", "/api/v1/pages/overview")
      let sentence = (overview.json["summary"] as? [String: String])?["text"] ?? ""
      #expect(sentence.contains(incident.acquirer) && sentence.contains("since 2026-11-18T12:00"))
      let card = try #require(try await fixture.blocks("overview")["incidents"])
      let shown = record(card)
      let affected = try #require((shown["payments_affected"] as? NSNumber)?.intValue)
      let customers = try #require((shown["customers_affected"] as? NSNumber)?.intValue)
      let value = try #require((shown["value_at_stake"] as? NSNumber)?.doubleValue)
      #expect(affected >= 40 && customers > 1 && value > 0)
      #expect((shown["raised_at"] as? String)?.hasPrefix("2026-11-18T12:00:00") == true)
      #expect(sentence.contains("\(affected) payments"))

      // Follows a link of a block, as a click does.
      var clicks = 0
      func click(_ block: RowProof.Row, _ column: String, _ row: RowProof.Row) throws -> String {
        clicks += 1
        let links = try #require(block["links"] as? [String: String])
        let link = try #require(links[column])
        let address = try #require(RowProof.filled(link, row))
        return String(address.dropFirst(2))
      }
      let alertPage = try click(card, "payments_affected", shown)
      let alert = try #require(try await fixture.blocks(alertPage)["alert"])
      let facts = record(alert)
      #expect(facts["alert_id"] as? Int64 == incident.alert)
      let paymentPage = try click(alert, "payments_affected", facts)
      let payments = try #require(try await fixture.blocks(paymentPage)["payments"])
      let list = try #require(payments["list"] as? String)
      let lines = try await fixture.ask("GET", list + "&format=ndjson", as: .read)
      let rows = lines.text.split(separator: "\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? RowProof.Row
      }
      #expect(rows.count == affected)
      #expect(rows.allSatisfy { $0["acquirer"] as? String == incident.acquirer })
      #expect(rows.allSatisfy { $0["status"] as? String == "failed" })
      let sum = rows.compactMap { ($0["base_amount"] as? NSNumber)?.doubleValue }.reduce(0, +)
      #expect(abs(sum - value) < 0.005)
      #expect(Set(rows.compactMap { $0["customer_id"] as? Int64 }).count == customers)
      // One of those who are hit.
      let customerPage = try click(payments, "customer_id", record(payments))
      #expect(try await fixture.blocks(customerPage)["score"]?["error"] == nil)
      #expect(clicks <= 5)
    }
  }

  @Test("an alert of a metric without a split leads to payments, too")
  func withoutSplit() async throws {
    try await APIFixture.with { fixture in
      _ = try await fixture.raiseIncident()
      try await fixture.root.execute("START TRANSACTION")
      _ = try await fixture.root.query(
        "CALL raise_metric_alert('failed_rate', 'all', 'WARNING', '2026-11-18 11:00:00',"
          + " '2026-11-18 12:30:00', 'many failed', 'normal is 2 %')")
      try await fixture.root.execute("COMMIT")
      let alert = try #require(try await fixture.blocks("alerts?alert_id=2")["alert"])
      let links = try #require(alert["links"] as? [String: String])
      let facts = record(alert)
      let link = try #require(links["payments_affected"])
      let address = RowProof.filled(link, facts) ?? ""
      let payments = try await fixture.blocks(String(address.dropFirst(2)))["payments"]
      #expect((payments?["rows"] as? [Any])?.count == facts["payments_affected"] as? Int)
    }
  }
}
