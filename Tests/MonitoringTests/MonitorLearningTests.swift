import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Monitoring

/// What a tick learns before its first verdict, and what it locks meanwhile.
@Suite("Monitor ticks that learn", .timeLimit(.minutes(5)))
struct MonitorLearningTests {
  private static let metrics = [
    "failed_logins", "failed_rate", "failed_rate_by_acquirer", "imported_failed_rate",
    "late_settlements", "repeated_payments", "slow_rate",
  ]

  private func at(_ text: String) -> CivilInstant? { CivilInstant("2026-11-22 \(text):00") }

  /// Everything that ticks have learned and judged.
  private func state(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS(' ', metric_name, member, last_minute, track_state) AS s FROM monitor_tracks
      UNION ALL
      SELECT CONCAT_WS(' ', metric_name, member, metric_minute, observed_value, expected_value,
        verdict)
      FROM monitor_points
      UNION ALL
      SELECT CONCAT_WS(' ', metric_name, definition_checksum, learned_until, is_complete)
      FROM monitor_learned
      ORDER BY 1
      """
    ).rows.compactMap { $0["s"] }
  }

  /// Another connection to the schema, with the same clock.
  private func another(_ connection: Connection) async throws -> Connection {
    var options = connection.options
    options.database = try await connection.query("SELECT DATABASE() AS d").rows.first?["d"]
    let other = try await Connection.open(options)
    try await other.execute("SET @payops_as_of = '2026-11-22 21:30:00'")
    return other
  }

  @Test("a tick that is killed while it learns is continued by the next, to the same state")
  func killed() async throws {
    let metrics = ["failed_rate", "failed_rate_by_acquirer", "repeated_payments"]
    var wanted: [String] = []
    try await Outage.run(minutes: 40, metrics: metrics) { connection in
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      wanted = try await state(connection)
    }
    try await Outage.run(minutes: 40, metrics: metrics) { connection in
      // The second metric cannot store its state: another session holds the row.
      let holder = try await another(connection)
      try await holder.execute("START TRANSACTION")
      try await holder.execute(
        "INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)"
          + " VALUES ('failed_rate_by_acquirer', 'A', '{}', UTC_TIMESTAMP())")
      let victim = try await another(connection)
      let start = at("19:50")
      let tick = Task { try await MonitorTick(victim).run(at: start) }
      try await RowLockWait.begins(of: victim.connectionId, seenBy: connection)
      try await holder.execute("KILL CONNECTION \(victim.connectionId)")
      await #expect(throws: (any Error).self) { _ = try await tick.value }
      try await holder.execute("ROLLBACK")
      await holder.close()
      let learned = try await connection.query(
        "SELECT metric_name FROM monitor_learned WHERE is_complete = 1"
      ).rows.map { $0["metric_name"] }
      #expect(learned == ["failed_rate"])

      _ = try await MonitorTick(connection).run(at: start)
      let found = try await state(connection)
      #expect(found == wanted)
      #expect(found.count > 1000)
    }
  }

  @Test("two ticks at once learn once, to the same state as one")
  func together() async throws {
    var wanted: [String] = []
    for count in [1, 2] {
      try await Outage.run(minutes: 40, metrics: Self.metrics) { connection in
        let start = at("19:50")
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<count {
            let other = try await another(connection)
            group.addTask {
              _ = try await MonitorTick(other).run(at: start)
              await other.close()
            }
          }
          try await group.waitForAll()
        }
        let found = try await state(connection)
        if count == 1 { wanted = found } else { #expect(found == wanted) }
      }
    }
    #expect(wanted.count > 1000)
  }

  @Test("a metric without members is learned once: a later tick reads each series once")
  func withoutMembers() async throws {
    try await Outage.run(minutes: 0, metrics: Self.metrics) { connection in
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      func calls() async throws -> Int64 {
        try await connection.query("SHOW SESSION STATUS LIKE 'Com_call_procedure'").rows.first?
          .integer("Value") ?? -1
      }
      let members = try await connection.query(
        "SELECT DISTINCT metric_name FROM monitor_tracks ORDER BY 1"
      ).rows.compactMap { $0["metric_name"] }
      #expect(members == ["failed_rate", "failed_rate_by_acquirer", "repeated_payments"])
      let before = try await calls()
      _ = try await MonitorTick(connection).run(at: at("19:51"))
      // Three fences, each series, the collection of repeated payments, the storing of steps and
      // series, and the end of the tick; no alert that is not open is resolved.
      let judged = Int64(3 + Self.metrics.count + 1 + 3)
      #expect(try await calls() - before == judged)

      // With another detector it learns anew, and the others do not.
      try await connection.execute(
        "UPDATE monitor_metrics SET numerator = 'denied_count' WHERE metric_name = 'failed_rate'")
      let unchanged = try await calls()
      _ = try await MonitorTick(connection).run(at: at("19:52"))
      let days = Int64(MonitorTick.warmUpDays)
      // A day of learning has a fence and is read; steps and series are kept where there are any.
      let relearned = try await calls() - unchanged
      #expect(relearned == judged + 2 * days + 9)
    }
  }

  @Test("the state that an earlier version learned without a record is kept")
  func withoutRecord() async throws {
    try await Outage.run(minutes: 0, metrics: ["failed_rate", "failed_rate_by_acquirer"]) {
      connection in
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      let wanted = try await state(connection)
      try await connection.execute("DELETE FROM monitor_learned")
      let report = try await MonitorTick(connection).run(at: at("19:50"))
      #expect(report.steps == 0)
      #expect(try await state(connection) == wanted)
    }
  }

  @Test("payments are accepted while a tick is learning or judging")
  func paymentsFirst() async throws {
    for isLearned in [false, true] {
      try await Outage.run(minutes: 40, metrics: Self.metrics) { connection in
        if isLearned { _ = try await MonitorTick(connection).run(at: at("19:50")) }
        let holder = try await another(connection)
        let other = try await another(connection)
        try await holder.execute("START TRANSACTION")
        // The last state that a learning tick writes.
        if isLearned {
          try await holder.execute(
            "SELECT 1 FROM monitor_tracks WHERE metric_name = 'repeated_payments' FOR UPDATE")
        } else {
          try await holder.execute(
            "INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)"
              + " VALUES ('repeated_payments', 'all', '{}', UTC_TIMESTAMP())")
        }
        // Live, so that samples are taken too, at the moment of the connection's clock.
        let tick = Task { try await MonitorTick(other).run() }
        try await RowLockWait.begins(of: other.connectionId, seenBy: connection)

        let client = try await another(connection)
        try await client.execute("SET SESSION innodb_lock_wait_timeout = 0, lock_wait_timeout = 0")
        // Before, among and after all existing payments.
        for time in [
          "2020-01-01 00:00:00", "2026-11-22 10:00:10", "2026-11-22 20:10:30",
          "2026-11-23 00:00:00",
        ] {
          try await client.execute(
            """
            INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
              transaction_type, status)
            VALUES (1, ?, 10, 'EUR', 'card_payment', 'pending')
            """, [.text(time)])
        }
        // Every payment of the past, by another state, amount and time.
        try await client.execute(
          "UPDATE transactions SET status = 'reversed' WHERE status = 'completed'")
        try await client.execute("UPDATE accounts SET account_status = account_status")
        try await client.execute("UPDATE customers SET name = CONCAT(name, 'x')")
        await client.close()
        try await holder.execute("ROLLBACK")
        await holder.close()
        _ = try await tick.value
        await other.close()
      }
    }
  }

  @Test("control: a series read under REPEATABLE READ blocks payments")
  func control() async throws {
    try await Outage.run(minutes: 40, metrics: Self.metrics) { connection in
      let other = try await another(connection)
      try await other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
      try await other.execute("START TRANSACTION")
      _ = try await other.queryAll(
        "CALL read_monitor_series('repeated_payments', '2026-11-22', '2026-11-23')")
      let client = try await another(connection)
      try await client.execute("SET SESSION innodb_lock_wait_timeout = 0, lock_wait_timeout = 0")
      let error = await #expect(throws: DatabaseError.self) {
        try await client.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
          VALUES (1, '2026-11-22 21:30:30', 10, 'EUR', 'card_payment', 'pending')
          """)
      }
      #expect(error?.code == .lockTimeout)
      await client.close()
      await other.close()
    }
  }

  @Test("alerts of a metric that can no longer be judged stay unchanged")
  func brokenMetric() async throws {
    try await Outage.run(minutes: 40, metrics: ["failed_rate", "failed_rate_by_acquirer"]) {
      connection in
      _ = try await MonitorTick(connection).run(at: at("19:50"))
      _ = try await MonitorTick(connection).run(at: at("20:10"))
      let open =
        "SELECT COUNT(*) AS n FROM alerts"
        + " WHERE alert_rule = 'monitor_failed_rate_by_acquirer' AND open_key IS NOT NULL"
      #expect(try await connection.query(open).rows.first?["n"] == "1")
      try await connection.execute(
        "UPDATE monitor_metrics SET detector = 'oracle'"
          + " WHERE metric_name = 'failed_rate_by_acquirer'")
      let report = try await MonitorTick(connection).run(at: at("20:20"))
      #expect(report.failed == 1)
      #expect(try await connection.query(open).rows.first?["n"] == "1")
    }
  }

  @Test("minutes of confirmed incidents are not learned from, those of false alarms are")
  func confirmed() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO alerts (alert_rule, alert_subject, severity, alert_state, alert_message,
          raised_at, seen_at, fired_at, resolved_at, disposition)
        VALUES
          ('monitor_failed_rate', 'all', 'WARNING', 'resolved', 'm', '2026-11-22 10:00:00',
            '2026-11-22 10:00:00', '2026-11-22 10:00:00', '2026-11-22 10:09:00', 'true_positive'),
          ('monitor_failed_rate', 'all', 'WARNING', 'resolved', 'm', '2026-11-22 12:00:00',
            '2026-11-22 12:00:00', '2026-11-22 12:00:00', '2026-11-22 12:09:00', 'false_positive'),
          ('monitor_failed_rate', 'all', 'WARNING', 'resolved', 'm', '2026-11-22 14:00:00',
            '2026-11-22 14:00:00', '2026-11-22 14:00:00', '2026-11-22 14:09:00', NULL)
        """)
      let first = at("10:00")?.minutesSinceEpoch ?? 0
      #expect(
        try await connection.confirmedIncidents()
          == ["monitor_failed_rate/all": [first...first + 9]])
    }
  }
}
