import PayopsCore
package import Tabular

/// Pages about alerts for people.
package enum AlertPages {
  /// Rows of `ops_alerts`, two lines each: the columns, then rule, subject and message.
  package static func list(_ alerts: DataTable, _ layout: PageLayout) -> String {
    let records = alerts.records
    let table = DataTable(
      columns: [
        .init(name: "alert", isNumeric: true), .init(name: "severity"), .init(name: "state"),
        .init(name: "raised (UTC)", isNumeric: true), .init(name: "open", isNumeric: true),
        .init(name: "silence", isNumeric: true), .init(name: "under", isNumeric: true),
        .init(name: "owner"),
      ],
      rows: records.map { row in
        [
          row["alert_id"], row["severity"], row["alert_state"],
          row["raised_at"].map { String($0.prefix(16)) },
          TimeSpan.text(seconds: Int64(row["open_seconds"] ?? "") ?? 0), row["silence_id"],
          row["parent_alert_id"], row["owner"],
        ]
      })
    let details = records.map { row in
      "\(row["alert_rule"] ?? "") \(row["alert_subject"] ?? ""): \(row["alert_message"] ?? "")"
    }
    return DetailedTable(table: table, details: details).render(layout)
  }

  /// Rows of `ops_alert_times`, one line each.
  package static func times(_ table: DataTable, _ layout: PageLayout) -> String {
    func span(_ text: String?) -> String? {
      text.flatMap(Double.init).map { TimeSpan.text(seconds: Int64($0.rounded())) }
    }
    return layout.render(
      DataTable(
        columns: [.init(name: "rule")]
          + ["alerts", "open", "MTTD", "MTTA", "MTTR", "dispositions", "precision"].map {
            .init(name: $0, isNumeric: true)
          },
        rows: table.records.map { row in
          [
            row["alert_rule"], row["alert_count"], row["open_count"],
            span(row["mean_detect_seconds"]), span(row["mean_acknowledge_seconds"]),
            span(row["mean_resolve_seconds"]), row["judged_count"],
            row["alert_precision"].flatMap(Double.init).map { "\(Int(($0 * 100).rounded())) %" },
          ]
        }))
  }

  /// Rows of `ops_silences`, two lines each.
  package static func silences(_ silences: DataTable, _ layout: PageLayout) -> String {
    let records = silences.records
    let table = DataTable(
      columns: [
        .init(name: "silence", isNumeric: true), .init(name: "now"), .init(name: "from (UTC)"),
        .init(name: "until (UTC)"),
        .init(name: "when"),
      ],
      rows: records.map { row in
        [
          row["silence_id"], row["is_active"] == "1" ? "yes" : "no",
          row["starts_at"].map { String($0.prefix(16)) },
          row["ends_at"].map { String($0.prefix(16)) }, recurrence(row) ?? "all the time",
        ]
      })
    let details = records.map { row in
      let patterns = [row["rule_pattern"], row["subject_pattern"]].map { $0.map(AlertPattern.text) }
      return patterns.compactMap { $0 }.joined(separator: " ") + ": \(row["reason"] ?? "")"
    }
    return DetailedTable(table: table, details: details).render(layout)
  }

  private static func recurrence(_ row: [String: String]) -> String? {
    guard let calendar = row["calendar_name"] else { return nil }
    let hours = [row["from_time"], row["to_time"]].map { $0.map { String($0.prefix(5)) } ?? "" }
    let isAllDay = hours == ["00:00", "24:00"]
    return "\(calendar) \(row["on_days"] ?? "")"
      + (isAllDay ? "" : " " + hours.joined(separator: "-"))
  }
}
