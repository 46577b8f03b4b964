import MariaDBClient
import TestSupport
import Testing

@Suite("Boundaries of procedures", .timeLimit(.minutes(5)))
struct ProcedureBoundaryTests {
  private func rows(_ sql: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  @Test("payments around midnight are one rapid series, counted across days")
  func rapidOverMidnight() async throws {
    try await TestServer.withSchema { connection in
      let fixture = try await RuleFixture.open(on: connection)
      // Five within 30 minutes, mostly before or after midnight; and four, which are too few.
      let times = ["18 23:50:00", "18 23:55:00", "18 23:59:59", "19 00:05:00", "19 00:10:00"]
      let later = ["18 23:50:00", "18 23:59:59", "19 00:01:00", "19 00:05:00", "19 00:10:00"]
      for (account, chosen) in [times, later, Array(later.dropFirst())].enumerated() {
        try await fixture.add(
          chosen.map { .init(account: account + 1, at: "2026-03-\($0)", amount: 1) })
      }
      try await fixture.evaluate()
      #expect(try await fixture.failures() == [])
      #expect(try await fixture.hits(of: "A25B") == ["account:1", "account:2"])
      #expect(
        try await rows(
          "SELECT DISTINCT window_from, window_to, measured_value + 0e0 FROM risk_hits"
            + " WHERE rule_id = 'A25B'", connection)
          == ["2026-03-19 00:00:00|2026-03-19 00:10:00|5"])
    }
  }

