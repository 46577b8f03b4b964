internal import PayopsCore

/// Merges settings: later values win, and every value keeps its source.
struct SettingLayers {
  typealias Key = ConnectionSettings.Key

  /// One value of one layer.
  struct Value: Equatable {
    let key: Key
    let text: String
    let source: String
  }

  private var values: [Key: Value] = [:]

  /// Starts with the defaults.
  mutating func setDefaults() throws(SettingsError) {
    try apply([
      Value(key: .tls, text: TLSMode.preferred.rawValue, source: "default"),
      Value(key: .connectTimeout, text: "10", source: "default"),
    ])
  }

  /// Adds a layer on top.
  ///
  /// Within a layer a host other than `localhost` wins over a socket; a later layer's host or
  /// socket replaces the other of an earlier layer.
  mutating func apply(_ layer: [Value]) throws(SettingsError) {
    for value in layer { try check(value) }
    let keys = Set(layer.map(\.key))
    if keys.contains(.socket), !keys.contains(.host) { values[.host] = nil }
    if keys.contains(.host), !keys.contains(.socket) { values[.socket] = nil }
    for value in layer {
      values[value.key] = value.text.isEmpty && value.key != .password ? nil : value
    }
  }

  /// Adds a group of an option file on top.
  mutating func apply(file: OptionFile) throws(SettingsError) {
    var layer: [Value] = []
    for option in file.options {
      let source = "\(file.path) [\(option.group)]"
      if option.group == "payops", option.name == "url" {
        // Apply the values so far first: within a file the later line wins.
        try apply(layer)
        layer = []
        try apply(url: option.value ?? "", source: source, mayHoldPassword: true)
      } else if let value = Self.value(of: option, source: source) {
        layer.append(value)
      } else if option.group == "payops", !option.isLoose, !Self.silent.contains(option.name) {
        throw SettingsError(
          code: .invalidValue, description: "\(source): there is no key \(option.name)",
          hint: "the keys are " + Self.keys.joined(separator: ", "))
      }
    }
    try apply(layer)
  }

  /// The keys of this program's own group.
  private static let keys = [
    "url", "host", "port", "socket", "user", "password", "database", "tls", "tls-ca", "tls-cert",
    "tls-key", "connect-timeout", "read-endpoint",
  ]

  /// Keys that need not give a setting: a password to be typed, a check that is switched off.
  private static let silent: Set<String> = ["password", "ssl-verify-server-cert"]

  /// The setting of an option of MariaDB's clients; nil for options that do not concern the
  /// connection.
  private static func value(of option: OptionFile.Option, source: String) -> Value? {
    let text = option.value ?? ""
    switch option.name {
    case "host": return Value(key: .host, text: text, source: source)
    case "port": return Value(key: .port, text: text, source: source)
    case "socket": return Value(key: .socket, text: text, source: source)
    case "user": return Value(key: .user, text: text, source: source)
    // Without a value it makes the client prompt for the password, which is not a setting.
    case "password" where option.value == nil: return nil
    case "password": return Value(key: .password, text: text, source: source)
    case "database": return Value(key: .database, text: text, source: source)
    case "connect-timeout": return Value(key: .connectTimeout, text: text, source: source)
    case "ssl-ca", "tls-ca": return Value(key: .tlsCA, text: text, source: source)
    case "ssl-cert", "tls-cert": return Value(key: .tlsCert, text: text, source: source)
    case "ssl-key", "tls-key": return Value(key: .tlsKey, text: text, source: source)
    case "read-endpoint" where option.group == "payops":
      return Value(key: .readEndpoint, text: text, source: source)
    case "tls": return Value(key: .tls, text: text, source: source)
    case "ssl-verify-server-cert":
      let isOn = !["0", "off", "false"].contains(text.lowercased())
      return isOn
        ? Value(key: .tls, text: TLSMode.verifyIdentity.rawValue, source: source) : nil
    case "ssl":
      let isOn = !["0", "off", "false"].contains(text.lowercased())
      let mode: TLSMode = isOn ? .required : .off
      return Value(key: .tls, text: mode.rawValue, source: source)
    case "skip-ssl": return Value(key: .tls, text: TLSMode.off.rawValue, source: source)
    default: return nil
    }
  }

