internal import MariaDBClient

/// A dozen payments with settlements and logins, small enough to compute every KPI by hand.
enum ViewSample {
  /// The present of the views.
  static let now = "2026-11-18 12:30:20"

  private static let statements = [
    """
    INSERT INTO customers (
        customer_id, name, country, risk_category, kyc_status, account_open_date
    ) VALUES
        (1, 'One', 'DE', 'high', 'verified', '2024-01-01'),
        (2, 'Two', 'DE', 'low', 'pending', '2024-01-01')
    """,
    """
    INSERT INTO customer_locations (customer_id, city, country) VALUES
        (1, 'Berlin', 'DE'), (2, 'Berlin', 'DE')
    """,
    """
    INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at) VALUES
        (11, 1, 'personal', 'EUR', '2024-01-01'),
        (12, 2, 'personal', 'EUR', '2024-01-01')
    """,
    """
    INSERT INTO transactions (
        transaction_id, account_id, transaction_time, transaction_amount, currency,
        transaction_type, location, merchant_category, status, response_code, requested_at,
        responded_at
    ) VALUES
        (1, 11, '2026-11-18 12:00:10', 100, 'EUR', 'card_payment', 'Berlin', 'fuel',
            'completed', '00', '2026-11-18 12:00:10', '2026-11-18 12:00:10.300'),
        (2, 11, '2026-11-18 12:00:20', 200000, 'EUR', 'transfer', 'Berlin', 'fuel',
            'completed', '00', '2026-11-18 12:00:20', '2026-11-18 12:00:21'),
        (3, 12, '2026-11-18 12:00:30', 50, 'EUR', 'card_payment', 'Paris', 'food',
            'failed', '91', '2026-11-18 12:00:30', '2026-11-18 12:00:40'),
        (4, 12, '2026-11-18 12:00:40', 60, 'EUR', 'card_payment', 'Paris', 'food',
            'denied', '51', '2026-11-18 12:00:40', '2026-11-18 12:00:40.100'),
        (5, 12, '2026-11-18 11:30:20', 70, 'EUR', 'card_payment', 'Paris', 'food',
            'pending', NULL, NULL, NULL),
        (6, 12, '2026-11-18 11:31:20', 70, 'EUR', 'card_payment', 'Paris', 'food',
            'pending', NULL, NULL, NULL),
        (7, 12, '2026-11-10 11:30:20', 80, 'EUR', 'card_payment', 'Paris', 'food',
            'authorized', '00', NULL, NULL),
        (8, 12, '2026-10-01 11:30:20', 90, 'EUR', 'card_payment', 'Paris', 'food',
            'created', NULL, NULL, NULL),
        (9, 12, '2026-11-18 10:00:20', 30, 'EUR', 'card_payment', 'Paris', 'food',
            'reversed', '00', NULL, NULL),
        (10, 12, '2026-11-11 10:00:20', 40, 'EUR', 'card_payment', 'Paris', 'food',
            'completed', '00', NULL, NULL)
    """,
    """
    INSERT INTO settlements (
        transaction_id, rail, settlement_status, settlement_amount, currency, accepted_at, due_at,
        settlement_date
    ) VALUES
        (1, 'SEPA_INST', 'settled', 100, 'EUR', '2026-11-18 12:00:10', '2026-11-18 12:00:20',
            '2026-11-18 12:00:15'),
        (2, 'SEPA_CT', 'pending', 200000, 'EUR', '2026-11-18 12:00:20', '2026-11-19 17:00:00',
            NULL),
        (10, 'SEPA_CT', 'settled', 40, 'EUR', '2026-11-11 10:00:20', '2026-11-12 17:00:00',
            '2026-11-13 18:30:00'),
        (9, 'WIRE', 'failed', 30, 'EUR', '2026-11-17 10:00:20', '2026-11-17 17:00:00',
            '2026-11-17 18:30:00'),
        (9, 'WIRE', 'pending', 30, 'EUR', '2026-11-17 10:00:20', '2026-11-17 17:00:00', NULL),
        (3, 'SEPA_INST', 'pending', 50, 'EUR', '2026-11-18 12:10:00', '2026-11-18 12:10:10', NULL)
    """,
    """
    INSERT INTO login_activity (customer_id, login_time, login_status) VALUES
        (1, '2026-11-18 11:50:00', 'failed'),
        (1, '2026-11-18 11:55:00', 'failed'),
        (2, '2026-11-18 09:30:00', 'failed'),
        (2, '2026-11-18 09:31:00', 'success')
    """,
    """
    INSERT INTO imported_status_counts (
        source_name, metric_minute, source_status, state, payment_count
    ) VALUES
        ('switch', '2026-11-18 12:00:00', 'approved', 'completed', 90),
        ('switch', '2026-11-18 12:00:00', 'denied', 'denied', 6),
        ('switch', '2026-11-18 12:00:00', 'failed', 'failed', 1),
        ('switch', '2026-11-18 12:00:00', 'reversed', 'reversed', 2),
        ('switch', '2026-11-18 12:00:00', 'backend_reversed', 'reversed', 1)
    """,
  ]

  /// Inserts the sample, sets the clock and refreshes the rollups.
  ///
  /// - Parameter connection: the connection, with a deployed and empty schema selected.
  /// - Throws: ``DatabaseError`` from the server.
  static func load(on connection: Connection) async throws {
    try await connection.execute("SET @payops_as_of = '\(now)'")
    for statement in statements { try await connection.execute(statement) }
    _ = try await connection.queryAll("CALL refresh_rollups(1000000)")
  }
}
