import PayopsCore

@testable import Notifications

/// Notifications that several tests use.
enum Samples {
  static func instant(_ text: String) -> CivilInstant {
    CivilInstant(text) ?? CivilInstant(secondsSinceEpoch: 0)
  }

  static func alert(
    _ name: String = "settlement_delay", severity: Severity = .critical,
    state: AlertState = .firing, labels: [String: String] = ["merchant": "M-104"],
    summary: String = "31 payments are past their due date", details: String = "",
    fingerprint: String = "a1b2c3", generatorURL: String? = nil,
    previousSeverity: Severity? = nil
  ) -> NotifiedAlert {
    NotifiedAlert(
      fingerprint: fingerprint, name: name, severity: severity, state: state, labels: labels,
      summary: summary, details: details, startsAt: instant("2026-11-22 09:15:00"),
      endsAt: state == .resolved ? instant("2026-11-22 10:05:00") : nil,
      generatorURL: generatorURL, previousSeverity: previousSeverity)
  }

  static func notification(
    _ alerts: [NotifiedAlert] = [alert()], status: AlertState = .firing,
    deliveryKey: String = "delivery-1", groupKey: String = "{}:{alertname=\"settlement_delay\"}",
    truncatedAlerts: Int = 0
  ) -> AlertNotification {
    AlertNotification(
      deliveryKey: deliveryKey, groupKey: groupKey, status: status, receiver: "operations",
      alerts: alerts, truncatedAlerts: truncatedAlerts,
      groupLabels: ["alertname": "settlement_delay"],
      externalURL: "https://payops.example/alerts?view=open&page=1",
      sentAt: instant("2026-11-22 10:06:07"))
  }

  /// Two alerts, one of them resolved, with every field and with characters that the formats must
  /// escape.
  static let full = notification(
    [
      NotifiedAlert(
        fingerprint: "a1b2c3", name: "settlement_delay", severity: .severe, state: .firing,
        labels: ["merchant": "Müller & Söhne <Nord>", "currency": "EUR"],
        summary: "31 payments are past their due date — “late”",
        details: "Batch 7 of 2026-11-20 has not come.\n<!channel> .\n.\n= done? é 100 %",
        valueAtStake: "12500.00 EUR", customersAffected: 29,
        startsAt: instant("2026-11-22 09:15:00"),
        generatorURL: "https://payops.example/alerts/a1b2c3?a=1&b=2", previousSeverity: .critical),
      NotifiedAlert(
        fingerprint: "d4e5f6", name: "settlement_delay", severity: .warning, state: .resolved,
        labels: ["merchant": "M-2", "currency": "EUR"], summary: "2 payments were late",
        startsAt: instant("2026-11-22 08:00:00"), endsAt: instant("2026-11-22 10:05:00")),
    ], truncatedAlerts: 3)

  /// Every field of a value.
  static func dump(_ value: some Any) -> String {
    var text = ""
    Swift.dump(value, to: &text)
    return text
  }

  static let resolved = notification([alert(state: .resolved)], status: .resolved)
}
