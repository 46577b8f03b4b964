import MariaDBClient
import TestSupport
import Testing

@Suite("Routes by SQL", .timeLimit(.minutes(5)))
struct RouteProcedureTests {
  private func errno(_ sql: String, _ connection: Connection) async -> UInt32? {
    do {
      _ = try await connection.queryAll(sql)
      return nil
    } catch let error as DatabaseError {
      return error.errno
    } catch {
      return 0
    }
  }

  /// A notice of each state on each of two routes.
  private func fill(_ connection: Connection) async throws {
    try await connection.execute(
      "CALL raise_alert('notification_failed', 'pager', 'WARNING', 'it does not answer')")
    for route in ["pager", "team"] {
      try await connection.execute(
        "CALL add_notification_route(?, 'log', '/tmp/x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        [.text(route)])
    }
    try await connection.execute("SET SESSION foreign_key_checks = 0, sql_mode = ''")
    try await connection.execute(
      """
      INSERT INTO notifications (route_name, alert_id, notice_kind, notice_state, lease_owner)
      SELECT r.route_name, 100 + s.seq, 'fired', ELT(s.seq, 'waiting', 'sending', 'delivered', 'failed'), 'me'
      FROM notification_routes AS r CROSS JOIN \(numbers(1...4)) AS s
      """)
    try await connection.execute("SET SESSION foreign_key_checks = 1, sql_mode = DEFAULT")
  }

  private func states(_ route: String, _ connection: Connection) async throws -> String? {
    try await connection.query(
      "SELECT GROUP_CONCAT(notice_state ORDER BY alert_id) AS s FROM notifications"
        + " WHERE route_name = ?", [.text(route)]
    ).rows.first?["s"]
  }

  @Test(
    "notices of a removed route are not sent, whether removed by procedure or by DELETE",
    arguments: [
      "CALL remove_notification_route('pager')",
      "DELETE FROM notification_routes WHERE route_name = 'pager'",
    ])
  func removal(statement: String) async throws {
    try await TestServer.withSchema { connection in
      try await fill(connection)
      let results = try await connection.queryAll(statement)
      if statement.hasPrefix("CALL") {
        #expect(
          results.first { !$0.columns.isEmpty }?.rows.first?.integer("cancelled_count") == 2)
      }
      #expect(try await states("pager", connection) == "cancelled,cancelled,delivered,failed")
      #expect(try await states("team", connection) == "waiting,sending,delivered,failed")
      let leases = try await connection.query(
        "SELECT COUNT(*) AS n FROM notifications WHERE notice_state = 'cancelled'"
          + " AND (lease_owner IS NOT NULL OR lease_until IS NOT NULL)")
      #expect(leases.rows.first?.integer("n") == 0)
      let open = try await connection.query(
        "SELECT COUNT(*) AS n FROM ops_alerts WHERE alert_rule = 'notification_failed'"
          + " AND alert_state <> 'resolved'")
      #expect(open.rows.first?.integer("n") == 0)
      #expect(await errno("CALL remove_notification_route('pager')", connection) == 30656)
    }
  }

  @Test("a route is added with defaults, and enabled and disabled")
  func addition() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        CALL add_notification_route('am', 'alertmanager', 'http://127.0.0.1:9093',
            '{"allowed_networks": ["127.0.0.1"]}', NULL, NULL, NULL, NULL, NULL, NULL)
        """)
      try await connection.execute(
        "CALL add_notification_route('mail', 'email', NULL, NULL, 'SEVERE', 'job_%', 'dba', 60, 0, 3600)"
      )
      let rows = try await connection.query(
        """
        SELECT route_name, channel_kind, target, channel_options, minimum_severity, rule_pattern,
            owner, after_seconds, group_seconds, repeat_seconds, is_enabled
        FROM notification_routes ORDER BY route_name
        """
      ).rows.map { $0.values.map { $0 ?? "NULL" }.joined(separator: " ") }
      #expect(
        rows == [
          "am alertmanager http://127.0.0.1:9093 {\"allowed_networks\": [\"127.0.0.1\"]} WARNING %"
            + " NULL 0 30 21600 1",
          "mail email  {} SEVERE job_% dba 60 0 3600 1",
        ])
      try await connection.execute("CALL set_notification_route_enabled('am', FALSE)")
      let off = try await connection.query(
        "SELECT GROUP_CONCAT(route_name) AS r FROM notification_routes WHERE is_enabled = 0")
      #expect(off.rows.first?["r"] == "am")
      for (call, number) in [
        (
          "add_notification_route('am', 'log', '/x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
          30657
        ),
        (
          "add_notification_route('a b', 'log', '/x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
          30002
        ),
        (
          "add_notification_route(NULL, 'log', '/x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
          30002
        ),
        (
          "add_notification_route('b', 'fax', '/x', NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
          30002
        ),
        (
          "add_notification_route('b', 'log', '/x', '[]', NULL, NULL, NULL, NULL, NULL, NULL)",
          30002
        ),
        (
          "add_notification_route('b', 'log', '/x', '{', NULL, NULL, NULL, NULL, NULL, NULL)", 30002
        ),
        (
          "add_notification_route('b', 'log', '/x', NULL, 'BAD', NULL, NULL, NULL, NULL, NULL)",
          30002
        ),
        ("add_notification_route('b', 'log', '/x', NULL, NULL, NULL, NULL, -1, NULL, NULL)", 30002),
        ("set_notification_route_enabled('nix', TRUE)", 30656),
        ("set_notification_route_enabled('am', NULL)", 30002),
      ] as [(String, UInt32)] {
        #expect(await errno("CALL \(call)", connection) == number, "\(call)")
      }
    }
  }
}
