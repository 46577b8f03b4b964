internal import PayopsCore

/// A notification as a line of a log file.
package struct LogLine: Encodable {
  let time: String
  let event = "notification"
  let deliveryKey: String
  let notification: WebhookPayload

  private enum CodingKeys: String, CodingKey {
    case time, event, notification
    case deliveryKey = "delivery_key"
  }

  /// Builds the line of a notification.
  package init(_ notification: AlertNotification) {
    time = notification.sentAt.rfc3339
    deliveryKey = notification.deliveryKey
    self.notification = WebhookPayload(notification)
  }

  /// One JSON object and a line feed; the object itself contains no line feed.
  package var bytes: [UInt8] { PayloadEncoding.json(self) + [UInt8(ascii: "\n")] }
}
