import MariaDBClient
import TestSupport
import Testing

/// What triggers fill in, against the functions and against queries of its own.
@Suite("Derived columns", .timeLimit(.minutes(5)))
struct DerivedColumnTests {
  /// The latest rate on or before a day, else the earliest; 1 for the base currency.
  private static func rate(_ currency: String, _ date: String) -> String {
    """
    IF((SELECT c.is_base FROM currencies AS c WHERE c.currency = \(currency)) = 1, 1, COALESCE(
        (SELECT r.rate_to_base FROM fx_rates AS r WHERE r.currency = \(currency)
            AND r.rate_date <= \(date) ORDER BY r.rate_date DESC LIMIT 1),
        (SELECT r.rate_to_base FROM fx_rates AS r WHERE r.currency = \(currency)
            ORDER BY r.rate_date LIMIT 1)))
    """
  }

  @Test("amounts in the base currency are those of the rate of the day", arguments: ["EUR", "USD"])
  func baseAmounts(base: String) async throws {
    try await TestServer.withSchema { connection in
      try await connection.ignoreConstraints()
      try await connection.runScript(
        """
        UPDATE currencies SET is_base = (currency = '\(base)');
        INSERT INTO fx_rates (currency, rate_date, rate_to_base, rate_source)
        SELECT c.currency, DATE'2025-01-01' + INTERVAL n.seq * 3 DAY, 1 + n.seq / 7, 't'
        FROM currencies AS c
        INNER JOIN \(numbers(1...20)) AS n
        WHERE c.currency IN ('GBP', 'JPY', 'PLN');
        DELETE FROM fx_rates WHERE currency = 'CHF';
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        SELECT 1, c.day + INTERVAL n.seq * 7919 SECOND, n.seq * 1.37, c.currency, 'wire', 'pending'
        FROM \(numbers(1...60)) AS n
        INNER JOIN (
            SELECT currency, TIMESTAMP'2024-12-30 00:00:00' AS day FROM currencies
            WHERE currency IN ('EUR', 'USD', 'GBP', 'JPY', 'PLN', 'CHF')
            UNION ALL SELECT currency, TIMESTAMP'1990-01-01 00:00:00' FROM currencies
            WHERE currency IN ('EUR', 'USD', 'GBP')
            UNION ALL SELECT 'ZZZ', TIMESTAMP'2025-01-01 00:00:00'
        ) AS c;
        INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
        SELECT transaction_id, 'SEPA_INST', transaction_amount, currency, transaction_time
        FROM transactions;
        """)
      // As they were inserted, and after a correction of amount, currency and day.
      for _ in 1...2 {
        for (table, amount, time) in [
          ("transactions", "transaction_amount", "transaction_time"),
          ("settlements", "settlement_amount", "accepted_at"),
        ] {
          let all = try await LedgerFixture.number("SELECT COUNT(*) FROM \(table)", on: connection)
          #expect(all == 600)
          for rate in [
            "fx_rate(t.currency, DATE(t.\(time)))", Self.rate("t.currency", "DATE(t.\(time))"),
          ] {
            #expect(
              try await LedgerFixture.number(
                "SELECT COUNT(*) FROM \(table) AS t"
                  + " WHERE t.base_amount <=> ROUND(t.\(amount) * \(rate), 4)", on: connection)
                == all, "\(table)")
          }
          #expect(
            try await LedgerFixture.number(
              "SELECT COUNT(*) FROM \(table) WHERE base_amount IS NULL", on: connection) > 0)
        }
        try await connection.runScript(
          """
          UPDATE transactions SET transaction_amount = transaction_amount + 1 WHERE MOD(transaction_id, 3) = 0;
          UPDATE transactions SET currency = 'GBP' WHERE MOD(transaction_id, 5) = 0;
          UPDATE transactions SET transaction_time = transaction_time + INTERVAL 9 DAY
          WHERE MOD(transaction_id, 7) = 0;
          UPDATE settlements SET settlement_amount = settlement_amount + 1 WHERE MOD(settlement_id, 3) = 0;
          UPDATE settlements SET currency = 'GBP' WHERE MOD(settlement_id, 5) = 0;
          UPDATE settlements SET accepted_at = accepted_at + INTERVAL 9 DAY
          WHERE MOD(settlement_id, 7) = 0;
          """)
      }
    }
  }

  @Test("due times are those of the window of acceptance, up to its first and last second")
  func dueTimes() async throws {
    try await TestServer.withSchema { connection in
      try await connection.ignoreConstraints()
      try await connection.runScript(
        """
        INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
        SELECT 1, r.rail, 1, 'EUR', TIMESTAMP'2026-03-20 00:00:00' + INTERVAL n.seq * 10007 SECOND
        FROM rails AS r INNER JOIN \(numbers(1...200)) AS n;
        INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
        SELECT 1, w.rail, 1, 'EUR', w.accepted_from + INTERVAL s.seconds SECOND
        FROM settlement_windows AS w
        INNER JOIN (SELECT -1 AS seconds UNION ALL SELECT 0 UNION ALL SELECT 1) AS s
        WHERE w.value_date BETWEEN '2026-03-20' AND '2026-04-20';
        """)
      // As they were inserted, and after a correction of the time of acceptance.
      for _ in 1...2 {
        let all = try await LedgerFixture.number("SELECT COUNT(*) FROM settlements", on: connection)
        #expect(all > 1500)
        for due in [
          "settlement_due_at(s.rail, s.accepted_at)",
          """
          (SELECT COALESCE(s.accepted_at + INTERVAL r.instant_seconds SECOND, (
              SELECT w.due_at FROM settlement_windows AS w
              WHERE w.rail = s.rail AND w.accepted_from <= s.accepted_at
              ORDER BY w.accepted_from DESC LIMIT 1))
          FROM rails AS r WHERE r.rail = s.rail)
          """,
        ] {
          #expect(
            try await LedgerFixture.number(
              "SELECT COUNT(*) FROM settlements AS s WHERE s.due_at = \(due)", on: connection)
              == all)
        }
        try await connection.execute(
          "UPDATE settlements SET accepted_at = accepted_at + INTERVAL 50021 SECOND")
      }
      // Where no window begins afterwards, or none before, there is no due time.
      for edge in ["MAX(accepted_from)", "MIN(accepted_from) - INTERVAL 1 SECOND"] {
        let time = try await LedgerFixture.texts(
          "SELECT \(edge) FROM settlement_windows WHERE rail = 'SEPA_CT'", on: connection)[0]
        #expect(
          try await LedgerFixture.texts(
            "SELECT settlement_due_at('SEPA_CT', '\(time)')", on: connection) == ["-"])
        await #expect(throws: DatabaseError.self) {
          try await connection.execute(
            """
            INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at)
            VALUES (1, 'SEPA_CT', 1, 'EUR', '\(time)')
            """)
        }
      }
    }
  }
}
