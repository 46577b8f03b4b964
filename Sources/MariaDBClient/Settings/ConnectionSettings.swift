/// The settings of a connection as merged from all layers, each with its source.
package struct ConnectionSettings: Sendable, Equatable {
  /// The name of a setting.
  package enum Key: String, Sendable, CaseIterable {
    case host, port, socket, user, password, database, tls
    case tlsCA = "tls-ca"
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case connectTimeout = "connect-timeout"
    case readEndpoint = "read-endpoint"
  }

  /// One setting as `payops config` shows it.
  package struct Entry: Sendable, Equatable {
    /// The name of the setting.
    package let key: String
    /// The value; `***` for a password.
    package let value: String
    /// Where the value comes from, such as a file, a variable or a flag.
    package let source: String

    /// Describes a setting.
    package init(key: String, value: String, source: String) {
      self.key = key
      self.value = value
      self.source = source
    }
  }

  /// The merged options.
  package let options: ConnectionOptions
  /// Each setting that has a value, in the order of ``Key``.
  package let entries: [Entry]

  /// Merges all layers; the later ones win.
  ///
  /// The order is: defaults, option files, environment, URL, flags. A later host replaces an
  /// earlier socket and the other way round.
  ///
  /// - Parameters:
  ///   - flags: values given on the command line.
  ///   - url: a `mariadb://` URL given on the command line; it may not hold a password.
  ///   - environment: the variables of the process; those that start with `PAYOPS_` count.
  ///   - optionFiles: the files to read in this order; nil for the default ones, any of which may
  ///     be missing.
  /// - Returns: the settings.
  /// - Throws: ``SettingsError`` that names the file, variable, URL or flag.
  package static func resolve(
    flags: [Key: String] = [:], url: String? = nil, environment: [String: String] = [:],
    optionFiles: [String]? = nil
  ) throws(SettingsError) -> ConnectionSettings {
    var layers = SettingLayers()
    try layers.setDefaults()
    for group in try OptionFile.read(
      paths: optionFiles ?? OptionFile.usualPaths(environment),
      mayBeMissing: optionFiles == nil)
    {
      try layers.apply(file: group)
    }
    try layers.apply(environment: environment)
    if let url {
      try layers.apply(url: url, source: "URL argument", mayHoldPassword: false)
    }
    let ordered = flags.sorted { $0.key.rawValue < $1.key.rawValue }
    try layers.apply(
      ordered.map {
        SettingLayers.Value(key: $0.key, text: $0.value, source: "--\($0.key.rawValue)")
      }
    )
    return ConnectionSettings(options: layers.options, entries: layers.entries)
  }
}
