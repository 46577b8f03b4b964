import MariaDBClient
import PayopsCore
import TestSupport

/// Payments of two acquirers, A and B, of which B fails for a while.
enum Outage {
  /// Runs a body with two days of eight payments a minute, the second of them 22 November 2026,
  /// alternating over A and B; all of B fail from 20:00 of the second day on. The rollups are
  /// filled as a refresh does.
  ///
  /// - Parameters:
  ///   - minutes: how long B fails
  ///   - metrics: the metrics that are watched
  ///   - body: the test
  static func run(
    minutes: Int, metrics: [String], _ body: (Connection) async throws -> Void
  ) async throws {
    let names = metrics.map { "'\($0)'" }.joined(separator: ", ")
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'A', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        UPDATE monitor_metrics SET is_enabled = metric_name IN (\(names));
        SET @payops_as_of = '2026-11-22 21:30:00';
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            base_amount, transaction_type, acquirer, status)
        SELECT 1, '2026-11-21 00:00:00' + INTERVAL m.seq MINUTE + INTERVAL p.seq SECOND, 10, 'EUR',
            10, 'card_payment', IF(p.seq MOD 2 = 0, 'A', 'B'),
            IF(
                p.seq MOD 2 = 1 AND m.seq BETWEEN 1440 + 1200 AND 1440 + 1199 + \(minutes)
                    OR (m.seq * 8 + p.seq) MOD 37 = 0,
                'failed', 'completed')
        FROM \(numbers(0...2_729)) AS m, \(numbers(1...8)) AS p;
        """)
      _ = try await connection.queryAll("CALL refresh_rollups(1000000)")
      try await body(connection)
    }
  }
}
