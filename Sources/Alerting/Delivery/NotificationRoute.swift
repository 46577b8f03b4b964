package import Notifications

/// A route of notifications, as `notification_routes` stores it.
package struct NotificationRoute: Sendable, Equatable {
  /// Its name.
  package let name: String
  /// The name of the kind of its channel.
  package let kind: String
  /// Its URL or file; empty for kinds without a target.
  package let target: String
  /// The options of the channel: a JSON object.
  package let options: String

  /// Describes a route.
  package init(name: String, kind: String, target: String, options: String = "{}") {
    self.name = name
    self.kind = kind
    self.target = target
    self.options = options
  }

  /// The channel of the route.
  ///
  /// - Throws: ``NotificationError`` that names the route, and the option that is invalid.
  package func channel() throws(NotificationError) -> Channel {
    guard let kind = ChannelKind(rawValue: kind) else {
      throw NotificationError(
        .unusableChannel, "route '\(name)': there is no kind '\(kind)'",
        hint: "one of " + ChannelKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let options = try ChannelOptions(options, for: kind, route: name)
    let connection = try options.connection()
    let mail = try options.mail()
    let secretFile = try options.secretFile()
    let lifetime = try options.alertLifetime() ?? .seconds(86_400)
    do {
      return try Channel(
        name: name, kind: kind, target: target.isEmpty ? nil : target, secretFile: secretFile,
        connection: connection, mail: mail, alertLifetime: lifetime)
    } catch {
      throw NotificationError(
        error.code,
        error.message.replacing("channel '\(name)'", with: "route '\(name)'", maxReplacements: 1),
        hint: error.hint)
    }
  }
}
