internal import Cryptography
internal import Foundation
internal import PayopsCore

/// One attempt to deliver a notification.
struct Attempt: Sendable {
  let notification: AlertNotification
  let channel: Channel
  let now: CivilInstant

  /// Delivers; blocks.
  func perform(_ cancellation: CancellationFlag) -> DeliveryOutcome {
    guard !cancellation.isRaised else {
      return .retry(after: nil, DeliveryFailure(.cancelled, "the delivery was cancelled"))
    }
    if channel.kind == .log, let path = channel.target {
      return LogAppend(path: path, line: LogLine(notification).bytes).perform()
    }
    do throws(NotificationError) {
      let secret = try channel.secretFile.map { path throws(NotificationError) in
        try SecretFile.read(path)
      }
      let url = try url(secret)
      if let mail = channel.mail {
        return SMTPExchange(
          url: url, envelope: mail, password: secret,
          message: MailMessage(notification, envelope: mail).bytes,
          connection: channel.connection
        ).perform(cancellation)
      }
      return try exchange(url, secret).perform(cancellation)
    } catch {
      // Nothing was sent, and the next attempt reads a corrected file.
      return .retry(after: nil, DeliveryFailure(.misconfigured, error.message))
    }
  }

  private func url(_ secret: Secret?) throws(NotificationError) -> ChannelURL {
    let text = channel.kind == .slack ? secret?.reveal : channel.target
    guard let url = text.flatMap({ ChannelURL($0) }) else {
      throw NotificationError(.unusableChannel, "channel '\(channel.name)' has no usable URL")
    }
    if let fault = channel.connection.fault(of: url, for: channel.kind) {
      throw NotificationError(.unusableChannel, "channel '\(channel.name)': \(fault.what)")
    }
    return url
  }

  /// The request of a channel over HTTP.
  func exchange(_ url: ChannelURL, _ secret: Secret?) throws(NotificationError) -> HTTPExchange {
    var headers = [(name: "Content-Type", value: "application/json")]
    let body: [UInt8]
    var target = url
    var hidden = secret
    switch channel.kind {
    case .webhook:
      body = WebhookPayload(notification).body
      headers.append(("Idempotency-Key", idempotencyKey))
      headers.append((WebhookSignature.timestampHeader, "\(now.secondsSinceEpoch)"))
      if let secret {
        let signature = WebhookSignature.value(body: body, timestamp: now, key: secret)
        headers.append((WebhookSignature.header, signature))
      }
    case .alertmanager:
      body = AlertmanagerPayload.body(
        of: notification, at: now, lifetime: channel.alertLifetime)
      let base = url.text.hasSuffix("/") ? String(url.text.dropLast()) : url.text
      guard let whole = ChannelURL(base + "/api/v2/alerts") else {
        throw NotificationError(.unusableChannel, "channel '\(channel.name)' has no usable URL")
      }
      target = whole
      if let secret {
        let credentials = Data(secret.reveal.utf8).base64EncodedString()
        headers.append(("Authorization", "Basic \(credentials)"))
      }
    case .slack:
      body = SlackPayload(notification).body
      // The path of the URL is the secret in it.
      hidden = Secret(url.text.split(separator: "/").last.map(String.init) ?? url.text)
    case .pagerduty:
      guard let secret else {
        throw NotificationError(
          .unusableSecret, "channel '\(channel.name)' has no routing key")
      }
      body = PagerDutyPayload(notification).body(routingKey: secret)
    case .email, .log:
      throw NotificationError(
        .unusableChannel, "channel '\(channel.name)' does not deliver over HTTP")
    }
    return HTTPExchange(
      url: target, headers: headers, body: body, connection: channel.connection, secret: hidden,
      now: now)
  }

  /// The delivery key for a header: the key itself when it is printable and has at most 64
  /// characters, otherwise its hash.
  private var idempotencyKey: String {
    let key = notification.deliveryKey
    let isPlain =
      !key.isEmpty && key.utf8.count <= 64 && key.utf8.allSatisfy { (0x21..<0x7f).contains($0) }
    return isPlain ? key : SHA256.of(key)
  }
}
