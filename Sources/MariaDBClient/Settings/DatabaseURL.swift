internal import Foundation

/// A URL of the form `mariadb://user@host:port/database?tls=verify-ca`.
struct DatabaseURL: Equatable {
  var user: String?
  var password: String?
  var host: String?
  var port: String?
  var database: String?
  var parameters: [(name: String, value: String)] = []

  static func == (left: DatabaseURL, right: DatabaseURL) -> Bool {
    left.user == right.user && left.password == right.password && left.host == right.host
      && left.port == right.port && left.database == right.database
      && left.parameters.map(\.name) == right.parameters.map(\.name)
      && left.parameters.map(\.value) == right.parameters.map(\.value)
  }

  /// Parses a URL.
  ///
  /// - Parameters:
  ///   - text: the URL.
  ///   - source: where it comes from, for messages; they never repeat the URL.
  init(_ text: String, source: String) throws(SettingsError) {
    var rest = Substring(text)
    guard let scheme = ["mariadb://", "mysql://"].first(where: { text.lowercased().hasPrefix($0) })
    else {
      throw Self.failure(source, "it starts with neither mariadb:// nor mysql://")
    }
    rest = rest.dropFirst(scheme.count)
    guard !rest.contains("#") else { throw Self.failure(source, "it has a fragment") }
    if let question = rest.firstIndex(of: "?") {
      let query = rest[rest.index(after: question)...]
      rest = rest[..<question]
      for pair in query.split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw Self.failure(source, "a parameter has no value") }
        parameters.append((try Self.decode(parts[0], source), try Self.decode(parts[1], source)))
      }
    }
    if let slash = rest.firstIndex(of: "/") {
      let path = rest[rest.index(after: slash)...]
      rest = rest[..<slash]
      guard !path.contains("/") else {
        throw Self.failure(source, "it names more than one database")
      }
      if !path.isEmpty { database = try Self.decode(path, source) }
    }
    if let at = rest.lastIndex(of: "@") {
      let account = rest[..<at]
      rest = rest[rest.index(after: at)...]
      let parts = account.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if let name = parts.first, !name.isEmpty { user = try Self.decode(name, source) }
      if parts.count == 2 { password = try Self.decode(parts[1], source) }
    }
    try readHost(rest, source)
  }

  private mutating func readHost(_ text: Substring, _ source: String) throws(SettingsError) {
    var rest = text
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else {
        throw Self.failure(source, "the bracket of its IPv6 address is not closed")
      }
      host = try Self.decode(rest[rest.index(after: rest.startIndex)..<end], source)
      rest = rest[rest.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else {
        throw Self.failure(source, "something follows its IPv6 address")
      }
    } else {
      let end = rest.firstIndex(of: ":") ?? rest.endIndex
      if end != rest.startIndex { host = try Self.decode(rest[..<end], source) }
      rest = rest[end...]
    }
    if rest.hasPrefix(":") {
      rest = rest.dropFirst()
      guard let number = Int(rest), (1...65535).contains(number) else {
        throw Self.failure(
          source, "its port is not a number from 1 to 65535 (an IPv6 address needs brackets)")
      }
      port = String(number)
    }
  }

  /// The settings that the URL holds.
  func values(source: String) throws(SettingsError) -> [SettingLayers.Value] {
    var pairs: [(ConnectionSettings.Key, String)] = []
    if let host { pairs.append((.host, host)) }
    if let port { pairs.append((.port, port)) }
    if let user { pairs.append((.user, user)) }
    if let password { pairs.append((.password, password)) }
    if let database { pairs.append((.database, database)) }
    let allowed: Set<ConnectionSettings.Key> = [
      .tls, .tlsCA, .tlsCert, .tlsKey, .socket, .connectTimeout,
    ]
    for parameter in parameters {
      guard let key = ConnectionSettings.Key(rawValue: parameter.name), allowed.contains(key) else {
        let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        throw SettingsError(
          code: .malformedURL, description: "\(source): unknown parameter '\(parameter.name)'",
          hint: "the parameters are \(names)")
      }
      pairs.append((key, parameter.value))
    }
    return pairs.map { SettingLayers.Value(key: $0.0, text: $0.1, source: source) }
  }

  private static func decode(_ text: Substring, _ source: String) throws(SettingsError) -> String {
    guard let decoded = text.removingPercentEncoding, !decoded.utf8.contains(0) else {
      throw failure(source, "its percent-encoding is broken")
    }
    return decoded
  }

  private static func failure(_ source: String, _ reason: String) -> SettingsError {
    SettingsError(
      code: .malformedURL, description: "\(source): the URL cannot be used: \(reason)",
      hint: "write it as mariadb://user@host:3306/database?tls=verify-identity")
  }
}
