internal import Notifications
package import PayopsCore

/// Notices of one rule over one route that a sender holds, and that are told at one time.
package struct NoticeGroup: Sendable {
  /// The route.
  package let route: NotificationRoute
  /// The key that all attempts to tell it share.
  package let deliveryKey: String
  /// The notices, those that matter most first; at least one, all of ends or none.
  package let notices: [LeasedNotice]
  /// When the sender got them, by the clock of the database.
  package let leasedAt: CivilInstant

  /// The rule.
  package var rule: String { notices.first?.rule ?? "" }

  /// Parts that are told one by one.
  ///
  /// An incident of PagerDuty has one state, so each alert gets one of its own; other receivers are
  /// told of the whole group.
  func deliveries(for kind: ChannelKind) -> [[LeasedNotice]] {
    kind == .pagerduty ? notices.map { [$0] } : [notices]
  }

  /// What a receiver is told.
  ///
  /// - Parameters:
  ///   - notices: the part of the group that is told.
  ///   - kind: the kind of the channel.
  ///   - others: alerts of the rule that the receiver was told of and that are not over: while there
  ///     are some, the group as a whole is firing.
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
