import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops cases", .timeLimit(.minutes(5)))
struct CasesCommandTests {
  /// One customer with a payment that rule A09 hits, and its case.
  private static let setup = [
    """
    INSERT INTO customers (customer_id, name, identifier, country, kyc_status, account_open_date)
    VALUES (1, '=Ana "Zoë" Test', 'X1', 'DE', 'verified', '2020-01-01')
    """,
    """
    INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)
    VALUES (1, 1, 'personal', 'EUR', 0, '2020-01-01')
    """,
    """
    INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
      currency, transaction_type, status, title)
    VALUES (1, 1, UTC_TIMESTAMP() - INTERVAL 1 HOUR, 60000, 'EUR', 'wire', 'completed', 'rent')
    """,
    "UPDATE rules SET is_enabled = rule_id = 'A09'",
    "UPDATE settings SET setting_value = '1' WHERE setting_name = 'case_minimum_score'",
  ]

  private func run(_ words: [String], _ connection: Connection) async throws -> ProgramRun {
    let options = connection.options
    let names = try await connection.query("SELECT DATABASE() AS name")
    var all =
      words + [
        "--socket", try #require(options.socket), "--database",
        try #require(names.rows.first?["name"]),
      ]
    if let user = options.user { all += ["--user", user] }
    return try await ProgramRun.run(try ProgramRun.binary, all)
  }

  @Test("a case goes from a hit to a decision and is exported as JSON or spreadsheet-safe CSV")
  func life() async throws {
    try await TestServer.withSchema { connection in
      for statement in Self.setup { try await connection.execute(statement) }
      for words in [
        ["refresh"], ["rules", "evaluate"], ["cases", "assign", "1", "ana"],
        ["cases", "note", "1", "=1+1"], ["cases", "due", "1", "--until", "2030-01-01"],
      ] {
        let run = try await run(words, connection)
        #expect(run.status == 0, "\(words): \(run.errors)")
      }
      let export = try await run(["cases", "export", "1"], connection)
      #expect(export.status == 0, "\(export.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(export.output.utf8)) as? [String: Any])
      #expect(
        Set(object.keys) == [
          "base_currency", "case", "subject", "accounts", "hits", "payments", "history",
        ])
      #expect(object["base_currency"] as? String == "EUR")
      #expect((object["subject"] as? [String: Any])?["name"] as? String == "=Ana \"Zoë\" Test")
      let hits = try #require(object["hits"] as? [[String: Any]])
      #expect(hits.compactMap { $0["rule_id"] as? String } == ["A09"])
      let payments = try #require(object["payments"] as? [[String: Any]])
      #expect(payments.compactMap { $0["title"] as? String } == ["rent"])
      #expect((object["history"] as? [Any])?.count == 4)
      let csv = try await run(["cases", "export", "1", "--format", "csv"], connection)
      let lines = csv.output.split(separator: "\r\n")
      #expect(lines.count == 2)
      #expect(lines.last?.contains("wire of 60000.0000") == true)
      #expect(lines.first?.hasSuffix(",base_currency") == true)
      #expect(lines.last?.hasSuffix(",EUR") == true)

      let decided = try await run(
        ["cases", "decide", "1", "confirmed", "--reason", "mule"], connection)
      #expect(decided.status == 0, "\(decided.errors)")
      let precision = try await run(["cases", "precision", "--format", "csv"], connection)
      #expect(precision.output.contains("A09,1,1,1,0,0,1,1.0000"))
      let list = try await run(["cases", "list", "--state", "closed", "--json"], connection)
      #expect(list.output.contains("\"disposition\":\"confirmed\""))
      let shown = try await run(["cases", "show", "1"], connection)
      #expect(shown.output.contains("mule"))
      // Who it is about, and what its amounts are in.
      #expect(shown.output.contains("=Ana"), "\(shown.output)")
      #expect(shown.output.contains("are in EUR"), "\(shown.output)")
      let again = try await run(["cases", "reopen", "1", "--reason", "more"], connection)
      #expect(again.status == 0, "\(again.errors)")
    }
  }

  @Test("an unknown case and invalid words are refused by name")
  func refusals() async throws {
    try await TestServer.withSchema { connection in
      for (words, text) in [
        (["cases", "show", "7"], "case 7 does not exist"),
        (["cases", "export", "x"], "'x' is no number of a case"),
        (["cases", "decide", "7", "confirmed"], "needs --reason"),
        (["cases", "decide", "7", "maybe", "--reason", "x"], "confirmed, false_positive"),
        (["cases", "assign", "7", "ana"], "the case does not exist"),
        (["cases", "due", "7"], "needs --until"),
      ] {
        let run = try await run(words, connection)
        #expect(run.status != 0, "\(words)")
        #expect(run.errors.contains(text), "\(words): \(run.errors)")
      }
    }
  }
}
