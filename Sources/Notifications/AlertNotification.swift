package import PayopsCore

/// What a receiver is told at one time: a group of alerts.
///
/// The group is told of again and again while it lasts, under one ``groupKey``; each telling has its
/// own ``deliveryKey``, which all attempts to deliver it share.
package struct AlertNotification: Sendable, Equatable {
  /// What stays the same for one telling over all attempts, such as the id of its row in the outbox.
  package let deliveryKey: String
  /// What stays the same for the group from the first firing to the resolution.
  package let groupKey: String
  /// Firing while any alert of the group is.
  package let status: AlertState
  /// The name of the route.
  package let receiver: String
  /// The alerts, those that matter most first.
  package let alerts: [NotifiedAlert]
  /// How many alerts of the group were left out.
  package let truncatedAlerts: Int
  /// The labels that the group is made by.
  package let groupLabels: [String: String]
  /// The https address of the dashboard; empty where there is none.
  package let externalURL: String
  /// When the telling was decided; the same for all attempts.
  package let sentAt: CivilInstant

  /// Describes a telling.
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

  /// The gravest severity of the alerts that give the status.
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
