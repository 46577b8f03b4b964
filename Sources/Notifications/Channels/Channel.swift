/// Where and how notifications are delivered.
///
/// It does not hold a secret, only the name of the file with the secret.
package struct Channel: Sendable, Equatable, CustomStringConvertible {
  /// The address of PagerDuty's Events API v2.
  package static let pagerDutyURL = "https://events.pagerduty.com/v2/enqueue"

  /// The name of the route.
  package let name: String
  /// How it delivers.
  package let kind: ChannelKind
  /// The target of notifications: an https URL for `webhook`; the URL of the server for
  /// `alertmanager`; `smtp://host:587` or `smtps://host:465` for `email`; the path of the file for
  /// `log`; nil for `slack`, whose URL is the secret, and for PagerDuty itself.
  package let target: String?
  /// The file with the secret: the key of signatures (`webhook`), `user:password` (`alertmanager`),
  /// the URL (`slack`), the routing key (`pagerduty`), the password (`email`).
  package let secretFile: String?
  /// How to reach the target.
  package let connection: ChannelConnection
  /// Sender and recipients; only for `email`.
  package let mail: MailEnvelope?
  /// How long an Alertmanager keeps an alert firing when it gets no further notification of it.
  package let alertLifetime: Duration

  /// Makes a channel from a configuration that it checks.
  ///
  /// - Throws: ``NotificationError/Code/unusableChannel`` that names the channel and what is wrong.
  package init(
    name: String, kind: ChannelKind, target: String? = nil, secretFile: String? = nil,
    connection: ChannelConnection = ChannelConnection(), mail: MailEnvelope? = nil,
    alertLifetime: Duration = .seconds(86_400)
  ) throws(NotificationError) {
    self.name = name
    self.kind = kind
    self.target = kind == .pagerduty ? target ?? Self.pagerDutyURL : target
    self.secretFile = secretFile
    self.connection = connection
    self.mail = mail
    self.alertLifetime = alertLifetime
    if let fault = fault {
      throw NotificationError(
        .unusableChannel, "channel '\(name)': \(fault.what)", hint: fault.hint)
    }
  }

  private var fault: (what: String, hint: String?)? {
    if let fault = connection.fault { return (fault, nil) }
    if mail != nil, kind != .email { return ("only a channel of kind email has recipients", nil) }
    if alertLifetime < .seconds(60) { return ("alerts must live for a minute or longer", nil) }
    switch kind {
    case .log:
      if secretFile != nil { return ("a log needs no secret file", nil) }
      guard let target, target.hasPrefix("/") else {
        return ("a log needs the absolute path of a file", nil)
      }
      return nil
    case .slack:
      if target != nil {
        return (
          "the URL of Slack is a secret", "write it into a file of mode 0600 and name that file"
        )
      }
      return secretFile == nil ? ("slack needs a file with its URL", nil) : nil
    case .pagerduty where secretFile == nil:
      return ("pagerduty needs a file with its routing key", nil)
    case .email where mail == nil:
      return ("an email needs a sender and recipients", nil)
    case .email where mail?.user != nil && secretFile == nil:
      return ("a user needs a file with the password", nil)
    case .email where mail?.user == nil && secretFile != nil:
      return ("a password needs a user", nil)
    case .webhook, .alertmanager, .pagerduty, .email:
      guard let target else { return ("it has no target", nil) }
      return urlFault(target)
    }
  }

  private func urlFault(_ target: String) -> (what: String, hint: String?)? {
    guard let url = ChannelURL(target) else {
      return (
        "its target is not a valid URL, or contains a user or password",
        "write credentials into the secret file"
      )
    }
    return connection.fault(of: url, for: kind)
  }

  /// Name, kind and target; of a URL only scheme and host.
  package var description: String {
    let place = kind == .log ? target : target.flatMap { ChannelURL($0)?.shown }
    return "\(name) (\(kind.rawValue)\(place.map { " to \($0)" } ?? ""))"
  }
}
