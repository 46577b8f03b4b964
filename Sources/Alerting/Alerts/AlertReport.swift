package import MariaDBClient
import PayopsCore
package import Tabular

/// One alert with its silence, members, notifications and history.
package struct AlertReport: Sendable {
  /// The alert: one row of `ops_alerts`.
  package let alert: DataTable
  /// The silence that covers it: one row of `ops_silences`, or no row.
  package let silence: DataTable
  /// The members that explain most of it, the largest share first: rows of `ops_alert_slices`.
  package let slices: DataTable
  /// Its notifications, the oldest first.
  package let notices: DataTable
  /// Its changes, the oldest first.
  package let history: DataTable
  /// The open alerts that it explains: rows of `ops_alerts`.
  package let children: DataTable
  /// The code of the base currency.
  package let currency: String

  private static let queries = [
    "SELECT * FROM ops_alerts WHERE alert_id = ?",
    """
    SELECT s.* FROM ops_silences AS s
    WHERE s.silence_id = (SELECT a.silence_id FROM ops_alerts AS a WHERE a.alert_id = ?)
    """,
    """
    SELECT dimension, member, observed_count, event_count, expected_count, explained_share,
        event_share
    FROM ops_alert_slices WHERE alert_id = ? ORDER BY slice_number
    """,
    """
    SELECT notification_id, route_name, notice_kind, severity, notice_state, created_at, due_at,
        attempt_count, last_error, delivered_at, waiting_seconds
    FROM ops_notifications WHERE alert_id = ? ORDER BY notification_id
    """,
    """
    SELECT change_id, change_kind, severity, change_text, changed_by, changed_at
    FROM ops_alert_changes WHERE alert_id = ? ORDER BY change_id
    """,
    """
    SELECT alert_id, alert_rule, alert_subject, severity, alert_state FROM ops_alerts
    WHERE parent_alert_id = ? AND alert_state <> 'resolved' ORDER BY alert_id
    """,
    "SELECT base_currency() AS currency, ? AS alert_id",
  ]

  /// Reads an alert, as of one instant.
  ///
  /// - Parameters:
  ///   - number: number of the alert
  ///   - connection: connection with the schema selected
  /// - Throws: ``Fault`` when there is no such alert; errors of the database.
  package static func read(_ number: Int64, on connection: Connection) async throws -> AlertReport {
    let tables = try await connection.snapshot(queries, [.integer(number)])
    guard !tables[0].rows.isEmpty else { throw Fault.noAlert(number) }
    return AlertReport(
      alert: tables[0], silence: tables[1], slices: tables[2], notices: tables[3],
      history: tables[4], children: tables[5],
      currency: tables[6].records.first?["currency"] ?? "")
  }

  /// The report as JSON; its keys are the columns of the views.
  package var json: JSON {
    .pairs([
      "alert": .firstRow(of: alert), "silence": .firstRow(of: silence),
      "slices": .rows(of: slices), "children": .rows(of: children),
      "notices": .rows(of: notices), "history": .rows(of: history),
      "base_currency": .string(currency),
    ])
  }

  /// The report as text for people.
  ///
  /// - Returns: lines, each with its line end
  package func page(_ layout: PageLayout) -> String {
    let width = layout.width
    let row = alert.records.first ?? [:]
    func value(_ name: String) -> String { row[name]?.printable ?? "" }
    func instant(_ name: String) -> String? { row[name].map { "\($0.prefix(19)) UTC" } }
    var lines: [(label: String, text: String)] = [
      ("rule", value("alert_rule")), ("subject", value("alert_subject")),
      ("message", value("alert_message")), ("raised", instant("raised_at") ?? ""),
    ]
    if row["raised_at"] != row["fired_at"] {
      lines.append(("fired", instant("fired_at") ?? ""))
    }
    lines.append(("last seen", "\(instant("seen_at") ?? ""), \(times("seen_count", row)) in all"))
    if row["reopened_count"] != "0" { lines.append(("reopened", times("reopened_count", row))) }
    if let time = instant("acknowledged_at") {
      lines.append(("acknowledged", "\(time) by \(value("acknowledged_by"))"))
    }
    if let time = instant("resolved_at") { lines.append(("resolved", time)) }
    lines.append(
      (
        row["resolved_at"] == nil ? "open for" : "was open",
        TimeSpan.text(seconds: Int64(row["open_seconds"] ?? "") ?? 0)
      ))
    lines.append(("owner", row["owner"]?.printable ?? "nobody"))
    lines.append(("disposition", row["disposition"]?.replacing("_", with: " ") ?? "not yet"))
    if let parent = row["parent_alert_id"] { lines.append(("explained by", "alert \(parent)")) }
    if !children.rows.isEmpty {
      let numbers = children.records.compactMap { $0["alert_id"] }.joined(separator: ", ")
      let isOne = children.rows.count == 1
      lines.append(
        (
          "explains",
          isOne ? "alert \(numbers), which is open" : "alerts \(numbers), which are open"
        ))
    }
    if let stake = stake(row) { lines.append(("impact", stake)) }
    if let silence = silence.records.first {
      lines.append(
        (
          "silenced",
          "by silence \(silence["silence_id"] ?? "") until \(silence["ends_at"] ?? "") UTC: "
            + (silence["reason"]?.printable ?? "")
        ))
    }
    var text = layout.style.bold("alert \(value("alert_id"))")
    text += "  \(value("severity"))  \(value("alert_state"))\n"
    for line in lines {
      text += line.label.padding(to: 14)
      text += Self.filled(line.text, indent: 14, width, column: 14)
    }
    if !slices.rows.isEmpty {
      text += "\nMostly at\n"
      for slice in slices.records { text += Self.slice(slice, width) }
    }
    text += "\nNotifications" + (notices.rows.isEmpty ? ": none\n" : "\n")
    for notice in notices.records { text += Self.notice(notice, width) }
    text += "\nHistory (UTC)\n"
    for change in history.records { text += Self.change(change, width) }
    return text
  }

  private func times(_ name: String, _ row: [String: String]) -> String {
    row[name] == "1" ? "once" : "\(row[name] ?? "0") times"
  }

  /// Breaks a text into lines; a word that is longer than a line is broken, too.
  private static func filled(
    _ text: String, indent: Int, _ width: Int, column: Int
  ) -> String {
    let room = max(1, width - indent)
    let words = text.split(separator: " ").flatMap { word -> [String] in
      var pieces = [""]
      for character in word {
        if (pieces[pieces.count - 1] + String(character)).displayWidth > room { pieces.append("") }
        pieces[pieces.count - 1].append(character)
      }
      return pieces
    }
    return words.joined(separator: " ").filled(
      indent: indent, width: width, column: column)
  }

  /// The impact: payments, customers and value at stake; nil when the alert is not about payments.
  private func stake(_ row: [String: String]) -> String? {
    func counted(_ name: String, _ noun: String) -> String? {
      row[name].flatMap { Int($0) }.map { "\($0.grouped) \(noun)\($0 == 1 ? "" : "s")" }
    }
    guard var text = counted("payments_affected", "payment") else { return nil }
    if let customers = counted("customers_affected", "customer") { text += " of \(customers)" }
    if let value = row["value_at_stake"].flatMap(Double.init) {
      text += ", \(value.amount(in: currency))"
    }
    return text
  }

  private static func slice(_ slice: [String: String], _ width: Int) -> String {
    func number(_ name: String) -> Double { slice[name].flatMap(Double.init) ?? 0 }
    func percent(_ name: String) -> String { "\(Int((number(name) * 100).rounded())) %" }
    func count(_ name: String) -> String { "\(Int(number(name).rounded()))" }
    let text =
      "\(slice["dimension"] ?? "") \(slice["member"]?.printable ?? ""):"
      + " \(percent("explained_share")) of the departure, \(percent("event_share")) of the payments"
      + " (\(count("observed_count")), expected \(count("expected_count")))"
    return "  " + filled(text, indent: 4, width, column: 2)
  }

  private static func notice(_ notice: [String: String], _ width: Int) -> String {
    let state = notice["notice_state"] ?? ""
    var text = "\(notice["route_name"] ?? ""): \(notice["notice_kind"] ?? "")"
    text += " \(notice["severity"] ?? ""), \(state)"
    switch state {
    case "delivered": text += " \((notice["delivered_at"] ?? "").prefix(19)) UTC"
    case "waiting": text += ", due \((notice["due_at"] ?? "").prefix(19)) UTC"
    default: break
    }
    if let count = Int(notice["attempt_count"] ?? ""), count > 1 { text += ", attempt \(count)" }
    if let error = notice["last_error"], state != "delivered" { text += ": \(error.printable)" }
    return "  " + filled(text, indent: 4, width, column: 2)
  }

  private static func change(_ change: [String: String], _ width: Int) -> String {
    var text = "\((change["changed_at"] ?? "").prefix(19))  \(change["change_kind"] ?? "") by "
    text += "\(change["changed_by"]?.printable ?? ""), \(change["severity"] ?? "")"
    if let said = change["change_text"], !said.isEmpty { text += ": \(said.printable)" }
    return "  " + filled(text, indent: 4, width, column: 2)
  }
}

extension String {
  /// The text padded with blanks to a number of terminal columns.
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth))
  }
}
