import MariaDBClient
import TestSupport
import Testing

@Suite("Alerts and their notices", .timeLimit(.minutes(5)))
struct AlertTests {
  /// The contents of the outbox, in the order in which it was written.
  private func notices(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS(' ', route_name, alert_subject, notice_kind, severity, notice_state) AS n
      FROM notifications ORDER BY notification_id
      """
    ).rows.compactMap { $0["n"] }
  }

  private func changes(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS(' ', alert_subject, change_kind, severity, changed_by) AS c
      FROM ops_alert_changes ORDER BY change_id
      """
    ).rows.compactMap { $0["c"] }
  }

  private func route(_ name: String, _ set: String = "", on connection: Connection) async throws {
    try await connection.execute(
      """
      INSERT INTO notification_routes SET route_name = '\(name)', channel_kind = 'log',
          target = '/tmp/x', group_seconds = 0\(set.isEmpty ? "" : ", " + set)
      """)
  }

  private func raise(
    _ subject: String, _ severity: String = "WARNING", on connection: Connection
  ) async throws {
    _ = try await connection.queryAll("CALL raise_alert('test', '\(subject)', '\(severity)', 'm')")
  }

  private func resolve(_ subject: String, on connection: Connection) async throws {
    _ = try await connection.queryAll("CALL resolve_alert('test', '\(subject)')")
  }

  private func at(_ time: String, on connection: Connection) async throws {
    try await connection.execute("SET timestamp = UNIX_TIMESTAMP('\(time)')")
  }

  /// The notices leased to a sender.
  private func lease(_ sender: String, on connection: Connection) async throws -> [Row] {
    let results = try await connection.queryAll("CALL lease_notifications('\(sender)', 60, 50)")
    for result in results where !result.columns.isEmpty { return result.rows }
    return []
  }

  /// Sends all due notices as a sender whose receivers answer as given.
  @discardableResult
  private func send(
    _ outcome: String = "'delivered', NULL, NULL", on connection: Connection
  ) async throws -> [[String]] {
    var groups: [[String]] = []
    while true {
      let rows = try await lease("s", on: connection)
      if rows.isEmpty { return groups }
      groups.append(rows.compactMap { $0["alert_subject"] })
      for row in rows {
        let id = row["notification_id"] ?? ""
        _ = try await connection.queryAll("CALL finish_notification(\(id), 's', \(outcome))")
      }
    }
  }

  private func errno(_ body: () async throws -> Void) async -> UInt32? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? DatabaseError)?.errno
    }
  }

  @Test("an alert is notified once, again when more severe, and its end to those notified")
  func life() async throws {
    try await TestServer.withSchema { connection in
      try await route("all", on: connection)
      try await route("critical", "minimum_severity = 'CRITICAL'", on: connection)
      try await at("2026-11-22 12:00:00", on: connection)
      try await raise("a", on: connection)
      try await raise("a", "INFO", on: connection)
      #expect(try await notices(connection) == ["all a firing WARNING waiting"])
      try await send(on: connection)
      try await raise("a", "CRITICAL", on: connection)
      try await raise("a", "WARNING", on: connection)
      #expect(
        try await notices(connection) == [
          "all a firing WARNING delivered", "all a firing CRITICAL waiting",
          "critical a firing CRITICAL waiting",
        ])
      // Notified over one route only when it ends: the other gets nothing.
      _ = try await connection.queryAll("CALL lease_notifications('s', 60, 1)")
      try await connection.execute(
        """
        UPDATE notifications SET notice_state = 'delivered', lease_owner = NULL
        WHERE route_name = 'all'
        """)
      try await resolve("a", on: connection)
      #expect(
        try await notices(connection) == [
          "all a firing WARNING delivered", "all a firing CRITICAL delivered",
          "critical a firing CRITICAL cancelled", "all a resolved CRITICAL waiting",
        ])
      #expect(
        try await changes(connection) == [
          "a fired WARNING payops", "a escalated CRITICAL payops", "a resolved CRITICAL payops",
        ])
      // Soon after, the same alert is reopened; later, a new one fires.
      try await at("2026-11-22 12:05:00", on: connection)
      try await raise("a", on: connection)
      let count = "SELECT COUNT(*) AS n, MAX(reopened_count) AS r FROM alerts"
      var row = try await connection.query(count).rows.first
      #expect(row?["n"] == "1" && row?["r"] == "1")
      try await resolve("a", on: connection)
      try await at("2026-11-22 12:30:00", on: connection)
      try await raise("a", on: connection)
      row = try await connection.query(count).rows.first
      #expect(row?["n"] == "2")
      let last = try await changes(connection).suffix(3)
      #expect(
        Array(last) == [
          "a reopened WARNING payops", "a resolved WARNING payops", "a fired WARNING payops",
        ])
    }
  }

  @Test("an acknowledgement stops reminders and escalations, and unknown alerts are refused")
  func people() async throws {
    try await TestServer.withSchema { connection in
      try await route("team", "repeat_seconds = 600", on: connection)
      try await route("boss", "after_seconds = 900, owner = 'cards'", on: connection)
      try await at("2026-11-22 12:00:00", on: connection)
      try await raise("a", on: connection)
      try await raise("b", on: connection)
      try await connection.execute("UPDATE alerts SET owner = 'cards'")
      try await send(on: connection)
      _ = try await connection.queryAll("CALL change_alert(1, 'acknowledged', 'on it', 'ann')")
      for minute in ["12:05", "12:10", "12:16", "12:16", "12:21"] {
        try await at("2026-11-22 \(minute):00", on: connection)
        _ = try await connection.queryAll("CALL watch_alerts()")
        try await send(on: connection)
      }
      #expect(
        try await notices(connection).dropFirst(2) == [
          "team b reminder WARNING delivered", "boss b firing WARNING delivered",
          "team b reminder WARNING delivered",
        ])
      _ = try await connection.queryAll("CALL change_alert(1, 'comment', 'acquirer called', 'ann')")
      _ = try await connection.queryAll(
        "CALL change_alert(1, 'disposition', 'true_positive', 'ann')")
      _ = try await connection.queryAll("CALL change_alert(1, 'resolved', 'fixed', 'ann')")
      _ = try await connection.queryAll(
        "CALL change_alert(1, 'disposition', 'false_positive', 'bob')")
      let shown = try await connection.query("SELECT * FROM ops_alerts WHERE alert_id = 1").rows
      #expect(shown.first?["acknowledged_by"] == "ann")
      #expect(shown.first?["disposition"] == "false_positive")
      let times = try await connection.query("SELECT * FROM ops_alert_times").rows.first
      #expect(times?["alert_count"] == "2" && times?["false_count"] == "1")
      for (call, number) in [
        ("1, 'acknowledged', '', NULL", 30652), ("1, 'resolved', '', NULL", 30652),
        ("99, 'comment', 'x', NULL", 30651), ("2, 'comment', '', NULL", 30002),
        ("2, 'disposition', 'maybe', NULL", 30002), ("2, 'fired', 'x', NULL", 30002),
        ("2, 'comment', 'card 4111 1111 1111 1111', NULL", 30701),
      ] {
        #expect(
          await errno { _ = try await connection.queryAll("CALL change_alert(\(call))") }
            == UInt32(number), "\(call)")
      }
      let audit = "SELECT COUNT(*) AS n FROM audit_log WHERE subject_kind = 'alert_change'"
      #expect(try await connection.query(audit).rows.first?["n"] == "4")
    }
  }

  @Test(
    "a silence delays notifications of new alerts, not the end of notified ones")
  func silences() async throws {
    try await TestServer.withSchema { connection in
      try await route("all", on: connection)
      try await at("2026-11-22 12:00:00", on: connection)
      try await raise("known", on: connection)
      try await send(on: connection)
      _ = try await connection.queryAll(
        "CALL silence_alerts('te%', NULL, NULL, '2026-11-22 13:00:00', 'work', 'ann', @s)")
      try await raise("quiet", on: connection)
      try await raise("short", on: connection)
      try await resolve("short", on: connection)
      try await resolve("known", on: connection)
      #expect(
        try await notices(connection) == [
          "all known firing WARNING delivered", "all known resolved WARNING waiting",
        ])
      #expect(
        try await connection.query(
          "SELECT GROUP_CONCAT(alert_subject) AS s FROM ops_alerts WHERE silence_id IS NOT NULL"
        ).rows.first?["s"] == "quiet")
      _ = try await connection.queryAll("CALL end_silence(@s)")
      #expect(await errno { _ = try await connection.queryAll("CALL end_silence(@s)") } == 30653)
      _ = try await connection.queryAll("CALL watch_alerts()")
      #expect(try await notices(connection).last == "all quiet firing WARNING waiting")
      #expect(
        await errno {
          _ = try await connection.queryAll(
            "CALL silence_alerts(NULL, NULL, NULL, '2026-11-22 11:00:00', 'late', NULL, @s)")
        } == 30002)
    }
  }

  @Test("a silence by calendar recurs on its days and hours, and an invalid one is refused")
  func silencesByCalendar() async throws {
    try await TestServer.withSchema { connection in
      try await at("2026-12-01 12:00:00", on: connection)
      let call = "CALL silence_alerts_by_calendar("
      _ = try await connection.queryAll(
        call + "'te%', NULL, NULL, '2027-02-01', 'TARGET', 'closed', NULL, NULL, 'w', 'ann', @a)")
      _ = try await connection.queryAll(
        call
          + "NULL, 'a%', '2026-12-07', '2027-02-01', 'TARGET', 'business', '22:00', NULL, 'n',"
          + " NULL, @b)")
      // Berlin is an hour ahead: a Friday, its night, a Saturday, a Monday's night, Christmas.
      let covered = try await connection.query(
        """
        SELECT GROUP_CONCAT(COALESCE(alert_silence('test', 'a', i.t), 0) ORDER BY i.t) AS c
        FROM (
            SELECT TIMESTAMP'2026-12-04 12:00:00' AS t UNION ALL SELECT '2026-12-04 21:30:00'
            UNION ALL SELECT '2026-12-05 12:00:00' UNION ALL SELECT '2026-12-07 20:59:59'
            UNION ALL SELECT '2026-12-07 21:00:00' UNION ALL SELECT '2026-12-07 23:00:00'
            UNION ALL SELECT '2026-12-25 12:00:00' UNION ALL SELECT '2027-02-06 12:00:00'
        ) AS i
        """
      ).rows.first?["c"]
      #expect(covered == "0,0,1,0,2,0,1,0")
      let row = try await connection.query(
        "SELECT *, created_by = USER() AS is_mine FROM alert_silences WHERE silence_id = @b"
      ).rows.first
      #expect(row?["from_time"] == "22:00:00" && row?["to_time"] == "24:00:00")
      #expect(row?["is_mine"] == "1")
      for arguments in [
        "NULL, NULL, NULL, NULL, 'TARGET', NULL, NULL, NULL, 'r', NULL, @c",
        "NULL, NULL, NULL, '2026-11-01', 'TARGET', NULL, NULL, NULL, 'r', NULL, @c",
        "NULL, NULL, '2027-01-02', '2027-01-01', 'TARGET', NULL, NULL, NULL, 'r', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', 'TARGET', NULL, NULL, NULL, '', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', NULL, NULL, NULL, NULL, 'r', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', 'MOON', NULL, NULL, NULL, 'r', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', 'TARGET', 'never', NULL, NULL, 'r', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', 'TARGET', NULL, '22:00', '06:00', 'r', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', 'TARGET', NULL, '-01:00', NULL, 'r', NULL, @c",
        "NULL, NULL, NULL, '2027-01-01', 'TARGET', NULL, NULL, '25:00', 'r', NULL, @c",
      ] {
        #expect(
          await errno { _ = try await connection.queryAll(call + arguments + ")") } == 30002,
          "\(arguments)")
      }
      #expect(
        await errno {
          _ = try await connection.queryAll(
            call
              + "NULL, NULL, NULL, '2027-01-01', 'TARGET', NULL, NULL, NULL, '4111111111111111',"
              + " NULL, @c)")
        } == 30701)
      let count = "SELECT COUNT(*) AS n FROM alert_silences"
      #expect(try await connection.query(count).rows.first?["n"] == "2")
    }
  }

  @Test("recurring silences and hours of routes follow the calendar and its time zone")
  func calendars() async throws {
    try await TestServer.withSchema { connection in
      let hours = try await connection.query(
        """
        SELECT GROUP_CONCAT(
            is_within_hours('TARGET', d.on_days, '08:00', '17:00', i.t) ORDER BY i.t, d.on_days
        ) AS w
        FROM (SELECT 'all' AS on_days UNION ALL SELECT 'business' UNION ALL SELECT 'closed') AS d,
            (
                -- Berlin is two hours ahead in summer and one in winter; 25 December is a holiday.
                SELECT TIMESTAMP'2026-07-01 05:59:59' AS t UNION ALL SELECT '2026-07-01 06:00:00'
                UNION ALL SELECT '2026-12-01 06:00:00' UNION ALL SELECT '2026-12-01 07:00:00'
                UNION ALL SELECT '2026-12-05 10:00:00' UNION ALL SELECT '2026-12-25 10:00:00'
                UNION ALL SELECT '2026-12-28 16:00:00'
            ) AS i
        """
      ).rows.first?["w"]
      #expect(hours == "0,0,0,1,1,0,0,0,0,1,1,0,1,0,1,1,0,1,0,0,0")
      try await route(
        "office",
        "calendar_name = 'TARGET', on_days = 'business', from_time = '08:00', "
          + "to_time = '17:00'", on: connection)
      try await at("2026-12-25 10:00:00", on: connection)
      try await raise("a", on: connection)
      #expect(try await notices(connection) == [])
      try await at("2026-12-28 07:00:00", on: connection)
      _ = try await connection.queryAll("CALL watch_alerts()")
      #expect(try await notices(connection) == ["office a firing WARNING waiting"])
    }
  }

  @Test("a notice has one sender at a time, is leased again when lost, and fails with an alert")
  func outbox() async throws {
    try await TestServer.withSchema { connection in
      try await route("a", on: connection)
      try await route("b", on: connection)
      try await at("2026-11-22 12:00:00", on: connection)
      try await raise("x", on: connection)
      try await raise("y", on: connection)
      // Both alerts of the rule go over a route at once.
      #expect(try await lease("s", on: connection).map { $0["route_name"] } == ["a", "a"])
      var options = connection.options
      options.database = try await connection.query("SELECT DATABASE() AS d").rows.first?["d"]
      let other = try await Connection.open(options)
      try await other.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-22 12:00:30')")
      #expect(try await lease("o", on: other).map { $0["route_name"] } == ["b", "b"])
      #expect(
        await errno {
          _ = try await other.queryAll("CALL finish_notification(1, 'o', 'delivered', NULL, NULL)")
        } == 30654)
      // The first sender is lost: its notices are leased again, and it may not finish them.
      try await other.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-22 12:01:20')")
      #expect(try await lease("o", on: other).map { $0["attempt_count"] } == ["2", "2"])
      #expect(
        await errno {
          _ = try await connection.queryAll(
            "CALL finish_notification(1, 's', 'delivered', NULL, NULL)")
        } == 30654)
      // The end of an alert whose beginning is being sent waits for it.
      _ = try await other.queryAll("CALL resolve_alert('test', 'x')")
      #expect(try await lease("o", on: other).isEmpty)
      let ids = try await other.query(
        "SELECT notification_id AS id FROM notifications WHERE notice_state = 'sending'"
          + " ORDER BY notification_id"
      ).rows.compactMap { $0["id"] }
      try #require(ids.count == 4)
      _ = try await other.queryAll(
        "CALL finish_notification(\(ids[0]), 'o', 'retry', 'busy', 90.5)")
      _ = try await other.queryAll(
        "CALL finish_notification(\(ids[1]), 'o', 'failed', 'gone', NULL)")
      for id in ids.dropFirst(2) {
        _ = try await other.queryAll(
          "CALL finish_notification(\(id), 'o', 'delivered', NULL, NULL)")
      }
      // The failure of route b is notified over route a, not over itself.
      let failed = try await other.query(
        "SELECT GROUP_CONCAT(route_name) AS r FROM notifications"
          + " WHERE alert_rule = 'notification_failed'"
      ).rows.first?["r"]
      #expect(failed == "a")
      // Retried when it is due, and then the end.
      try await other.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-22 12:02:49')")
      try await send(on: other)
      let waiting = "SELECT notification_id AS id FROM notifications WHERE notice_state = 'waiting'"
      #expect(try await other.query(waiting).rows.compactMap { $0["id"] }.contains(ids[0]))
      try await other.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-22 12:02:51')")
      try await send(on: other)
      #expect(try await other.query(waiting).rows.isEmpty)
      await other.close()
    }
  }
}
