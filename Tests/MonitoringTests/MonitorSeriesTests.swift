import MariaDBClient
import TestSupport
import Testing

@Suite("Counts of metrics", .timeLimit(.minutes(2)))
struct MonitorSeriesTests {
  private func series(
    _ metric: String, _ connection: Connection, from: String = "10:00", to: String = "10:10"
  ) async throws -> [String] {
    let results = try await connection.queryAll(
      "CALL read_monitor_series(?, ?, ?)",
      [.text(metric), .text("2026-11-21 \(from):00"), .text("2026-11-21 \(to):00")])
    return (results.first?.rows ?? []).map { row in
      let minute = (row["metric_minute"] ?? "").dropFirst(11).prefix(5)
      return
        "\(minute) \(row["member"] ?? "") \(row["numerator"] ?? "")/\(row["denominator"] ?? "")"
    }
  }

  private func withPayments(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'A', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01'), (2, 1, 'personal', 'EUR', '2020-01-01');
        SET @payops_as_of = '2026-11-22 00:00:00';
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            base_amount, transaction_type, merchant_category, channel, status, requested_at,
            responded_at)
        VALUES
            (1, '2026-11-21 09:59:30', 10, 'EUR', 10, 'card_payment', 'food', 'ecommerce',
                'completed', '2026-11-21 09:59:30', '2026-11-21 09:59:31'),
            -- The same again, a minute later and two minutes and a second after that.
            (1, '2026-11-21 10:00:30', 10, 'EUR', 10, 'card_payment', 'food', 'ecommerce',
                'completed', '2026-11-21 10:00:30', '2026-11-21 10:00:31.200'),
            (1, '2026-11-21 10:02:31', 10, 'EUR', 10, 'card_payment', 'food', 'ecommerce',
                'completed', NULL, NULL),
            -- Another account, amount, merchant.
            (2, '2026-11-21 10:00:31', 10, 'EUR', 10, 'card_payment', 'food', 'mobile_app',
                'completed', '2026-11-21 10:00:31', '2026-11-21 10:00:32'),
            (1, '2026-11-21 10:00:32', 11, 'EUR', 11, 'card_payment', 'food', NULL,
                'completed', '2026-11-21 10:00:32', '2026-11-21 10:00:35'),
            (1, '2026-11-21 10:00:33', 10, 'EUR', 10, 'card_payment', 'fuel', 'ecommerce',
                'completed', '2026-11-21 10:00:33', '2026-11-21 10:00:34'),
            -- What was refused is rightly tried again; no merchant is one, too.
            (2, '2026-11-21 10:05:00', 30, 'EUR', 30, 'transfer', NULL, 'api', 'denied', NULL, NULL),
            (2, '2026-11-21 10:05:05', 30, 'EUR', 30, 'transfer', NULL, 'api', 'failed', NULL, NULL),
            (2, '2026-11-21 10:05:10', 30, 'EUR', 30, 'transfer', NULL, 'api', 'completed', NULL,
                NULL),
            (2, '2026-11-21 10:05:10', 30, 'EUR', 30, 'transfer', NULL, 'api', 'pending', NULL,
                NULL);
        """)
      try await body(connection)
    }
  }

  @Test("a payment repeated within two minutes counts, also one before the period")
  func repeated() async throws {
    try await withPayments { connection in
      #expect(
        try await series("repeated_payments", connection) == [
          "10:00 all 1/4", "10:02 all 0/1", "10:05 all 1/2",
        ])
      // Any division of time counts the same.
      #expect(
        try await series("repeated_payments", connection, from: "10:01", to: "10:05") == [
          "10:02 all 0/1"
        ])
      #expect(try await series("repeated_payments", connection, from: "10:00", to: "10:00") == [])
      try await connection.execute(
        "UPDATE monitor_metrics SET numerator = '121' WHERE metric_name = 'repeated_payments'")
      #expect(
        try await series("repeated_payments", connection, from: "10:02") == [
          "10:02 all 1/1", "10:05 all 1/2",
        ])
    }
  }

  @Test("slow answers of a channel are those beyond the bin of the limit")
  func slow() async throws {
    try await withPayments { connection in
      let counts = try await series("slow_rate_by_channel", connection, from: "09:59")
      #expect(
        counts == ["09:59 ecommerce 0/1", "10:00 ecommerce 1/2", "10:00 mobile_app 0/1"])
    }
  }

  @Test("seconds and milliseconds are whole numbers")
  func refused() async throws {
    try await TestServer.withSchema { connection in
      for metric in ["repeated_payments", "slow_rate_by_channel"] {
        try await connection.execute(
          "UPDATE monitor_metrics SET numerator = '1 OR 1' WHERE metric_name = '\(metric)'")
        let error = await #expect(throws: DatabaseError.self) {
          _ = try await series(metric, connection)
        }
        #expect(error?.errno == 30671)
      }
    }
  }
}
