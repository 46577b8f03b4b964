internal import MariaDBClient
internal import Notifications
package import PayopsCore

/// A leased row of the outbox: the notification of one alert, to be sent over one route.
package struct LeasedNotice: Sendable {
  /// Its number.
  package let id: Int64
  /// The alert.
  package let alertId: Int64
  /// The rule of the alert.
  package let rule: String
  /// The subject of the alert.
  package let subject: String
  /// The severity of the alert.
  package let severity: Severity
  /// An earlier severity of the alert, of which the receiver may have been notified.
  package let previousSeverity: Severity?
  /// Whether it notifies that the alert is resolved.
  package let isEnd: Bool
  /// The message of the alert.
  package let message: String
  /// When the alert was raised.
  package let raisedAt: CivilInstant
  /// When the alert was resolved; nil while it is open.
  package let resolvedAt: CivilInstant?
  /// When the row was written.
  package let createdAt: CivilInstant
  /// What the alert concerns, as of the lease.
  let impact: AlertImpact
  /// The page of the alert; nil without one.
  let page: String?
  /// How many attempts there are, including the one that the sender makes now.
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
    impact = AlertImpact(row, currency: row["base_currency"] ?? "")
    page = AlertPageAddress(template: row["alert_url_template"]).of(alertId)
    attemptCount = Int(row.integer("attempt_count") ?? 1)
  }

  /// The alert in the form that a route sends.
  func alert(over route: String) -> NotifiedAlert {
    NotifiedAlert(
      fingerprint: "alert-\(alertId)", name: rule, severity: severity,
      state: isEnd ? .resolved : .firing, labels: ["subject": subject, "route": route],
      summary: message, details: impact.details, valueAtStake: impact.value,
      customersAffected: impact.customers, startsAt: raisedAt,
      endsAt: isEnd ? resolvedAt ?? createdAt : nil, generatorURL: page,
      previousSeverity: previousSeverity)
  }
}
