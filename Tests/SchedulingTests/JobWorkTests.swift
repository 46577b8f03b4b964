import MariaDBClient
import TestSupport
import Testing

@Suite("Work of jobs", .timeLimit(.minutes(5)))
struct JobWorkTests {
  private static func seed(_ connection: Connection) async throws {
    try await connection.runScript(
      """
      INSERT INTO customers (customer_id, name, country, account_open_date)
      VALUES (1, 'A', 'DE', '2026-01-01');
      INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
      VALUES (1, 1, 'personal', 'EUR', '2026-01-01'), (2, 1, 'personal', 'USD', '2026-01-01');
      """)
  }

  private static func alerts(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      "SELECT open_key AS k FROM alerts WHERE open_key IS NOT NULL ORDER BY 1"
    ).rows.compactMap { $0["k"] }
  }

  private static func number(_ connection: Connection, _ sql: String, _ column: String = "n")
    async throws -> Int64?
  {
    try await connection.query(sql).rows.first?.integer(column)
  }

  @Test("a stuck payment is marked once for each time it is stuck, and never changed")
  func stuck() async throws {
    try await TestServer.withSchema { connection in
      try await Self.seed(connection)
      try await connection.execute(
        """
        INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
            currency, transaction_type, status)
        VALUES (1, 1, UTC_TIMESTAMP() - INTERVAL 60 DAY, 10, 'EUR', 'wire', 'pending'),
            (2, 1, UTC_TIMESTAMP(), 20, 'EUR', 'wire', 'pending')
        """)
      for expected in [Int64(1), 0] {
        let marked = try await Self.number(
          connection, "CALL mark_stuck_payments()", "marked_count")
        #expect(marked == expected)
      }
      #expect(try await Self.alerts(connection) == ["payments_stuck/pending"])
      let states = "SELECT GROUP_CONCAT(status ORDER BY transaction_id) AS s FROM transactions"
      #expect(try await connection.query(states).rows.first?["s"] == "pending,pending")
      try await connection.execute(
        "UPDATE transactions SET status = 'completed' WHERE transaction_id = 1")
      #expect(
        try await Self.number(connection, "CALL mark_stuck_payments()", "cleared_count") == 1)
      #expect(try await Self.alerts(connection) == [])
      #expect(try await Self.number(connection, "SELECT COUNT(*) AS n FROM stuck_payments") == 1)
    }
  }

  @Test("a new holiday moves due times in the future, and none that has passed")
  func dueDates() async throws {
    try await TestServer.withSchema { connection in
      try await Self.seed(connection)
      try await connection.execute("SET @payops_as_of = '2026-11-18 12:00:00'")
      try await connection.execute(
        """
        INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
            currency, transaction_type, status)
        VALUES (1, 1, '2026-11-16 09:00:00', 10, 'EUR', 'wire', 'completed'),
            (2, 1, '2026-11-18 09:00:00', 20, 'EUR', 'wire', 'completed')
        """)
      try await connection.execute(
        """
        INSERT INTO settlements (settlement_id, transaction_id, rail, settlement_amount, currency,
            accepted_at)
        VALUES (1, 1, 'SEPA_CT', 10, 'EUR', '2026-11-16 09:00:00'),
            (2, 2, 'SEPA_CT', 20, 'EUR', '2026-11-18 09:00:00')
        """)
      let dues = "SELECT GROUP_CONCAT(due_at ORDER BY settlement_id) AS d FROM settlements"
      let before = try #require(try await connection.query(dues).rows.first?["d"])
      let call = "CALL roll_settlement_due_dates()"
      #expect(try await Self.number(connection, call, "rolled_count") == 0)
      // The window in which the second was accepted is now due a day later.
      try await connection.execute(
        """
        UPDATE settlement_windows AS w
        INNER JOIN settlements AS s ON s.rail = w.rail AND w.due_at = s.due_at
        SET w.due_at = w.due_at + INTERVAL 1 DAY
        """)
      #expect(try await Self.number(connection, call, "rolled_count") == 1)
      let after = try #require(try await connection.query(dues).rows.first?["d"])
      #expect(before.split(separator: ",")[0] == after.split(separator: ",")[0])
      #expect(before.split(separator: ",")[1] < after.split(separator: ",")[1])
    }
  }

  @Test("due times move in batches, including the last batch")
  func dueDatesInPieces() async throws {
    try await TestServer.withSchema { connection in
      try await Self.seed(connection)
      try await connection.execute("SET @payops_as_of = '2026-11-18 12:00:00'")
      try await connection.execute(
        """
        INSERT INTO transactions (transaction_id, account_id, transaction_time, transaction_amount,
            currency, transaction_type, status)
        SELECT seq, 1, '2026-11-18 09:00:00', 20, 'EUR', 'wire', 'completed' FROM \(numbers(1...1_203)) AS n
        """)
      try await connection.execute(
        """
        INSERT INTO settlements (settlement_id, transaction_id, rail, settlement_amount, currency,
            accepted_at)
        SELECT seq, seq, 'SEPA_CT', 20, 'EUR', '2026-11-18 09:00:00' FROM \(numbers(1...1_203)) AS n
        """)
      try await connection.execute(
        """
        UPDATE settlement_windows AS w
        INNER JOIN settlements AS s ON s.settlement_id = 1 AND s.rail = w.rail AND w.due_at = s.due_at
        SET w.due_at = w.due_at + INTERVAL 1 DAY
        """)
      let call = "CALL roll_settlement_due_dates()"
      #expect(try await Self.number(connection, call, "rolled_count") == 1203)
      #expect(
        try await Self.number(
          connection, "SELECT COUNT(DISTINCT due_at) AS n FROM settlements", "n") == 1)
      #expect(try await Self.number(connection, call, "rolled_count") == 0)
    }
  }

  @Test("old rates and ending calendars raise alerts until they are fixed")
  func referenceData() async throws {
    try await TestServer.withSchema { connection in
      try await Self.seed(connection)
      try await connection.execute("SET @payops_as_of = '2026-11-18 12:00:00'")
      try await connection.execute("CALL check_reference_data()")
      #expect(try await Self.alerts(connection) == ["fx_rate_old/USD"])
      try await connection.execute(
        "INSERT INTO fx_rates VALUES ('USD', '2026-11-17', 0.9, 'test')")
      try await connection.execute("CALL check_reference_data()")
      #expect(try await Self.alerts(connection) == [])
      let last = try #require(
        try await connection.query("SELECT MAX(calendar_date) AS d FROM calendar_days")
          .rows.first?["d"])
      try await connection.execute("SET @payops_as_of = '\(last)'")
      try await connection.execute("CALL check_reference_data()")
      #expect(try await Self.alerts(connection).contains { $0.hasPrefix("calendar_ends/") })
    }
  }

  @Test("damaged rollups or balances raise an alert, and a repair resolves it")
  func checks() async throws {
    try await TestServer.withSchema { connection in
      try await Self.seed(connection)
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (1, UTC_TIMESTAMP() - INTERVAL 1 DAY, 10, 'EUR', 'wire', 'completed')
        """)
      try await connection.execute("CALL refresh_rollups(100)")
      try await connection.execute("CALL check_rollups(2)")
      #expect(try await Self.alerts(connection) == [])
      try await connection.execute("UPDATE metric_day SET total_count = total_count + 1")
      try await connection.execute("CALL check_rollups(2)")
      #expect(try await Self.alerts(connection) == ["rollups_differ/rollups"])
      try await connection.execute("UPDATE metric_day SET total_count = total_count - 1")
      try await connection.execute("CALL check_rollups(2)")
      #expect(try await Self.alerts(connection) == [])

      try await connection.execute("CALL watch_integrity()")
      let clean = try await Self.alerts(connection)
      try await connection.execute("UPDATE metric_day SET total_count = total_count + 1")
      try await connection.execute("CALL watch_integrity()")
      let broken = Set(try await Self.alerts(connection)).subtracting(clean)
      #expect(broken.contains("integrity_broken/integrity_rollup_levels"), "\(broken)")
      try await connection.execute("UPDATE metric_day SET total_count = total_count - 1")
      try await connection.execute("CALL watch_integrity()")
      #expect(try await Self.alerts(connection) == clean)
    }
  }

  @Test("history is purged after its retention, except open records")
  func history() async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO job_runs (job_name, scheduled_for, run_state, host_name, process_name,
            fencing_token)
        VALUES ('a', UTC_TIMESTAMP() - INTERVAL 91 DAY, 'succeeded', '', '', 1),
            ('b', UTC_TIMESTAMP() - INTERVAL 91 DAY, 'running', '', '', 1),
            ('c', UTC_TIMESTAMP() - INTERVAL 89 DAY, 'failed', '', '', 1);
        INSERT INTO routine_errors (routine_name, error_number, sql_state, error_message, failed_at)
        VALUES ('a', 1, 'HY000', '', UTC_TIMESTAMP() - INTERVAL 91 DAY);
        INSERT INTO alerts (alert_rule, alert_subject, severity, alert_state, alert_message,
            raised_at, seen_at, fired_at, resolved_at)
        VALUES ('a', 'a', 'INFO', 'resolved', '', '2020-01-01', '2020-01-01', '2020-01-01',
                '2020-01-01'),
            ('b', 'b', 'INFO', 'firing', '', '2020-01-01', '2020-01-01', '2020-01-01', NULL);
        """)
      #expect(try await Self.number(connection, "CALL purge_history()", "deleted_count") == 3)
      #expect(try await Self.number(connection, "CALL purge_history()", "deleted_count") == 0)
      let left = "SELECT GROUP_CONCAT(job_name ORDER BY job_name) AS j FROM job_runs"
      #expect(try await connection.query(left).rows.first?["j"] == "b,c")
      #expect(try await Self.alerts(connection) == ["b/b"])
    }
  }

  @Test("space is sampled each day, and its forecast is a line through the samples")
  func space() async throws {
    try await TestServer.withSchema { connection in
      let tables = try await Self.number(connection, "CALL sample_space()", "sampled_count")
      #expect(tables ?? 0 > 80)
      #expect(try await Self.number(connection, "CALL sample_space()", "sampled_count") == tables)
      try await connection.runScript(
        """
        SET @payops_as_of = '2026-11-20 12:00:00';
        DELETE FROM space_samples;
        INSERT INTO space_samples
        SELECT DATE '2026-11-20' - INTERVAL seq DAY, 'steady', 10, 4000 - 100 * seq, 1000
        FROM \(numbers(0...40)) AS n;
        INSERT INTO space_samples VALUES ('2026-11-20', 'young', 1, 500, 0),
            ('2026-11-21', 'young', 1, 9000, 0);
        INSERT INTO space_samples VALUES ('2026-11-19', 'shrinking', 1, 5000, 0),
            ('2026-11-20', 'shrinking', 1, 4000, 0);
        """)
      let rows = try await connection.query(
        "SELECT table_name, total_bytes, sample_count, bytes_per_day, bytes_in_30_days,"
          + " bytes_in_year FROM ops_space_forecast ORDER BY table_name"
      ).rows.map(\.values)
      #expect(
        rows == [
          ["shrinking", "4000", "2", "-1000", "0", "0"],
          ["steady", "5000", "30", "100", "8000", "41500"],
          ["young", "500", "1", nil, nil, nil],
        ])
    }
  }

  @Test("a rule that fails is an alert of its own and stops no other")
  func failingRule() async throws {
    try await TestServer.withSchema { connection in
      try await Self.seed(connection)
      try await connection.execute(
        "CREATE OR REPLACE VIEW rule_a18_fan_in AS SELECT 1 / 0 AS nothing_of_a_rule")
      try await connection.execute("CALL update_risk_scores()")
      let alerts = try await Self.alerts(connection)
      #expect(!alerts.isEmpty && alerts.allSatisfy { $0.hasPrefix("rule_failed/") })
      let others = "SELECT COUNT(*) AS n FROM risk_rule_runs WHERE error_number IS NULL"
      #expect(try await Self.number(connection, others) ?? 0 > 20)
    }
  }
}
