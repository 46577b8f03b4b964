import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import API
@testable import Catalogue
@testable import Charts
@testable import Pages

@Suite("What pages have beside rows", .timeLimit(.minutes(5)))
struct PageShapeTests {
  @Test("a page says how far the rollups are behind, and not when they are current")
  func age() async throws {
    try await APIFixture.with { fixture in
      let current = try await fixture.ask("GET", "/api/v1/pages/overview").json
      #expect(current["is_stale"] as? Bool == false)
      #expect(current["data_as_of"] as? String == current["as_of"] as? String)
      try await fixture.root.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status)
        SELECT account_id, '2026-11-18 12:00:00', 1, currency, 'transfer', 'completed'
        FROM accounts WHERE currency = 'EUR' LIMIT 1
        """)
      try await fixture.root.execute(
        "UPDATE transaction_changes SET captured_at = UTC_TIMESTAMP(3) - INTERVAL 11 MINUTE")
      let behind = try await fixture.ask("GET", "/api/v1/pages/backlog").json
      #expect(behind["is_stale"] as? Bool == true)
      #expect((behind["age_seconds"] as? Double ?? 0) >= 660)
      #expect(behind["waiting_count"] as? Double == 1)
      #expect(behind["data_as_of"] as? String != behind["as_of"] as? String)
      _ = try await fixture.root.query("CALL refresh_rollups(1000000)")
      let again = try await fixture.ask("GET", "/api/v1/pages/customers").json
      #expect(again["is_stale"] as? Bool == false)
    }
  }

  @Test("a section about one customer is there when the address names one, and comes first")
  func idleSections() async throws {
    try await APIFixture.with { fixture in
      func sections(_ target: String) async throws -> [String] {
        let json = try await fixture.ask("GET", "/api/v1/pages/\(target)", as: .operate).json
        return (json["sections"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
      }
      let (all, one) = (try await sections("risk"), try await sections("risk?customer_id=1"))
      #expect(all == ["cases"])
      #expect(one == ["customer", "network", "cases"])
      let (alerts, alert) = (try await sections("alerts"), try await sections("alerts?alert_id=1"))
      #expect(alerts.first == "incidents")
      #expect(alert.first == "one")
    }
  }

  @Test("each tile has its formula and which way is better, from the catalogue")
  func tiles() async throws {
    try await APIFixture.with { fixture in
      let json = try await fixture.ask("GET", "/api/v1/pages/overview").json
      let blocks = (json["sections"] as? [[String: Any]] ?? []).flatMap {
        $0["blocks"] as? [[String: Any]] ?? []
      }
      let today = try #require(blocks.first { $0["name"] as? String == "today" })
      let names = (today["columns"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
      let rows = today["rows"] as? [[Any]] ?? []
      #expect(rows.count == 8)
      for row in rows {
        #expect(row.count == names.count)
        let of = { (name: String) in names.firstIndex(of: name).flatMap { row[$0] as? String } }
        #expect(of("formula")?.isEmpty == false, "\(of("kpi_name") ?? "")")
        #expect(["higher", "lower"].contains(of("better") ?? ""), "\(of("kpi_name") ?? "")")
      }
    }
  }

  private static func table(_ names: [String], _ rows: [[String?]]) -> PageTable {
    PageTable(
      columns: names.map {
        PublishedView.Column(
          name: $0, type: "text", unit: "text", meaning: "", additive: .no, ratio: nil,
          isPersonal: false)
      }, rows: rows, currency: "EUR", moment: "2026-11-30 12:00:00")
  }

  @Test("the parts of a score halve with their half-life, and hits of one rule count up to the cap")
  func score() throws {
    let names = [
      "rule_name", "occurred_at", "expires_at", "points", "half_life_days", "cap_hits",
    ]
    let chart = Drawing.score(
      Self.table(
        names,
        [
          ["fan_in", "2026-11-20 12:00:00", "2027-05-20 12:00:00", "40", "10", "1"],
          ["structuring", "2026-11-30 12:00:00", "2027-05-30 12:00:00", "25", "30", "1"],
          ["structuring", "2026-11-30 12:00:00", "2027-05-30 12:00:00", "25", "30", "1"],
        ]))
    let columns = try #require(chart as? ColumnsChart)
    let today = try #require(columns.mark?.column)
    #expect(columns.parts.map(\.name) == ["structuring", "fan in"])
    #expect(columns.columns[today].values == [25, 20])
    #expect(columns.columns[today - 10].values == [0, 40])
    #expect(columns.columns[today - 11].values == [0, 0])
    #expect(columns.columns[today + 10].values[1] == 10)
  }

  @Test("a counterparty is red when its case was confirmed, and those behind it are drawn")
  func network() throws {
    let parties = Self.table(
      [
        "customer_id", "counterparty_key", "direction", "payment_amount",
        "counterparty_customer_id", "counterparty_account_id",
      ],
      [["1", "account-7", "out", "50", "70", "7"], ["1", "account-8", "in", "20", "80", "8"]])
    let cases = Self.table(
      ["customer_id", "disposition"], [["70", "confirmed"], ["80", "false_positive"]])
    let paid = Self.table(
      [
        "payer_account_id", "payee_account_id", "payer_customer_id", "payee_customer_id",
        "transfer_amount",
      ], [["7", "9", "70", "90", "5"], ["8", "1", "80", "1", "3"]])
    let tables = PageTables(
      tables: ["parties90": parties, "parties": cases, "paidOn": paid], currency: "EUR",
      moment: "2026-11-30 12:00:00")
    let chart = try #require(Drawing.network(parties, tables) as? NetworkChart)
    #expect(chart.nodes.map(\.isConfirmed) == [true, false])
    #expect(chart.second.map(\.id) == ["account-9"])
    #expect(chart.links.count == 1)
  }

  @Test(
    "months are those of the calendar",
    arguments: [
      ("2026-11-30 12:00:00", "this_month", "2026-11-01", "2026-12-01"),
      ("2026-12-01 00:00:00", "this_month", "2026-12-01", "2027-01-01"),
      ("2026-01-31 23:59:59", "last_month", "2025-12-01", "2026-01-01"),
    ])
  func months(moment: String, choice: String, begin: String, end: String) {
    let month = PageMonth(choice, of: moment)
    #expect(month.begin == begin)
    #expect(month.end == end)
  }
}
