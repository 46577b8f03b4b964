import MariaDBClient
import TestSupport
import Testing

/// The audit log of a change, column by column: a trigger that omits a column, or requires two
/// changes at once, hides a decision.
@Suite("Audit triggers", .timeLimit(.minutes(5)))
struct AuditTriggerTests {
  /// Columns whose change is an entry, by table. A new column of one of these tables is here or
  /// deliberately not.
  private static let audited: [String: [String]] = [
    "alert_silences": ["rule_pattern", "subject_pattern", "starts_at", "ends_at"],
    "backups": ["state", "is_pinned", "manifest_hash"],
    "jobs": [
      "command_text", "request_text", "schedule", "time_zone", "catch_up", "timeout_seconds",
      "maximum_attempts", "is_enabled",
    ],
    "notification_routes": [
      "channel_kind", "target", "channel_options", "minimum_severity", "rule_pattern", "owner",
      "is_enabled",
    ],
    "api_accounts": ["scope"],
    "api_tokens": ["parent_token_id", "person", "scope", "expires_at", "revoked_at"],
    "payment_flags": ["transaction_id", "flag_level", "removed_at"],
    "privacy_erasures": ["customer_id", "digest"],
    "risk_overrides": ["customer_id", "override_score", "expires_at"],
    "rule_parameters": ["parameter_value"],
    "rule_versions": [
      "version_state", "points", "half_life_days", "expiry_days", "proposed_by", "approved_by",
    ],
    "rules": ["view_name", "opens_case", "active_version", "is_enabled"],
    "scheme_limits": ["limit_ratio", "minimum_count"],
    "settings": ["setting_value"],
    "sla_policies": ["threshold_value", "target_pct"],
  ]

  /// Another value of a column, whatever it holds.
  private static func otherValue(of column: String, type: String) -> String {
    switch type {
    case "char", "varchar", "text", "longtext": "IF(\(column) <=> 'a', 'b', 'a')"
    case "date", "datetime", "timestamp":
      "IF(\(column) <=> '2020-01-01', '2020-01-02', '2020-01-01')"
    case "enum": "IF(\(column) + 0 <=> 1, 2, 1)"
    default: "IF(\(column) <=> 1, 2, 1)"
    }
  }

  /// A value without zeros at the end of its fraction: MySQL reads numbers of JSON as doubles, and
  /// writes times with six digits.
  private static func plain(_ value: String?) -> String? {
    value?.replacing(#/\.(\d*?)0+$/#) { $0.1.isEmpty ? "" : ".\($0.1)" }
  }

  private static func entries(_ connection: Connection, after id: Int64) async throws -> [Row] {
    try await connection.query(
      "SELECT subject, audit_action, old_values, new_values FROM audit_log WHERE audit_id > \(id)"
        + " ORDER BY audit_id"
    ).rows
  }

  private static func lastID(_ connection: Connection) async throws -> Int64 {
    try await connection.query("SELECT COALESCE(MAX(audit_id), 0) AS id FROM audit_log")
      .rows.first?.integer("id") ?? 0
  }

  /// Empties a table and inserts one row, without any constraint.
  private static func leaveOneRow(in table: String, _ connection: Connection) async throws {
    try await connection.ignoreConstraints()
    try await connection.runScript(
      """
      SET SESSION sql_mode = '';
      START TRANSACTION;
      DELETE FROM \(table);
      INSERT INTO \(table) () VALUES ()
      """)
  }

  @Test("every audited table is tested")
  func tables() async throws {
    try await TestServer.withSchema { connection in
      let found = try await connection.query(
        "SELECT event_object_table AS name FROM information_schema.triggers"
          + " WHERE trigger_schema = DATABASE() AND trigger_name LIKE '%\\_after\\_update\\_audit'"
      ).rows.compactMap { $0["name"] }
      #expect(Set(found) == Set(Self.audited.keys))
    }
  }

  @Test("the change of one column alone is one entry with its old and new value")
  func columns() async throws {
    try await TestServer.withSchema { connection in
      for (table, audited) in Self.audited {
        let columns = try await connection.query(
          "SELECT column_name AS name, data_type AS type FROM information_schema.columns"
            + " WHERE table_schema = DATABASE() AND table_name = '\(table)'"
            + " AND COALESCE(generation_expression, '') = ''"
        ).rows.map { ($0["name"] ?? "", $0["type"] ?? "") }
        #expect(Set(audited).isSubset(of: columns.map(\.0)), "\(table)")
        for (column, type) in columns {
          try await Self.leaveOneRow(in: table, connection)
          let before = try await Self.lastID(connection)
          let text = "SELECT CAST(`\(column)` AS CHAR) AS value FROM \(table)"
          let old = try await connection.query(text).rows.first?["value"]
          try await connection.execute(
            "UPDATE \(table) SET `\(column)` = \(Self.otherValue(of: column, type: type))")
          let new = try await connection.query(text).rows.first?["value"]
          #expect(old != new, "\(table).\(column) was not changed")
          let entries = try await Self.entries(connection, after: before)
          #expect(
            entries.map { $0["audit_action"] } == (audited.contains(column) ? ["changed"] : []),
            "\(table).\(column)")
          for entry in entries where audited.contains(column) {
            for name in audited {
              let values = try await connection.query(
                "SELECT JSON_VALUE(?, '$.\(name)') AS old, JSON_VALUE(?, '$.\(name)') AS new,"
                  + " JSON_CONTAINS_PATH(?, 'one', '$.\(name)') AS is_there",
                [
                  .text(entry["old_values"] ?? ""), .text(entry["new_values"] ?? ""),
                  .text(entry["new_values"] ?? ""),
                ]
              ).rows[0]
              #expect(values["is_there"] == "1", "\(table).\(column): no \(name)")
              if name == column {
                let written = [values["old"], values["new"]].map(Self.plain)
                #expect(written == [old, new].map(Self.plain), "\(table).\(column)")
              } else {
                #expect(values["old"] == values["new"], "\(table).\(column): \(name)")
              }
            }
          }
          try await connection.execute("ROLLBACK")
        }
      }
    }
  }

