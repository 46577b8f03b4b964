internal import MariaDBClient
internal import PayopsCore
internal import TestSupport
internal import Testing

@Suite("Card numbers in free text", .timeLimit(.minutes(5)))
struct CardNumberRuleTests {
  @Test("the function of the database and the one of the importer agree on any text")
  func sameRule() async throws {
    var random = SeededRandom(seed: 11)
    let parts = [
      "4111", "1111", "4111111111111111", "DE89370400440532013000", "GB82 WEST", "1234 5698",
      "7654 32", " ", "-", "x", "RF18", "5390 0754 7034", "378282246310005", "Ä", "|", "0",
    ]
    try await TestServer.withSchema { connection in
      var positives = 0
      let count = 400
      for _ in 0..<count {
        var text = ""
        for _ in 0..<(1 + random.below(7)) {
          text += random.below(3) == 0 ? " " : ""
          text +=
            random.below(4) == 0
            ? (0..<(1 + random.below(8))).map { _ in String(random.below(10)) }.joined()
            : parts[random.below(parts.count)]
        }
        let expected = Array(text.utf8).withUnsafeBufferPointer { CardNumber.isIn($0) }
        positives += expected ? 1 : 0
        let row = try await connection.query(
          "SELECT holds_card_number(?) AS found", [.text(text)]
        ).rows.first
        #expect(row?["found"] == (expected ? "1" : "0"), "\(text)")
      }
      #expect(positives > count / 10 && positives < count * 9 / 10)
    }
  }

  @Test("notes and reasons with a card number are refused and not stored")
  func refused() async throws {
    try await TestServer.withSchema { connection in
      for statement in [
        "INSERT INTO customers (customer_id, name, country, account_open_date)"
          + " VALUES (1, 'One', 'DE', '2020-01-01')",
        "INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)"
          + " VALUES (1, 1, 'personal', 'EUR', '2020-01-01')",
        "INSERT INTO risk_cases (case_id, customer_id, opened_at, due_at)"
          + " VALUES (1, 1, '2026-01-01', '2026-02-01')",
      ] { try await connection.execute(statement) }
      let calls = [
        ("CALL add_case_note(1, '%')", "risk_case_changes", "change_text"),
        ("CALL override_risk_score(1, 10, '%', 5)", "risk_overrides", "reason"),
        ("CALL adjust_balance('k', 1, 5, '%', @b, @r)", "balance_adjustments", "reason"),
        ("CALL block_account(1, '%', @s, @r)", "account_status_changes", "reason"),
      ]
      for (call, table, column) in calls {
        let error = await #expect(throws: DatabaseError.self, "\(call)") {
          try await connection.execute(
            call.replacing("%", with: "paid with 4111 1111 1111 1111"))
        }
        #expect(error?.errno == 30701)
        #expect(error?.debugDescription.contains("4111") == false)
        #expect(try await connection.query("SELECT 1 FROM \(table)").rows.isEmpty, "\(table)")
        try await connection.execute(
          call.replacing("%", with: "see DE89 3704 0044 0532 0130 00"))
        let kept = try await connection.query("SELECT \(column) AS kept FROM \(table)").rows
        #expect(kept.first?["kept"] == "see DE89 3704 0044 0532 0130 00", "\(table)")
      }
      let errors = try await connection.query(
        "SELECT 1 FROM routine_errors WHERE error_message LIKE '%4111%'")
      #expect(errors.rows.isEmpty)
    }
  }
}
