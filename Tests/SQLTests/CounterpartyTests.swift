import MariaDBClient
import TestSupport
import Testing

@Suite("Counterparties of customers", .timeLimit(.minutes(5)))
struct CounterpartyTests {
  private func rows(_ sql: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  private static let setup = """
    INSERT INTO customers (customer_id, name, country, account_open_date, risk_score)
    VALUES (1, 'Zebedee Quillfeather', 'PL', '2020-01-01', 0),
        (2, 'Bruno Other', 'DE', '2020-01-01', 70),
        (3, 'Carla Third', 'FR', '2020-01-01', 40);
    INSERT INTO accounts (account_id, customer_id, account_type, account_number, currency, opened_at)
    VALUES (11, 1, 'personal', 'PL61109010140000071219812874', 'EUR', '2020-01-01'),
        (12, 1, 'savings', NULL, 'EUR', '2020-01-01'),
        (21, 2, 'personal', 'DE89370400440532013000', 'EUR', '2020-01-01'),
        (31, 3, 'personal', NULL, 'EUR', '2020-01-01');
    INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
        transaction_type, status, counterparty_account_id, counterparty_iban, counterparty_handle)
    VALUES
        -- To one of our accounts, of two accounts of the customer, with a row of the account paid.
        (11, '2026-11-18 10:00:00', 10, 'EUR', 'transfer', 'completed', 21,
            'DE89370400440532013000', NULL),
        (12, '2026-11-17 10:00:00', 5, 'EUR', 'transfer', 'completed', 21, NULL, NULL),
        (21, '2026-11-18 10:00:01', 10, 'EUR', 'deposit', 'completed', 11, NULL, NULL),
        -- Outside: twice the same IBAN, one of a listed country, a handle, one without an address.
        (11, '2026-11-01 10:00:00', 20, 'EUR', 'transfer', 'completed', NULL,
            'FR7630006000011234567890189', NULL),
        (11, '2026-11-02 10:00:00', 30, 'EUR', 'wire', 'completed', NULL,
            'FR7630006000011234567890189', NULL),
        (31, '2026-11-02 10:00:00', 1, 'EUR', 'wire', 'completed', NULL,
            'FR7630006000011234567890189', NULL),
        (11, '2026-11-02 10:00:00', 40, 'EUR', 'wire', 'completed', NULL,
            'IR580540105180021273113007', NULL),
        (11, '2026-11-03 10:00:00', 50, 'EUR', 'upi_p2p', 'completed', NULL, NULL, 'coffee@upi'),
        (11, '2026-11-03 10:00:00', 50, 'EUR', 'upi_p2p', 'completed', NULL, NULL, 'nowhere'),
        (11, '2026-11-04 10:00:00', 60, 'EUR', 'deposit', 'completed', NULL,
            'FR7630006000011234567890189', NULL),
        -- Neither completed, nor with another party, nor within 90 days, nor in the past.
        (11, '2026-11-04 10:00:00', 70, 'EUR', 'transfer', 'failed', 21, NULL, NULL),
        (11, '2026-11-04 10:00:00', 70, 'EUR', 'card_payment', 'completed', NULL, NULL, NULL),
        (11, '2026-08-20 23:59:59', 70, 'EUR', 'transfer', 'completed', 31, NULL, NULL),
        (11, '2026-11-18 12:30:21', 70, 'EUR', 'transfer', 'completed', 31, NULL, NULL),
        (11, '2026-08-21 00:00:00', 7, 'EUR', 'transfer', 'completed', 31, NULL, NULL);
    """

  private static let columns = """
    SELECT direction, counterparty_kind, COALESCE(masked_counterparty, counterparty_key),
        counterparty_customer_id, counterparty_country, payment_count, payment_amount, first_at,
        last_at, counterparty_band
    FROM customer_counterparties
    """

  @Test("accounts of ours, IBANs and addresses count by direction over 90 days, each once")
  func parties() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.runScript(Self.setup)
      _ = try await connection.query("CALL refresh_rollups(1000)")
      _ = try await connection.query("CALL evaluate_rules(NULL)")
      #expect(
        try await rows("\(Self.columns) WHERE customer_id = 1 ORDER BY 1, 2, 3", connection) == [
          "in|iban|FR***0189|NULL|FR|1|60.0000|2026-11-04 10:00:00|2026-11-04 10:00:00|NULL",
          "out|account|account-21|2|DE|2|15.0000|2026-11-17 10:00:00|2026-11-18 10:00:00|High",
          "out|account|account-31|3|FR|1|7.0000|2026-08-21 00:00:00|2026-08-21 00:00:00|Medium",
          "out|handle|***|NULL|NULL|1|50.0000|2026-11-03 10:00:00|2026-11-03 10:00:00|NULL",
          "out|handle|co***@upi|NULL|NULL|1|50.0000|2026-11-03 10:00:00|2026-11-03 10:00:00|NULL",
          "out|iban|FR***0189|NULL|FR|2|50.0000|2026-11-01 10:00:00|2026-11-02 10:00:00|NULL",
          "out|iban|IR***3007|NULL|IR|1|40.0000|2026-11-02 10:00:00|2026-11-02 10:00:00|High",
        ])
      // Its own row of the payment of account 11, and that of account 12, which has no row of it.
      #expect(
        try await rows(
          "\(Self.columns) WHERE customer_id = 2 ORDER BY counterparty_account_id", connection) == [
            "in|account|account-11|1|PL|1|10.0000|2026-11-18 10:00:00|2026-11-18 10:00:01|Low",
            "in|account|account-12|1|PL|1|5.0000|2026-11-17 10:00:00|2026-11-17 10:00:00|Low",
          ])
      // What customers paid to accounts is what accounts were paid.
      #expect(
        try await rows(
          """
          SELECT direction, SUM(payment_count), SUM(payment_amount) FROM customer_counterparties
          WHERE counterparty_kind = 'account' GROUP BY direction ORDER BY direction
          """, connection) == ["in|3|22.0000", "out|3|22.0000"])
    }
  }

  @Test("the key of a party outside is the same for every customer, and of a secret")
  func keys() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.runScript(Self.setup)
      let keys = """
        SELECT DISTINCT counterparty_key FROM customer_counterparties
        WHERE masked_counterparty = 'FR***0189'
        """
      let found = try await rows(keys, connection)
      #expect(found.count == 1 && found[0].wholeMatch(of: /iban-[0-9a-f]{32}/) != nil)
      #expect(
        try await rows(
          "SELECT COUNT(DISTINCT counterparty_key) = COUNT(*) FROM customer_counterparties"
            + " WHERE customer_id = 1 AND direction = 'out'", connection) == ["1"])
      // Another secret, other keys; none, no key that anybody can try.
      try await connection.execute("UPDATE erasure_keys SET secret = REPEAT('0', 64)")
      let others = try await rows(keys, connection)
      #expect(others.count == 1 && others != found)
      try await connection.execute("DELETE FROM erasure_keys")
      #expect(try await rows(keys, connection) == ["NULL"])
    }
  }

  @Test("of an erased customer nothing is left")
  func erased() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.runScript(Self.setup)
      try await connection.execute(
        "UPDATE transactions SET counterparty_account_id = NULL WHERE account_id = 11")
      _ = try await connection.query("CALL erase_customer(2)")
      #expect(
        try await rows(
          "SELECT masked_counterparty, counterparty_country, payment_count"
            + " FROM customer_counterparties WHERE customer_id = 1 AND masked_counterparty LIKE 'DE%'",
          connection
        ).allSatisfy { $0.hasPrefix("DE***") && !$0.contains("3000") })
      #expect(
        try await rows(
          "SELECT customer_label, is_erased FROM dim_customer WHERE customer_id = 2", connection)
          == ["e*** (2)|1"])
      #expect(
        try await rows(
          "SELECT COUNT(*) FROM payment_list WHERE masked_counterparty LIKE '%3000'", connection)
          == ["0"])
    }
  }

  @Test(
    "pages of the payments of a customer are those of payment_list, without a gap or a row twice")
  func pages() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.runScript(Self.setup)
      try await connection.runScript(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT IF(seq MOD 3, 11, 12), '2026-11-10' - INTERVAL seq DIV 40 DAY, 1, 'EUR', 'transfer',
            'completed'
        FROM \(numbers(1...600)) AS n;
        """)
      _ = try await connection.query("CALL refresh_rollups(10000)")
      // One that the rollups do not have yet, and one that they still have.
      try await connection.runScript(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (12, '2026-11-18 12:00:00', 1, 'EUR', 'transfer', 'completed');
        DELETE FROM transactions WHERE account_id = 11 ORDER BY transaction_time DESC LIMIT 5;
        """)
      let all = try await rows(
        "SELECT * FROM payment_list WHERE customer_id = 1"
          + " ORDER BY transaction_time DESC, transaction_id DESC", connection)
      #expect(all.count > 600)
      for limit in [7, 50, 1000] {
        var found: [String] = []
        var cursor = "NULL, NULL"
        while found.count <= all.count {
          let page = try await rows(
            "CALL read_customer_payments(1, \(cursor), \(limit))", connection)
          found += page
          guard page.count == limit, let last = page.last?.split(separator: "|") else { break }
          cursor = "'\(last[1])', \(last[0])"
        }
        #expect(found == all, "\(limit)")
      }
      // A page reads the days that hold it.
      _ = try await connection.query("ANALYZE TABLE transactions, account_day")
      let read = try await connection.rowsRead(
        by: "CALL read_customer_payments(1, NULL, NULL, 10)")
      #expect(read < 1200, "\(read) rows")
      #expect(
        try await rows("CALL read_customer_payments(99, NULL, NULL, 10)", connection).isEmpty)
      for arguments in [
        "NULL, NULL, NULL, 10", "1, NULL, NULL, 0", "1, NULL, NULL, NULL", "1, NULL, 5, 10",
        "1, '2026-11-18', NULL, 10",
      ] {
        let error = await #expect(throws: DatabaseError.self, "\(arguments)") {
          _ = try await rows("CALL read_customer_payments(\(arguments))", connection)
        }
        #expect(error?.errno == 30002)
      }
    }
  }

  @Test("a customer is found by the payments of its accounts alone")
  func cost() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '\(ViewSample.now)'")
      try await connection.runScript(Self.setup)
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status, counterparty_handle)
        SELECT 21, '2026-11-10', IF(seq MOD 20 = 0, 100, 1), 'EUR', 'upi_p2p', 'completed', CONCAT('a', seq, '@upi')
        FROM \(numbers(1...3_000)) AS n
        """)
      _ = try await connection.query("CALL refresh_rollups(10000)")
      try await connection.execute("ANALYZE TABLE transactions, accounts, transfer_day")
      for (view, filter) in [
        ("customer_counterparties", "customer_id = 3"),
        ("payment_list", "customer_id = 3 AND transaction_date >= '2026-11-01'"),
        ("payment_list", "account_id = 31 ORDER BY transaction_date DESC, transaction_time DESC"),
        ("payment_list", "1 = 1 ORDER BY transaction_time DESC, transaction_id DESC LIMIT 5"),
        (
          "payment_list",
          "status = 'failed' ORDER BY transaction_time DESC, transaction_id DESC LIMIT 5"
        ),
        (
          "spend_value_anomalies",
          "1 = 1 ORDER BY transaction_time DESC, transaction_id DESC LIMIT 5"
        ),
      ] {
        // Once before: the server reads its statistics of a table when it opens it.
        _ = try await connection.query("SELECT * FROM \(view) WHERE \(filter)")
        let read = try await connection.rowsRead(by: "SELECT * FROM \(view) WHERE \(filter)")
        #expect((0...400).contains(read), "\(view) \(filter): \(read) rows")
      }
    }
  }
}
