internal import Foundation
package import Notifications

/// The options of a route's channel besides kind and target: a JSON object with known keys.
package struct ChannelOptions: Sendable {
  /// The keys, each with the kinds of channels that accept it.
  static let keys: [(name: String, kinds: Set<ChannelKind>)] = [
    ("secret_file", [.webhook, .alertmanager, .slack, .pagerduty, .email]),
    ("ca_file", network), ("allowed_networks", network), ("connect_timeout_seconds", network),
    ("total_timeout_seconds", network), ("plaintext_on_loopback", network),
    ("alert_lifetime_seconds", [.alertmanager]),
    ("sender", [.email]), ("recipients", [.email]), ("user", [.email]),
  ]

  private static let network = Set(ChannelKind.allCases).subtracting([.log])

  /// A JSON value.
  private enum Value: Decodable {
    case flag(Bool)
    case number(Double)
    case text(String)
    case texts([String])
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let texts = try? container.decode([String].self) {
        self = .texts(texts)
      } else {
        self = .other
      }
    }
  }

  private let route: String
  private let values: [String: Value]

  /// Reads the options of a route.
  ///
  /// - Parameters:
  ///   - json: a JSON object.
  ///   - kind: the kind of the channel.
  ///   - route: the name of the route, for errors.
  /// - Throws: ``NotificationError/Code/unusableChannel`` that names route and key.
  package init(_ json: String, for kind: ChannelKind, route: String) throws(NotificationError) {
    self.route = route
    guard let values = try? JSONDecoder().decode([String: Value].self, from: Data(json.utf8)) else {
      throw NotificationError(
        .unusableChannel, "route '\(route)': its options are not a JSON object")
    }
    self.values = values
    for name in values.keys.sorted() {
      guard let key = Self.keys.first(where: { $0.name == name }), key.kinds.contains(kind) else {
        let known = Self.keys.filter { $0.kinds.contains(kind) }.map(\.name)
        throw NotificationError(
          .unusableChannel, "route '\(route)': \(kind.rawValue) has no option '\(name)'",
          hint: known.isEmpty
            ? "it has no options" : "its options are " + known.joined(separator: ", "))
      }
    }
  }

  /// The path of the file with the secret.
  func secretFile() throws(NotificationError) -> String? { try path("secret_file") }

  /// How long an Alertmanager keeps an alert firing.
  func alertLifetime() throws(NotificationError) -> Duration? {
    try duration("alert_lifetime_seconds", in: 60...31_536_000)
  }

  /// How to reach the server.
  func connection() throws(NotificationError) -> ChannelConnection {
    let usual = ChannelConnection()
    var networks: [IPNetwork] = []
    for text in try texts("allowed_networks") ?? [] {
      do {
        networks.append(try IPNetwork(text))
      } catch {
        throw fault("allowed_networks", error.message, hint: error.hint)
      }
    }
    let connect = try duration("connect_timeout_seconds", in: 0.001...600)
    let total = try duration("total_timeout_seconds", in: 0.001...600)
    return ChannelConnection(
      connectTimeout: connect ?? min(usual.connectTimeout, total ?? usual.connectTimeout),
      totalTimeout: total ?? max(usual.totalTimeout, connect ?? usual.totalTimeout),
      allowedNetworks: networks, authorityFile: try path("ca_file"),
      allowsPlaintextOnLoopback: try flag("plaintext_on_loopback") ?? false)
  }

  /// Sender and recipients; nil when the options name neither.
  func mail() throws(NotificationError) -> MailEnvelope? {
    let sender = try text("sender")
    let recipients = try texts("recipients")
    let user = try text("user")
    guard sender != nil || recipients != nil || user != nil else { return nil }
    guard let sender else { throw fault("sender", "it is missing") }
    guard let recipients else { throw fault("recipients", "it is missing") }
    do {
      return try MailEnvelope(sender: sender, recipients: recipients, user: user)
    } catch {
      throw NotificationError(
        .unusableChannel, "route '\(route)', options sender, recipients, user: \(error.message)",
        hint: error.hint)
    }
  }

  // MARK: - Types

  private func path(_ key: String) throws(NotificationError) -> String? {
    guard let text = try text(key) else { return nil }
    guard text.hasPrefix("/") else { throw fault(key, "it must be an absolute path") }
    return text
  }

  private func text(_ key: String) throws(NotificationError) -> String? {
    switch values[key] {
    case nil: return nil
    case .text(let text): return text
    default: throw fault(key, "it must be a text")
    }
  }

  private func texts(_ key: String) throws(NotificationError) -> [String]? {
    switch values[key] {
    case nil: return nil
    case .texts(let texts): return texts
    default: throw fault(key, "it must be a list of texts, such as [\"…\"]")
    }
  }

  private func flag(_ key: String) throws(NotificationError) -> Bool? {
    switch values[key] {
    case nil: return nil
    case .flag(let flag): return flag
    default: throw fault(key, "it must be true or false")
    }
  }

  private func duration(_ key: String, in range: ClosedRange<Double>) throws(NotificationError)
    -> Duration?
  {
    switch values[key] {
    case nil: return nil
    case .number(let seconds) where range.contains(seconds): return .seconds(seconds)
    default:
      throw fault(key, "it must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private func fault(_ key: String, _ what: String, hint: String? = nil) -> NotificationError {
    NotificationError(.unusableChannel, "route '\(route)', option \(key): \(what)", hint: hint)
  }
}