  @Test(
    "decisions of people about an alert are audited; comments and automatic changes are not",
    arguments: [
      ("alice", "acknowledged", 1), ("alice", "disposition", 1), ("alice", "comment", 0),
      ("payops", "fired", 0), ("payops", "comment", 0),
    ])
  func alerts(by: String, kind: String, count: Int) async throws {
    try await TestServer.withSchema { connection in
      let before = try await Self.lastID(connection)
      try await connection.execute(
        """
        INSERT INTO alert_changes (alert_id, alert_rule, alert_subject, change_kind, severity,
            change_text, changed_by, changed_at)
        VALUES (7, 'job_late', 'backup', ?, 'WARNING', 'true_positive', ?, '2026-11-06')
        """, [.text(kind), .text(by)])
      let entries = try await Self.entries(connection, after: before)
      #expect(entries.count == count)
      // A disposition is the only text kept: notes may hold personal data.
      for entry in entries {
        let kept = entry["new_values"]?.contains("true_positive")
        #expect(kept == (kind == "disposition"), "\(entry["new_values"] ?? "")")
      }
    }
  }

  @Test("a change to equal values is not audited; an insert and a delete are")
  func rows() async throws {
    try await TestServer.withSchema { connection in
      for (table, audited) in Self.audited {
        try await Self.leaveOneRow(in: table, connection)
        let before = try await Self.lastID(connection)
        let created = try #require(try await Self.entries(connection, after: before - 1).first)
        #expect(created["audit_action"] == "created", "\(table)")
        try await connection.execute("UPDATE \(table) SET \(audited[0]) = \(audited[0])")
        #expect(try await Self.entries(connection, after: before).isEmpty, "\(table)")
        try await connection.execute("DELETE FROM \(table)")
        let gone = try await Self.entries(connection, after: before)
        #expect(gone.map { $0["audit_action"] } == ["deleted"], "\(table)")
        #expect(gone.first?["subject"] == created["subject"], "\(table)")
        // The inserted and the deleted values are equal in the log.
        #expect(gone.first?["old_values"] == created["new_values"], "\(table)")
        #expect(created["old_values"] == nil && gone.first?["new_values"] == nil, "\(table)")
        try await connection.execute("ROLLBACK")
      }
    }
  }
}