  @Test("a window that a rule finds several times in a run keeps its largest measure")
  func largestMeasure() async throws {
    try await TestServer.withSchema { connection in
      let fixture = try await RuleFixture.open(on: connection)
      try await connection.execute(
        """
        CREATE OR REPLACE VIEW rule_a01_large_cash AS
        SELECT 'A01' AS rule_id, 1 AS rule_version, 1 AS customer_id, 1 AS account_id,
            CAST(NULL AS SIGNED) AS transaction_id,
            CAST('2026-03-19' AS DATETIME) AS window_from,
            CAST('2026-03-20' AS DATETIME) AS window_to,
            CAST(ELT(s.seq, 5, 9, 7) AS DECIMAL(24, 4)) AS measured_value,
            CAST(1 AS DECIMAL(24, 4)) AS threshold_value, CAST(5 AS DECIMAL(5, 2)) AS points,
            CAST(CONCAT('number ', ELT(s.seq, 5, 9, 7)) AS CHAR(400)) AS evidence
        FROM \(numbers(1...3)) AS s
        """)
      try await fixture.add([.init(at: "2026-03-19 10:00:00", amount: 1)])
      try await fixture.evaluate()
      #expect(try await fixture.failures() == [])
      #expect(
        try await rows(
          "SELECT measured_value + 0e0, evidence FROM risk_hits WHERE rule_id = 'A01'", connection)
          == ["9|number 9"])
    }
  }

  @Test("a rule whose statement must be prepared again is read again")
  func preparedAgain() async throws {
    try await TestServer.withSchema { connection in
      let fixture = try await RuleFixture.open(on: connection)
      try await connection.execute(
        """
        CREATE FUNCTION points_of_third_call() RETURNS INT READS SQL DATA
        BEGIN
            SET @calls = COALESCE(@calls, 0) + 1;
            IF @calls < 3 THEN
                SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1615, MESSAGE_TEXT = 'prepare again';
            END IF;
            RETURN 5;
        END
        """)
      try await connection.execute(
        """
        CREATE OR REPLACE VIEW rule_a01_large_cash AS
        SELECT 'A01' AS rule_id, 1 AS rule_version, 1 AS customer_id, 1 AS account_id,
            CAST(NULL AS SIGNED) AS transaction_id,
            CAST('2026-03-19' AS DATETIME) AS window_from,
            CAST('2026-03-20' AS DATETIME) AS window_to,
            CAST(5 AS DECIMAL(24, 4)) AS measured_value,
            CAST(1 AS DECIMAL(24, 4)) AS threshold_value,
            CAST(points_of_third_call() AS DECIMAL(5, 2)) AS points,
            CAST('' AS CHAR(400)) AS evidence
        """)
      try await fixture.add([.init(at: "2026-03-19 10:00:00", amount: 1)])
      try await fixture.evaluate()
      #expect(try await fixture.failures() == [])
      #expect(try await fixture.hits(of: "A01") == ["account:1"])
      // Not for ever.
      try await connection.execute("SET @calls = -1000")
      try await fixture.evaluate()
      #expect(try await fixture.failures().count == 1)
    }
  }

  @Test("a window counts once, however far its end moves under another version of the rule")
  func windowsByBegin() async throws {
    try await TestServer.withSchema { connection in
      _ = try await RuleFixture.open(on: connection)
      try await connection.runScript(
        """
        INSERT INTO rule_versions (rule_id, rule_version, version_state, points, half_life_days,
            expiry_days, proposed_by, proposed_at)
        VALUES ('A01', 2, 'draft', 10, 30, 180, 'test', '2026-03-01');
        INSERT INTO risk_hits (rule_id, rule_version, subject, window_from, window_to, customer_id,
            measured_value, threshold_value, points, evidence, first_found_at, last_found_at)
        VALUES
            ('A01', 1, 'account:1', '2026-03-19', '2026-03-19 10:00:00', 1, 1, 1, 10, 'e',
                '2026-03-20', '2026-03-20'),
            ('A01', 2, 'account:1', '2026-03-19', '2026-03-19 11:00:00', 1, 1, 1, 10, 'e',
                '2026-03-20', '2026-03-20'),
            ('A01', 1, 'account:1', '2026-03-18', '2026-03-19 10:00:00', 1, 1, 1, 10, 'e',
                '2026-03-20', '2026-03-20');
        """)
      _ = try await connection.query("CALL apply_risk_scores('\(RuleFixture.now)')")
      #expect(
        try await rows("SELECT window_key FROM risk_events ORDER BY 1", connection) == [
          "account:1@2026-03-18 00:00:00", "account:1@2026-03-19 00:00:00",
        ])
    }
  }

  @Test("a settlement due at the moment of a batch is in it, one due a second later is not")
  func dueAtTheMoment() async throws {
    try await TestServer.withSchema { connection in
      _ = try await LedgerFixture.open(on: connection)
      try await connection.runScript(
        """
        INSERT INTO transactions (transaction_id, account_id, transaction_time,
            transaction_amount, currency, transaction_type, status)
        VALUES (1, 1, '2026-11-10', 1, 'EUR', 'wire', 'completed');
        INSERT INTO settlements (settlement_id, transaction_id, rail, settlement_amount, currency,
            accepted_at, due_at)
        VALUES (1, 1, 'CARD', 1, 'EUR', '2026-11-10', '2026-11-12 10:00:00'),
            (2, 1, 'CARD', 1, 'EUR', '2026-11-10', '2026-11-12 10:00:01');
        """)
      try await connection.execute(
        "CALL settle_batch('b', 'CARD', '2026-11-12 10:00:00', @batch, @count)")
      #expect(
        try await rows(
          "SELECT settlement_id, settlement_status FROM settlements ORDER BY 1", connection)
          == ["1|settled", "2|pending"])
    }
  }

  @Test("old notices are deleted, except those still waiting to be sent")
  func noticesThatWait() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO notifications (route_name, alert_id, notice_kind, reopened_count, severity,
            alert_rule, alert_subject, alert_message, raised_at, notice_state, created_at, due_at)
        SELECT 'r', seq, 'firing', 0, 'INFO', 'a', 'a', '', '2020-01-01',
            ELT(seq, 'waiting', 'sending', 'delivered', 'failed', 'cancelled'), '2020-01-01',
            '2020-01-01'
        FROM \(numbers(1...5)) AS n
        """)
      _ = try await connection.query("CALL purge_history()")
      #expect(
        try await rows("SELECT notice_state + 0 FROM notifications ORDER BY 1", connection)
          == ["1", "2"])
    }
  }

  @Test("an escalation is counted from the last time that the alert fired")
  func escalationAfterReopening() async throws {
    try await TestServer.withSchema { connection in
      try await connection.runScript(
        """
        INSERT INTO notification_routes SET route_name = 'later', channel_kind = 'log',
            target = '/tmp/x', group_seconds = 0, after_seconds = 3600;
        INSERT INTO alerts (alert_id, alert_rule, alert_subject, severity, alert_state,
            alert_message, raised_at, seen_at, fired_at, reopened_count)
        VALUES (1, 'test', 'a', 'CRITICAL', 'firing', 'm', UTC_TIMESTAMP(3) - INTERVAL 10 HOUR,
            UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) - INTERVAL 10 MINUTE, 1);
        """)
      try await connection.execute("CALL write_alert_notices(1)")
      #expect(try await rows("SELECT route_name FROM notifications", connection) == [])
      try await connection.execute(
        "UPDATE alerts SET fired_at = UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE")
      try await connection.execute("CALL write_alert_notices(1)")
      #expect(try await rows("SELECT route_name FROM notifications", connection) == ["later"])
    }
  }
}
