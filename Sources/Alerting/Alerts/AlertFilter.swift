package import MariaDBClient
package import PayopsCore
package import Tabular

/// Selects alerts.
package struct AlertFilter: Sendable {
  /// Only alerts in this state of `ops_alerts`; nil for all.
  package var state: String?
  /// Whether resolved alerts are left out.
  package var isOpen = false
  /// Pattern of their rules, `*` for any text; nil for all.
  package var rule: String?
  /// The least severity; nil for all.
  package var severity: String?
  /// Only alerts raised at this time or later; nil for all.
  package var since: CivilInstant?

  /// Selects all alerts.
  package init() {}

  /// Reads the alerts, open and severe ones first.
  ///
  /// - Parameters:
  ///   - limit: most rows
  ///   - connection: connection with the schema selected
  /// - Returns: rows of `ops_alerts`
  package func alerts(limit: Int, on connection: Connection) async throws -> DataTable {
    let (condition, values) = condition
    return DataTable(
      try await connection.query(
        "SELECT * FROM ops_alerts WHERE \(condition)"
          + " ORDER BY alert_state = 'resolved', IF(alert_state = 'resolved', 0,"
          + " FIND_IN_SET(severity, 'INFO,WARNING,CRITICAL,SEVERE')) DESC, raised_at DESC,"
          + " alert_id DESC LIMIT ?", values + [.integer(Int64(limit))]))
  }

  /// Whether one of them is open, not silenced and at least of a severity.
  package func hasOpen(
    from least: String, on connection: Connection
  ) async throws -> Bool {
    let (condition, values) = condition
    let open = try await connection.query(
      "SELECT COUNT(*) AS open_count FROM ops_alerts WHERE \(condition) AND \(Self.isSevere)"
        + " AND alert_state <> 'resolved' AND silence_id IS NULL", values + [.text(least)])
    return open.rows.first?["open_count"] != "0"
  }

  /// The condition that an alert has at least the severity of the bound value.
  private static let isSevere =
    "FIND_IN_SET(severity, 'INFO,WARNING,CRITICAL,SEVERE')"
    + " >= FIND_IN_SET(?, 'INFO,WARNING,CRITICAL,SEVERE')"

  private var condition: (text: String, values: [SQLValue]) {
    var conditions = ["TRUE"]
    var values: [SQLValue] = []
    if isOpen { conditions.append("alert_state <> 'resolved'") }
    func add(_ condition: String, _ value: String?) {
      guard let value else { return }
      conditions.append(condition)
      values.append(.text(value))
    }
    add("alert_state = ?", state)
    add("alert_rule LIKE ?", rule.map(AlertPattern.like))
    add(Self.isSevere, severity)
    add("raised_at >= ?", since?.description)
    return (conditions.joined(separator: " AND "), values)
  }
}
