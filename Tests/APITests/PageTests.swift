import Catalogue
import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import API
@testable import Pages

@Suite("Pages of the API", .timeLimit(.minutes(5)))
struct PageTests {
  /// Rows of JSON and of a client as comparable texts.
  private static func text(_ value: Any) -> String {
    switch value {
    case is NSNull: "-"
    case let number as NSNumber: "\(number.doubleValue)"
    case let text as String: text
    default: "\(value)"
    }
  }

  @Test("every number of every page is what its statement gives in another client")
  func numbers() async throws {
    try await APIFixture.with { fixture in
      var compared = 0
      let customer = try #require(
        try await fixture.root.query("SELECT MIN(customer_id) AS n FROM customers").rows.first?["n"]
      )
      for name in PageDefinition.all.map(\.name) {
        let query = name == "risk" ? "?customer_id=\(customer)" : ""
        let answer = try await fixture.ask("GET", "/api/v1/pages/\(name)\(query)", as: .operate)
        #expect(answer.status == 200, "\(answer.text)")
        let moment = try #require(answer.json["as_of"] as? String)
        try await fixture.root.execute(
          "SET @payops_as_of = ?",
          [.text(moment.replacing("T", with: " ").replacing("Z", with: ""))])
        for section in answer.json["sections"] as? [[String: Any]] ?? [] {
          for block in section["blocks"] as? [[String: Any]] ?? [] {
            let label = "\(name) \(block["name"] ?? "")"
            #expect(block["error"] == nil, "\(label): \(block["error"] ?? "")")
            let rows = block["rows"] as? [[Any]] ?? []
            guard let sql = block["sql"] as? String, !sql.isEmpty, !rows.isEmpty else { continue }
            let again = try await fixture.root.query(sql)
            #expect(again.rows.count == rows.count, "\(label)")
            for (shown, stored) in zip(rows, again.rows) {
              for (cell, value) in zip(shown, stored.values) {
                compared += 1
                let wanted = value ?? "-"
                let found = Self.text(cell)
                let isSame =
                  found == wanted || found == APITime.text(wanted)
                  || Double(found).flatMap { one in Double(wanted).map { one == $0 } } ?? false
                #expect(isSame, "\(label): \(found) is not \(wanted)")
              }
            }
          }
        }
      }
      #expect(compared > 500)
    }
  }

  @Test("a page is unchanged until something happens, and then another")
  func etags() async throws {
    try await APIFixture.with { fixture in
      let path = "/api/v1/pages/alerts"
      let first = try await fixture.ask("GET", path)
      let tag = try #require(first.header("ETag"))
      let again = try await fixture.ask(
        "GET", path, headers: [(name: "if-none-match", value: tag)])
      #expect(again.status == 304)
      #expect(again.text.isEmpty)
      _ = try await fixture.root.query("CALL raise_alert('rule', 'subject', 'WARNING', 'text')")
      // The revision is asked for once a second.
      var status = 304
      for _ in 0..<40 where status == 304 {
        try await Task.sleep(for: .milliseconds(100))
        status = try await fixture.ask(
          "GET", path, headers: [(name: "if-none-match", value: tag)]
        ).status
      }
      #expect(status == 200)
    }
  }

  @Test("the blocks of a page agree while payments are written; without a snapshot they do not")
  func snapshot() async throws {
    try await APIFixture.with { fixture in
      let block = { (name: String) in
        PageBlock(name, "", .table, of: "ops_rollup_lag", ["waiting_count"]).with {
          $0.conditions = [.init("change_log", .equal, .text("transaction_changes"))]
        }
      }
      let page = PageDefinition(
        "test", title: "", question: "",
        sections: [.init("all", "", (0..<8).map { block("block\($0)") })]
      ) { _ in .init("good", "") }
      let catalogue = try await fixture.service.catalogue()
      let writer = try await Connection.open(fixture.root.options)
      let writing = Task {
        while !Task.isCancelled {
          _ = try await writer.query(
            """
            INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status)
            SELECT account_id, '2026-11-18 12:00:00', 1, currency, 'transfer', 'completed'
            FROM accounts WHERE currency = 'EUR' LIMIT 1
            """)
        }
      }
      func newest(_ read: () async throws -> [String]) async throws -> Int {
        var disagreements = 0
        for _ in 0..<15 where try await Set(read()).count > 1 { disagreements += 1 }
        return disagreements
      }
      let reader = try await Connection.open(fixture.root.options)
      let together = try await newest {
        let result = try await PageReader(catalogue).read(page, [:], on: reader)
        return result.blocks.values.map { $0.table?.rows.first?.first.flatMap { $0 } ?? "" }
      }
      let apart = try await newest {
        var rows: [String] = []
        for _ in 0..<8 {
          let row = try await reader.query(
            "SELECT waiting_count AS n FROM ops_rollup_lag"
              + " WHERE change_log = 'transaction_changes'"
          ).rows.first
          rows.append(row?["n"] ?? "")
        }
        return rows
      }
      writing.cancel()
      _ = try? await writing.value
      await writer.close()
      await reader.close()
      #expect(together == 0)
      #expect(apart > 0)
    }
  }
}
