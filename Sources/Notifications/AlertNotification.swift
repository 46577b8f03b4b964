package import PayopsCore

/// A notification: a group of alerts that is sent to a receiver at one time.
///
/// The receiver is notified of a group repeatedly while it fires, under one ``groupKey``; each
/// notification has its own ``deliveryKey``, which all attempts to deliver it share.
package struct AlertNotification: Sendable, Equatable {
  /// The key of one notification, the same for all attempts to deliver it.
  package let deliveryKey: String
  /// The key of the group, the same from the first firing until it is resolved.
  package let groupKey: String
  /// Firing while any alert of the group is firing.
  package let status: AlertState
  /// The name of the route.
  package let receiver: String
  /// The alerts, those that matter most first.
  package let alerts: [NotifiedAlert]
  /// How many alerts of the group were left out.
  package let truncatedAlerts: Int
  /// The labels that all alerts of the group share and are grouped by.
  package let groupLabels: [String: String]
  /// The https address of the dashboard; empty without one.
  package let externalURL: String
  /// When the notification was created; the same for all attempts.
  package let sentAt: CivilInstant

  /// Makes a notification.
  package init(
    deliveryKey: String, groupKey: String, status: AlertState, receiver: String,
    alerts: [NotifiedAlert], truncatedAlerts: Int = 0, groupLabels: [String: String] = [:],
    externalURL: String = "", sentAt: CivilInstant
  ) {
    self.deliveryKey = deliveryKey
    self.groupKey = groupKey
    self.status = status
    self.receiver = receiver
    self.alerts = alerts
    self.truncatedAlerts = truncatedAlerts
    self.groupLabels = groupLabels
    self.externalURL = externalURL
    self.sentAt = sentAt
  }

  /// The most severe severity of the alerts that give the status.
  var severity: Severity {
    alerts.filter { $0.state == status }.map(\.severity).max()
      ?? alerts.map(\.severity).max() ?? .info
  }

  /// One line, such as `[FIRING:2] settlement_delay (critical)`.
  var title: String {
    let count = alerts.count { $0.state == status } + (status == .firing ? truncatedAlerts : 0)
    var names: [String] = []
    for alert in alerts where !names.contains(alert.name) { names.append(alert.name) }
    let shown = names.prefix(3).joined(separator: ", ")
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    let grade = status == .firing ? " (\(severity.word))" : ""
    return "[\(status.rawValue.uppercased()):\(count)] \(shown)\(more)\(grade)"
  }
}
