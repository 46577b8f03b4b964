internal import Foundation
internal import MariaDBClient
internal import TestSupport
internal import Testing

@Suite("Erasure of a customer", .timeLimit(.minutes(5)))
struct ErasureTests {
  private static let setup = [
    """
    INSERT INTO customers (customer_id, name, first_name, last_name, identifier, birth_date,
      email, phone, country, account_open_date)
    VALUES
      (1, 'Zebedee Quillfeather', 'Zebedee', 'Quillfeather', 'QX-778812-ID', '1980-02-03',
        'zebedee@quillfeather.example', '+48555019283', 'PL', '2020-01-01'),
      (2, 'Bruno Other', 'Bruno', 'Other', 'OT-1', '1990-01-01', 'bruno@other.example',
        '+48555019283', 'DE', '2020-01-01')
    """,
    """
    INSERT INTO customer_locations (customer_id, city, country, street, postal_code)
    VALUES (1, 'Lodz', 'PL', 'Hidden Lane', '90-001')
    """,
    """
    INSERT INTO accounts (account_id, customer_id, account_type, account_number, currency,
      balance, opened_at)
    VALUES (1, 1, 'personal', 'PL61109010140000071219812874', 'EUR', 50, '2020-01-01'),
      (2, 2, 'personal', 'DE89370400440532013000', 'EUR', 70, '2020-01-01')
    """,
    "INSERT INTO payment_handles VALUES ('zq@upi', 1, '2020-01-01'), ('bo@upi', 2, '2020-01-01')",
    """
    INSERT INTO login_activity (customer_id, login_time, login_status, ip_address, device)
    VALUES (1, '2026-11-18 10:00:00', 'failed', '203.0.113.77', 'Communicator 9210 teal'),
      (1, '2026-11-18 10:01:00', 'success', NULL, 'Communicator 9210 teal')
    """,
    """
    INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
      currency, transaction_type, status, counterparty_iban, counterparty_handle, title)
    VALUES
      (1, 1, '2026-11-18 10:00:00', 10, 'EUR', 'transfer', 'completed',
        'DE89370400440532013000', NULL, 'my rent'),
      (2, 2, '2026-11-18 10:00:00', 20, 'EUR', 'transfer', 'completed',
        'PL61109010140000071219812874', NULL, 'for you'),
      (3, 2, '2026-11-18 10:00:00', 30, 'EUR', 'transfer', 'completed', NULL, 'zq@upi', NULL),
      (4, 2, '2026-11-18 10:00:00', 40, 'EUR', 'transfer', 'completed', NULL, 'shop@upi',
        'gift for zebedee QUILLFEATHER'),
      (5, 2, '2026-11-18 10:00:00', 50, 'EUR', 'transfer', 'completed', NULL, 'shop@upi',
        'bread')
    """,
    "INSERT INTO external_references VALUES ('src', 'customer', 'QX-778812-ID', 1)",
    """
    INSERT INTO routine_errors (routine_name, error_number, sql_state, error_message, failed_at)
    VALUES ('x', 1062, '23000', 'Duplicate entry ''ZEBEDEE@quillfeather.example''', '2026-11-18')
    """,
    """
    INSERT INTO import_runs (import_id, source_name, file_name, mapping_name, state, started_at)
    VALUES (1, 'src', 'a.csv', 'm', 'failed', '2026-11-18')
    """,
    """
    INSERT INTO import_quarantine (import_id, line_number, reason, raw_line)
    VALUES (1, 2, 'no amount', '7;Zebedee Quillfeather;;EUR'), (1, 3, 'no amount', '8;;;EUR')
    """,
    """
    INSERT INTO risk_cases (case_id, customer_id, case_state, disposition, opened_at, due_at,
      closed_at)
    VALUES (1, 1, 'closed', 'false_positive', '2026-01-01', '2026-02-01', '2026-01-02')
    """,
    "CALL add_case_note(1, 'he called from the office')", "CALL refresh_rollups(1000)",
  ]

  private static let secrets = [
    "zebedee", "quillfeather", "QX-778812-ID", "PL61109010140000071219812874", "zq@upi",
    "203.0.113.77", "Hidden Lane", "my rent", "from the office", "1980-02-03",
    "Communicator 9210 teal",
  ]

