internal import PayopsCore

/// The JSON that Prometheus Alertmanager sends to its webhooks, version 4, so that existing
/// receivers of its notifications can read these.
package struct WebhookPayload: Sendable, Equatable, Encodable {
  /// One alert.
  package struct Alert: Sendable, Equatable, Encodable {
    let status: AlertState
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: String
    let endsAt: String
    let generatorURL: String
    let fingerprint: String

    init(_ alert: NotifiedAlert) {
      status = alert.state
      labels = alert.allLabels
      annotations = alert.annotations
      startsAt = alert.startsAt.rfc3339
      // Go's zero time, which stands for "not resolved".
      endsAt = alert.endsAt?.rfc3339 ?? "0001-01-01T00:00:00Z"
      generatorURL = alert.generatorURL.flatMap { ChannelURL(page: $0)?.text } ?? ""
      fingerprint = alert.fingerprint
    }
  }

  /// The most alerts in a payload; the others are counted.
  package static let maximumAlerts = 500

  let version = "4"
  let groupKey: String
  let truncatedAlerts: Int
  let status: AlertState
  let receiver: String
  let groupLabels: [String: String]
  let commonLabels: [String: String]
  let commonAnnotations: [String: String]
  let externalURL: String
  let alerts: [Alert]

  private enum CodingKeys: String, CodingKey {
    case version, groupKey, truncatedAlerts, status, receiver, groupLabels, commonLabels
    case commonAnnotations, externalURL, alerts
  }

  /// Builds the payload of a notification.
  package init(_ notification: AlertNotification) {
    let all = notification.alerts
    groupKey = notification.groupKey
    truncatedAlerts =
      notification.truncatedAlerts + max(0, all.count - Self.maximumAlerts)
    status = notification.status
    receiver = notification.receiver
    groupLabels = notification.groupLabels
    externalURL = notification.externalURL
    alerts = all.prefix(Self.maximumAlerts).map(Alert.init)
    commonLabels = Self.common(all.map(\.allLabels))
    commonAnnotations = Self.common(all.map(\.annotations))
  }

  /// The body of the request.
  package var body: [UInt8] { PayloadEncoding.json(self) }

  /// The pairs that all sets share.
  private static func common(_ sets: [[String: String]]) -> [String: String] {
    guard let first = sets.first else { return [:] }
    return first.filter { key, value in sets.allSatisfy { $0[key] == value } }
  }
}
