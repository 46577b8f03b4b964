internal import MariaDBClient
internal import Notifications
package import PayopsCore

/// One notice that a sender holds: what is told of one alert.
package struct LeasedNotice: Sendable {
  /// Its number.
  package let id: Int64
  /// The alert.
  package let alertId: Int64
  /// The rule of the alert.
  package let rule: String
  /// What the alert is about.
  package let subject: String
  /// How grave the alert is.
  package let severity: Severity
  /// Another severity of the alert, which the receiver may have been told before.
  package let previousSeverity: Severity?
  /// Whether it tells the end.
  package let isEnd: Bool
  /// What was found.
  package let message: String
  /// When the alert began.
  package let raisedAt: CivilInstant
  /// When it ended; nil while it is open.
  package let resolvedAt: CivilInstant?
  /// When it was written.
  package let createdAt: CivilInstant
  /// How many attempts there were, with the one that the sender is to make.
  package let attemptCount: Int

  init?(_ row: Row) {
    func instant(_ column: String) -> CivilInstant? {
      row[column].flatMap { CivilInstant($0) }
    }
    guard let id = row.integer("notification_id"), let alertId = row.integer("alert_id"),
      let severity = row["severity"].flatMap(Severity.init(rawValue:)),
      let raisedAt = instant("raised_at"),
      let createdAt = instant("created_at")
    else { return nil }
    self.id = id
    self.alertId = alertId
    self.severity = severity
    self.raisedAt = raisedAt
    self.createdAt = createdAt
    rule = row["alert_rule"] ?? ""
    subject = row["alert_subject"] ?? ""
    previousSeverity = row["previous_severity"].flatMap(Severity.init(rawValue:))
    isEnd = row["notice_kind"] == "resolved"
    message = row["alert_message"] ?? ""
    resolvedAt = instant("resolved_at")
    attemptCount = Int(row.integer("attempt_count") ?? 1)
  }

  /// The alert as it is told over a route.
  func alert(over route: String) -> NotifiedAlert {
    NotifiedAlert(
      fingerprint: "alert-\(alertId)", name: rule, severity: severity,
      state: isEnd ? .resolved : .firing, labels: ["subject": subject, "route": route],
      summary: message, startsAt: raisedAt, endsAt: isEnd ? resolvedAt ?? createdAt : nil,
      previousSeverity: previousSeverity)
  }
}
