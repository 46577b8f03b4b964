internal import MariaDBClient
package import Schema
internal import Tabular

/// What there is to see in a demo, as the detectors found it.
package struct DemoSights: Sendable {
  /// The open alert with the largest value at stake; nil for none.
  package let alert: Int64?
  /// The case with the most typologies, of these the one with the fewest hits; nil for none.
  package let riskCase: Int64?
  /// The customer of that case.
  package let customer: Int64?
  /// The folder of the backup.
  package let backupFolder: String
  /// The account for BI tools; nil where the server has no TCP port.
  package var reader: ReaderAccount?

  /// Reads it.
  static func read(on connection: Connection, backupFolder: String) async throws -> DemoSights {
    let alerts = try await connection.query(
      """
      SELECT alert_id FROM ops_alerts
      WHERE alert_state <> 'resolved' AND alert_rule LIKE 'monitor\\_%'
      ORDER BY parent_alert_id IS NOT NULL, value_at_stake DESC, alert_id LIMIT 1
      """)
    let cases = try await connection.query(
      """
      SELECT c.case_id, c.customer_id FROM risk_case_list AS c
      INNER JOIN risk_case_evidence AS e ON e.case_id = c.case_id
      INNER JOIN risk_rule_catalog AS r ON r.rule_id = e.rule_id AND r.opens_case = 1
      WHERE c.case_state <> 'closed'
      GROUP BY c.case_id ORDER BY COUNT(DISTINCT e.rule_id) DESC, c.hit_count, c.case_id LIMIT 1
      """)
    return DemoSights(
      alert: alerts.rows.first?.integer("alert_id"),
      riskCase: cases.rows.first?.integer("case_id"),
      customer: cases.rows.first?.integer("customer_id"), backupFolder: backupFolder)
  }

  /// What to try next, at most 80 columns wide but for the paths.
  package var hints: String {
    var lines: [(command: String, what: String)] = [
      ("payops demo --serve", "the dashboard, while payments keep coming"),
      ("payops alerts list", "what is wrong now, and since when"),
    ]
    if let alert {
      lines += [
        ("payops alerts show \(alert)", "the open incident: money, customers, cause"),
        ("payops alerts explain \(alert)", "why it fired, recomputed from the counts"),
      ]
    }
    lines.append(("payops monitor", "the last verdict of every series"))
    if let riskCase, let customer {
      lines += [
        ("payops cases show \(riskCase)", "a suspicious customer, with evidence"),
        ("payops risk explain \(customer)", "what makes the score of customer \(customer)"),
      ]
    }
    lines += [
      ("payops kpi success_rate", "one KPI, by day"),
      ("payops kpi", "what can be measured"),
      ("payops reconcile", "prove the rollups by the payments"),
      ("payops server shell", "SQL: SELECT * FROM kpi_catalog;"),
      ("payops demo --remove", "stop the server, remove its data"),
    ]
    let width = (lines.map(\.command.count).max() ?? 0) + 2
    let list = lines.map { line in
      "  \(line.command)\(String(repeating: " ", count: width - line.command.count))\(line.what)\n"
    }.joined()
    let tool =
      reader.map {
        """
          BI tool: MariaDB at 127.0.0.1:\($0.port), schema payops, user \($0.name),
                   password in \($0.optionFile)
        """
      }
        ?? """
          BI tool: payops server stop, then payops demo --port 3307 opens loopback
                   TCP and makes a read-only account
        """
    return """

      TRY NEXT
      \(list)  proved backup: payops backup list --dir \(backupFolder)
      \(tool)

      """
  }
}