  /// Every value of every base table in lower case, independent of the routine's own search.
  private func everything(_ connection: Connection) async throws -> String {
    let tables = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables"
        + " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
        + " AND table_name NOT IN ('calendar_days', 'settlement_windows', 'fx_rates')")
    var text = ""
    for table in tables.rows.compactMap({ $0["name"] }) {
      for row in try await connection.query("SELECT * FROM `\(table)`").rows {
        text += row.values.map { $0 ?? "" }.joined(separator: "\t") + "\n"
      }
    }
    return text.lowercased()
  }

  @Test("after an erasure no table holds personal data of the customer, and payments stay")
  func erases() async throws {
    try await TestServer.withSchema { connection in
      for statement in Self.setup { _ = try await connection.queryAll(statement) }
      let before = try await everything(connection)
      for secret in Self.secrets {
        #expect(before.contains(secret.lowercased()), "the sample lacks \(secret)")
      }
      let figures =
        "SELECT account_id, COUNT(*), SUM(transaction_amount), SUM(base_amount),"
        + " GROUP_CONCAT(counterparty_country) FROM transactions GROUP BY account_id"
      let payments = try await connection.query(figures).rows.map(\.values)
      let proof = try #require(
        try await connection.query("CALL erase_customer(1)").rows.first)
      let after = try await everything(connection)
      for secret in Self.secrets {
        #expect(!after.contains(secret.lowercased()), "\(secret) is still there")
      }
      for other in [
        "bruno other", "+48555019283", "bo@upi", "de89370400440532013000", "bread", "8;;;eur",
      ] { #expect(after.contains(other), "\(other) of another customer is gone") }
      #expect(try await connection.query(figures).rows.map(\.values) == payments)
      let numbers = try await connection.query(
        "SELECT t.transaction_id FROM transactions AS t INNER JOIN accounts AS a"
          + " ON a.account_number = t.counterparty_iban AND a.customer_id = 1")
      #expect(numbers.rows.map { $0["transaction_id"] } == ["2"], "the pseudonym links as before")
      _ = try await connection.queryAll("CALL refresh_rollups(1000)")
      let wrong = try await connection.queryAll(
        "CALL reconcile_rollups('2026-11-18', '2026-11-18')")
      #expect(wrong.allSatisfy { $0.rows.isEmpty })

      let counts = try JSONDecoder().decode(
        [String: Int].self, from: Data((proof["table_counts"] ?? "").utf8))
      #expect(
        counts == [
          "accounts": 1, "customers": 1, "customer_locations": 1, "external_references": 1,
          "import_quarantine": 1, "login_activity": 2, "payment_handles": 1,
          "risk_case_changes": 1, "routine_errors": 1, "transactions": 4,
        ])
      #expect((proof.integer("searched_column_count") ?? 0) > 100)
      let forged = "SELECT erasure_id FROM integrity_privacy_erasures"
      #expect(try await connection.query(forged).rows.isEmpty)
      try await connection.execute("UPDATE privacy_erasures SET erased_at = '2020-01-01'")
      #expect(try await connection.query(forged).rows.count == 1)
      try await connection.execute(
        "UPDATE privacy_erasures SET erased_at = ?", [.text(proof["erased_at"] ?? "")])
      #expect(try await connection.query(forged).rows.isEmpty)
      // A second erasure finds nothing to erase, and the pseudonyms stay.
      let again = try await connection.query("CALL erase_customer(1)").rows.first
      #expect(again?["table_counts"] == "{}")
      #expect(
        try await connection.query("SELECT account_number AS n FROM accounts").rows
          .compactMap { $0["n"] }.sorted() == ["DE89370400440532013000", "PL00ERASED1"])
    }
  }

  @Test("an erasure refuses an open transaction, an unknown customer and an open case")
  func refuses() async throws {
    try await TestServer.withSchema { connection in
      for statement in Self.setup { _ = try await connection.queryAll(statement) }
      func refusal(_ customer: Int) async throws -> UInt32? {
        let error = await #expect(throws: DatabaseError.self) {
          _ = try await connection.queryAll("CALL erase_customer(\(customer))")
        }
        return error?.errno
      }
      try await connection.execute("START TRANSACTION")
      #expect(try await refusal(1) == 30001)
      try await connection.execute("ROLLBACK")
      #expect(try await refusal(99) == 30502)
      try await connection.execute("CALL reopen_case(1, 'again')")
      #expect(try await refusal(1) == 30702)
      try await connection.execute("CALL decide_case(1, 'false_positive', 'done')")
      // A trigger that puts the old text back: the search afterwards must find it.
      try await connection.execute(
        "CREATE TRIGGER stubborn BEFORE UPDATE ON routine_errors FOR EACH ROW"
          + " SET NEW.error_message = OLD.error_message")
      let before = try await everything(connection)
      #expect(try await refusal(1) == 30703)
      try await connection.execute("DELETE FROM routine_errors WHERE routine_name <> 'x'")
      let after = try await everything(connection)
      func kept(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { !$0.contains("erase_customer") }
      }
      #expect(kept(after) == kept(before))
    }
  }
}
