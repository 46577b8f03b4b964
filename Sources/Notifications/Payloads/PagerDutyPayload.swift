internal import Cryptography
package import PayopsCore

/// An event for PagerDuty's Events API v2.
package struct PagerDutyPayload {
  private struct Event: Encodable {
    let routingKey: String
    let eventAction: String
    let dedupKey: String
    var client: String?
    var clientURL: String?
    var payload: Details?

    private enum CodingKeys: String, CodingKey {
      case client, payload
      case routingKey = "routing_key"
      case eventAction = "event_action"
      case dedupKey = "dedup_key"
      case clientURL = "client_url"
    }
  }

  private struct Details: Encodable {
    let summary: String
    let source: String
    let severity: String
    let timestamp: String
    let component: String?
    let group: String
    let customDetails: Custom

    private enum CodingKeys: String, CodingKey {
      case summary, source, severity, timestamp, component, group
      case customDetails = "custom_details"
    }
  }

  private struct Custom: Encodable {
    let alerts: [WebhookPayload.Alert]
    let truncatedAlerts: Int

    private enum CodingKeys: String, CodingKey {
      case alerts
      case truncatedAlerts = "truncated_alerts"
    }
  }

  /// PagerDuty's limits: bytes of an event, of a dedup key, characters of the summary.
  package static let maximumBytes = 524_288
  static let dedupLimit = 255
  static let summaryLimit = 1024

  private let notification: AlertNotification

  /// Makes the event of a notification.
  package init(_ notification: AlertNotification) {
    self.notification = notification
  }

  /// The key by which PagerDuty identifies incidents: the group key, or its hash when it is too
  /// long.
  package var dedupKey: String {
    notification.groupKey.utf8.count <= Self.dedupLimit
      ? notification.groupKey : "sha256:" + SHA256.of(notification.groupKey)
  }

  /// The body of the request; alerts beyond the size limit are only counted.
  ///
  /// - Parameter routingKey: the key of the integration.
  package func body(routingKey: Secret) -> [UInt8] {
    guard notification.status == .firing else {
      return PayloadEncoding.json(
        Event(
          routingKey: routingKey.reveal, eventAction: "resolve", dedupKey: dedupKey))
    }
    var count = min(notification.alerts.count, WebhookPayload.maximumAlerts)
    while true {
      let body = trigger(routingKey, alerts: count)
      if body.count <= Self.maximumBytes || count == 0 { return body }
      count /= 2
    }
  }

  private func trigger(_ routingKey: Secret, alerts count: Int) -> [UInt8] {
    let alerts = notification.alerts
    let first = alerts.first
    var summary = TextLimit.oneLine(notification.title)
    if let first { summary += " " + TextLimit.oneLine(first.summary) }
    let start =
      alerts.filter { $0.state == .firing }.map(\.startsAt).min() ?? notification.sentAt
    let page = ChannelURL(page: notification.externalURL)?.text
    return PayloadEncoding.json(
      Event(
        routingKey: routingKey.reveal, eventAction: "trigger", dedupKey: dedupKey,
        client: "payops", clientURL: page,
        payload: Details(
          summary: TextLimit.cut(summary, to: Self.summaryLimit), source: "payops",
          severity: Self.severity(notification.severity),
          timestamp: start.rfc3339,
          component: first.map { TextLimit.cut($0.name, to: 255) },
          group: TextLimit.cut(notification.receiver, to: 255),
          customDetails: Custom(
            alerts: alerts.prefix(count).map(WebhookPayload.Alert.init),
            truncatedAlerts: notification.truncatedAlerts + alerts.count - count))))
  }

  /// Maps the four severities one to one.
  static func severity(_ severity: Severity) -> String {
    switch severity {
    case .info: "info"
    case .warning: "warning"
    case .critical: "error"
    case .severe: "critical"
    }
  }
}
