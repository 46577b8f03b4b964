package import PayopsCore

/// The request body of `POST /api/v2/alerts` of Prometheus Alertmanager.
package enum AlertmanagerPayload {
  private struct Alert: Encodable {
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: String
    let endsAt: String
    let generatorURL: String?
  }

  /// The body of the request.
  ///
  /// An Alertmanager identifies alerts by their labels, including the severity: when the severity
  /// of an alert has changed, the body also resolves the alert of the previous severity.
  ///
  /// - Parameters:
  ///   - now: the time of the attempt, from which the lifetime counts.
  ///   - lifetime: how long an alert keeps firing without a further notification.
  package static func body(
    of notification: AlertNotification, at now: CivilInstant, lifetime: Duration
  ) -> [UInt8] {
    var alerts: [Alert] = []
    for alert in notification.alerts {
      let hold = Int(lifetime.components.seconds)
      let end =
        alert.state == .firing
        ? CivilInstant(secondsSinceEpoch: now.secondsSinceEpoch + hold)
        : alert.endsAt ?? notification.sentAt
      alerts.append(entry(alert, labels: alert.allLabels, end: end))
      if let previous = alert.previousSeverity, previous != alert.severity {
        let labels = alert.allLabels.merging(["severity": previous.word]) { $1 }
        alerts.append(entry(alert, labels: labels, end: notification.sentAt))
      }
    }
    return PayloadEncoding.json(alerts)
  }

  private static func entry(
    _ alert: NotifiedAlert, labels: [String: String], end: CivilInstant
  ) -> Alert {
    // An Alertmanager refuses the whole request when an end is before its start.
    Alert(
      labels: named(labels), annotations: alert.annotations, startsAt: alert.startsAt.rfc3339,
      endsAt: max(end, alert.startsAt).rfc3339,
      generatorURL: alert.generatorURL.flatMap { ChannelURL(page: $0)?.text })
  }

  /// Labels under names that Prometheus allows, without empty ones, which it treats as absent.
  private static func named(_ labels: [String: String]) -> [String: String] {
    var named: [String: String] = [:]
    for (name, value) in labels.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
      var plain = String(
        decoding: name.utf8.map { byte in
          (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            ? byte : UInt8(ascii: "_")
        }, as: UTF8.self)
      if plain.first?.isNumber != false { plain = "_" + plain }
      named[plain] = value
    }
    return named
  }
}
