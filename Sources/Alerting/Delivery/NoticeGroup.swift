internal import Notifications
package import PayopsCore

/// Leased rows of the outbox for one rule and one route, which are sent together.
package struct NoticeGroup: Sendable {
  /// The route.
  package let route: NotificationRoute
  /// The key that all attempts to deliver the group share.
  package let deliveryKey: String
  /// The rows, those that matter most first; at least one; either all or none notify that an alert
  /// is resolved.
  package let notices: [LeasedNotice]
  /// When the sender leased them, by the clock of the database.
  package let leasedAt: CivilInstant
  /// The code of the base currency.
  let currency: String
  /// The pages of alerts.
  let pages: AlertPageAddress

  /// The rule.
  package var rule: String { notices.first?.rule ?? "" }

  /// The parts that are sent as separate notifications.
  ///
  /// An incident of PagerDuty has one state, so each alert gets its own notification; other
  /// receivers get one notification of the whole group.
  func deliveries(for kind: ChannelKind) -> [[LeasedNotice]] {
    kind == .pagerduty ? notices.map { [$0] } : [notices]
  }

  /// The notification of a part of the group.
  ///
  /// - Parameters:
  ///   - notices: the part of the group.
  ///   - kind: the kind of the channel.
  ///   - others: open alerts of the rule of which the receiver was notified before: while there are
  ///     any, the group as a whole is firing.
  func notification(
    of notices: [LeasedNotice], for kind: ChannelKind, others: [NotifiedAlert]
  ) -> AlertNotification {
    var (delivery, group) = (deliveryKey, "\(route.name)/\(rule)")
    if kind == .pagerduty, let notice = notices.first {
      delivery += "/\(notice.id)"
      group += "/\(notice.alertId)"
    }
    let alerts = notices.map { $0.alert(over: route.name) } + others
    return AlertNotification(
      deliveryKey: delivery, groupKey: group,
      status: alerts.contains { $0.state == .firing } ? .firing : .resolved, receiver: route.name,
      alerts: alerts, groupLabels: ["alertname": rule],
      sentAt: notices.map(\.createdAt).min() ?? leasedAt)
  }
}
