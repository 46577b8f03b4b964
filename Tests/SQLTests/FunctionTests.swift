import MariaDBClient
import TestSupport
import Testing

@Suite("Functions", .timeLimit(.minutes(5)))
struct FunctionTests {
  /// The result of each, computed by hand; NULL is nil.
  private static let values: [(String, String?)] = [
    ("mask_middle('DE89370400440532013000', 2, 4)", "DE***3000"),
    ("mask_middle('abcdefghijkl', 2, 4)", "ab***ijkl"), ("mask_middle('abcdefghijk', 2, 4)", "***"),
    ("mask_middle('', 1, 1)", "***"), ("mask_middle('äöüß', 1, 1)", "ä***ß"),
    ("mask_middle(NULL, 1, 1)", nil),

    ("passes_luhn('4111111111111111')", "1"), ("passes_luhn('4111111111111112')", "0"),
    ("passes_luhn('378282246310005')", "1"), ("passes_luhn('1')", "0"), ("passes_luhn('59')", "1"),
    ("passes_luhn('91')", "1"), ("passes_luhn('19')", "0"), ("passes_luhn(NULL)", nil),

    ("is_data_error(1264, '22003')", "1"), ("is_data_error(1213, '40001')", "0"),
    ("is_data_error(1048, '23000')", "1"), ("is_data_error(1265, '01000')", "1"),
    ("is_data_error(1292, '22007')", "1"), ("is_data_error(1366, 'HY000')", "1"),
    ("is_data_error(1411, 'HY000')", "1"), ("is_data_error(4025, '23000')", "1"),
    ("is_data_error(3819, 'HY000')", "1"),
    ("is_data_error(1062, '23000')", "0"), ("is_data_error(1021, 'HY000')", "0"),
    ("is_data_error(NULL, NULL)", "0"), ("is_data_error(NULL, '22001')", "1"),

    ("fx_rate('USD', '2026-01-10')", "0.500000000"),
    ("fx_rate('USD', '2026-01-09')", "0.400000000"),
    ("fx_rate('USD', '2026-01-31')", "0.600000000"),
    ("fx_rate('USD', '2019-01-01')", "0.400000000"),
    ("fx_rate('XXX', '2026-01-10')", nil), ("base_currency()", "EUR"),

    ("account_is_closed(1)", "0"), ("account_is_closed(2)", "1"), ("account_is_closed(9)", nil),
    ("closing_refusal(1)", "balance_not_zero"), ("closing_refusal(2)", nil),
    ("closing_refusal(3)", "open_payments"), ("closing_refusal(4)", nil),
    ("closing_refusal(5)", "open_holds"),

    ("is_within_hours(NULL, 'all', '10:00', '11:00', '2026-01-05 23:00:00')", "1"),
    ("is_within_hours('T', 'all', '10:00', '11:00', '2026-01-05 10:00:00')", "1"),
    ("is_within_hours('T', 'all', '10:00', '11:00', '2026-01-05 09:59:59')", "0"),
    ("is_within_hours('T', 'all', '10:00', '11:00', '2026-01-05 10:59:59')", "1"),
    ("is_within_hours('T', 'all', '10:00', '11:00', '2026-01-05 11:00:00')", "0"),
    ("is_within_hours('T', 'business', '10:00', '11:00', '2026-01-05 10:30:00')", "1"),
    ("is_within_hours('T', 'closed', '10:00', '11:00', '2026-01-05 10:30:00')", "0"),
    ("is_within_hours('T', 'business', '10:00', '11:00', '2026-01-04 10:30:00')", "0"),
    ("is_within_hours('T', 'closed', '10:00', '11:00', '2026-01-04 10:30:00')", "1"),
    // A day that the calendar does not cover counts as open.
    ("is_within_hours('T', 'business', '10:00', '11:00', '2050-01-04 10:30:00')", "1"),
  ]

  @Test("functions give the results computed by hand")
  func values() async throws {
    try await TestServer.withSchema { connection in
      try await connection.ignoreConstraints()
      try await connection.runScript(
        """
        DELETE FROM fx_rates WHERE currency = 'USD';
        INSERT INTO fx_rates (currency, rate_date, rate_to_base, rate_source)
        VALUES ('USD', '2026-01-05', 0.4, 't'), ('USD', '2026-01-10', 0.5, 't'),
            ('USD', '2026-01-20', 0.6, 't');
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'one', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at,
            account_status)
        SELECT seq, 1, 'personal', 'EUR', IF(seq = 1, 5, 0), '2020-01-01',
            IF(seq = 2, 'closed', 'active')
        FROM \(numbers(1...5)) AS n;
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (3, '2026-01-05', 5, 'EUR', 'wire', 'pending'),
            (4, '2026-01-05', 5, 'EUR', 'wire', 'completed'),
            (5, '2026-01-05', 5, 'EUR', 'wire', 'completed');
        INSERT INTO payment_holds (transaction_id, account_id, held_amount, authorized_at, expires_at,
            ended_at, outcome)
        SELECT transaction_id, account_id, 5, '2026-01-05', '2026-02-01',
            IF(account_id = 5, NULL, '2026-01-06'),
            IF(account_id = 5, NULL, 'voided')
        FROM transactions WHERE account_id IN (4, 5);
        INSERT INTO calendars (calendar_name, description, time_zone) VALUES ('T', 'test', 'UTC');
        INSERT INTO calendar_days (calendar_name, calendar_date, is_business_day,
            business_day_number)
        VALUES ('T', '2026-01-04', 0, 0), ('T', '2026-01-05', 1, 1);
        """)
      for (call, value) in Self.values {
        #expect(
          try await connection.query("SELECT \(call) AS v").rows.first?["v"] == value, "\(call)")
      }
    }
  }
}
