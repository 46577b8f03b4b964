import MariaDBClient
import TestSupport
import Testing

/// What people do with an incident reaches the alerts under it.
@Suite("Changes of incidents", .timeLimit(.minutes(5)))
struct IncidentChangeTests {
  /// A parent (1), two children (2 and 3, the last one more severe), and another alert (4).
  private func withIncident(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      for (subject, severity) in [
        ("all", "CRITICAL"), ("a", "WARNING"), ("b", "SEVERE"), ("other", "WARNING"),
      ] {
        _ = try await connection.queryAll(
          "CALL raise_alert('test', '\(subject)', '\(severity)', 'm')")
      }
      try await connection.execute(
        "UPDATE alerts SET parent_alert_id = 1 WHERE alert_subject IN ('a', 'b')")
      try await body(connection)
    }
  }

  private func change(
    _ alert: Int, _ kind: String, _ text: String, by: String = "ann", on connection: Connection
  ) async throws {
    _ = try await connection.queryAll("CALL change_alert(\(alert), '\(kind)', '\(text)', '\(by)')")
  }

  private func states(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS(' ', alert_subject, alert_state, COALESCE(acknowledged_by, '-'),
          COALESCE(owner, '-')) AS s
      FROM alerts ORDER BY alert_id
      """
    ).rows.compactMap { $0["s"] }
  }

  private func history(_ kind: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS('|', alert_subject, changed_by, change_text) AS c FROM alert_changes
      WHERE change_kind = ? ORDER BY change_id
      """, [.text(kind)]
    ).rows.compactMap { $0["c"] }
  }

  @Test("an acknowledgement takes the children along, and their history names the parent")
  func acknowledged() async throws {
    try await withIncident { connection in
      try await change(1, "acknowledged", "on it", on: connection)
      #expect(
        try await states(connection) == [
          "all acknowledged ann -", "a acknowledged ann -", "b acknowledged ann -",
          "other firing - -",
        ])
      #expect(
        try await history("acknowledged", connection) == [
          "all|ann|on it", "a|ann|with alert 1: on it", "b|ann|with alert 1: on it",
        ])
    }
  }

  @Test("a further acknowledgement moves what the first one took, not what somebody took alone")
  func reassigned() async throws {
    try await withIncident { connection in
      try await change(3, "acknowledged", "mine", by: "bob", on: connection)
      try await change(1, "acknowledged", "", on: connection)
      try await change(1, "acknowledged", "my shift", by: "cid", on: connection)
      #expect(
        try await states(connection) == [
          "all acknowledged cid -", "a acknowledged cid -", "b acknowledged bob -",
          "other firing - -",
        ])
    }
  }

  @Test("an assignment gives the children the owner")
  func assigned() async throws {
    try await withIncident { connection in
      try await change(1, "assigned", "cards", on: connection)
      #expect(
        try await states(connection) == [
          "all firing - cards", "a firing - cards", "b firing - cards", "other firing - -",
        ])
      #expect(
        try await history("assigned", connection) == [
          "all|ann|cards", "a|ann|cards, with alert 1", "b|ann|cards, with alert 1",
        ])
    }
  }

  @Test("a resolution by hand ends the children; one that ends by itself leaves them open")
  func resolved() async throws {
    try await withIncident { connection in
      _ = try await connection.queryAll("CALL resolve_alert('test', 'all')")
      #expect(try await states(connection)[1] == "a firing - -")
      _ = try await connection.queryAll("CALL raise_alert('test', 'all', 'CRITICAL', 'm')")
      try await change(1, "resolved", "fixed", on: connection)
      #expect(
        try await states(connection) == [
          "all resolved - -", "a resolved - -", "b resolved - -", "other firing - -",
        ])
      #expect(try await history("resolved", connection).last == "b|ann|with alert 1: fixed")
    }
  }

  @Test("an alert that comes later inherits, unless it is more severe than its parent")
  func inherited() async throws {
    try await withIncident { connection in
      try await connection.execute("UPDATE alerts SET parent_alert_id = NULL")
      try await change(1, "acknowledged", "on it", on: connection)
      try await change(1, "assigned", "cards", on: connection)
      for alert in 2...3 {
        try await connection.execute(
          "UPDATE alerts SET parent_alert_id = 1, owner = 'monitoring' WHERE alert_id = \(alert)")
        _ = try await connection.queryAll("CALL inherit_alert_state(\(alert))")
      }
      #expect(
        try await states(connection) == [
          "all acknowledged ann cards", "a acknowledged ann cards", "b firing - cards",
          "other firing - -",
        ])
      #expect(
        try await history("acknowledged", connection).last
          == "a|payops|under alert 1, acknowledged by ann")
      #expect(
        try await history("assigned", connection).last == "b|payops|cards, under alert 1")
    }
  }
}