  /// Adds the environment variables on top, first the URL and then the single settings.
  mutating func apply(environment: [String: String]) throws(SettingsError) {
    for name in ["PAYOPS_PASSWORD", "PAYOPS_PWD"] where environment[name] != nil {
      throw SettingsError(
        code: .passwordExposed, description: "\(name) would show the password to other processes",
        hint: "write it into an option file with mode 0600, below [payops]")
    }
    if let url = environment["PAYOPS_URL"], !url.isEmpty {
      try apply(url: url, source: "PAYOPS_URL", mayHoldPassword: false)
    }
    let names: [(String, Key)] = [
      ("PAYOPS_HOST", .host), ("PAYOPS_PORT", .port), ("PAYOPS_SOCKET", .socket),
      ("PAYOPS_USER", .user), ("PAYOPS_DATABASE", .database), ("PAYOPS_TLS", .tls),
      ("PAYOPS_TLS_CA", .tlsCA), ("PAYOPS_READ_ENDPOINT", .readEndpoint),
    ]
    try apply(
      names.compactMap { name, key in
        environment[name].flatMap {
          $0.isEmpty ? nil : Value(key: key, text: $0, source: name)
        }
      })
  }

  /// Adds the parts of a URL on top.
  mutating func apply(url: String, source: String, mayHoldPassword: Bool) throws(SettingsError) {
    let parsed = try DatabaseURL(url, source: source)
    if parsed.password != nil, !mayHoldPassword {
      throw SettingsError(
        code: .passwordExposed,
        description: "\(source): a password in a URL is visible to other processes",
        hint: "write it into an option file with mode 0600, below [payops]")
    }
    try apply(parsed.values(source: source))
  }

  private func check(_ value: Value) throws(SettingsError) {
    func fail(_ expected: String) -> SettingsError {
      SettingsError(
        code: .invalidValue,
        description: "\(value.source): \(value.key.rawValue) is \(expected)")
    }
    guard !value.text.isEmpty else { return }
    switch value.key {
    case .port:
      guard let port = Int(value.text), (1...65535).contains(port) else {
        throw fail("a number from 1 to 65535, not '\(value.text)'")
      }
    case .connectTimeout:
      guard let seconds = Int(value.text), (1...86400).contains(seconds) else {
        throw fail("a number of seconds from 1 to 86400, not '\(value.text)'")
      }
    case .readEndpoint:
      guard ReadEndpoint(value.text) != nil else {
        throw fail("HOST, HOST:PORT or the path of a socket, not '\(value.text)'")
      }
    case .tls:
      guard TLSMode(rawValue: value.text) != nil else {
        let modes = TLSMode.allCases.map(\.rawValue).joined(separator: ", ")
        throw fail("one of \(modes), not '\(value.text)'")
      }
    default:
      guard !value.text.utf8.contains(0) else { throw fail("a text without NUL") }
    }
  }

  /// The merged options.
  var options: ConnectionOptions {
    func text(_ key: Key) -> String? { values[key]?.text }
    var options = ConnectionOptions(
      host: text(.host), port: text(.port).flatMap { Int($0) }, socket: text(.socket),
      user: text(.user), password: text(.password).map { Secret($0) },
      database: text(.database), tls: text(.tls).flatMap { TLSMode(rawValue: $0) } ?? .preferred,
      tlsCA: text(.tlsCA), tlsCert: text(.tlsCert), tlsKey: text(.tlsKey),
      connectTimeoutSeconds: text(.connectTimeout).flatMap { Int($0) } ?? 10)
    options.readEndpoint = text(.readEndpoint).flatMap { ReadEndpoint($0) }
    return options
  }

  /// The settings as `payops config` shows them.
  var entries: [ConnectionSettings.Entry] {
    Key.allCases.compactMap { key in
      values[key].map {
        ConnectionSettings.Entry(
          key: key.rawValue, value: key == .password ? "***" : $0.text, source: $0.source)
      }
    }
  }
}
