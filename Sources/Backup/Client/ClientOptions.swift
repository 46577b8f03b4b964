internal import MariaDBClient
internal import PayopsCore

/// Connection options in the format of option files.
enum ClientOptions {
  /// The text of an option file.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - relayPort: port of the ``TLSRelay`` to go through; nil for the server itself.
  ///   - plugins: folder of the only authentication plugins allowed; nil for all.
  ///   - isMySQL: whether the file is for a program of MySQL.
  package static func text(
    for options: ConnectionOptions, relayPort: Int?, plugins: String?, isMySQL: Bool = false
  ) throws(BackupError) -> String {
    guard options.usesTCP || !options.tls.refusesPlaintext else {
      throw BackupError(
        .toolFailed, "TLS is not available on the Unix socket \(options.endpoint)",
        hint: "name a host, or leave the TLS mode at preferred")
    }
    var lines = ["[client]"]
    func add(_ name: String, _ value: String?) {
      if let value { lines.append("\(name)=\(quoted(value))") }
    }
    if options.usesTCP {
      add("host", relayPort == nil ? options.host ?? "localhost" : "127.0.0.1")
      add("port", (relayPort ?? options.port).map(String.init))
      lines.append("protocol=tcp")
    } else {
      add("socket", options.socket)
      lines.append("protocol=socket")
    }
    add("user", options.user)
    add("password", options.password?.reveal)
    add("plugin-dir", plugins)
    guard !isMySQL else { return try lines.joined(separator: "\n") + "\n" + mySQL(options) }
    if options.tls == .off || !options.usesTCP {
      lines.append("skip-ssl")
    } else {
      lines.append("ssl")
      if options.tls != .preferred, options.tls != .required { add("ssl-ca", options.tlsCA) }
      add("ssl-cert", options.tlsCert)
      add("ssl-key", options.tlsKey)
      if options.tls == .verifyIdentity { lines.append("ssl-verify-server-cert") }
      // On by default since 11.4, which then also refuses a server without TLS.
      if options.tls == .preferred { lines.append("skip-ssl-verify-server-cert") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// How a program of MySQL uses TLS.
  ///
  /// It sends the password itself where the server asks for that, so the server must have proved
  /// its identity, or be on this machine.
  private static func mySQL(_ options: ConnectionOptions) throws(BackupError) -> String {
    guard options.showsPassword || options.password == nil else {
      throw BackupError(
        .toolFailed, "mysqldump could reveal the password to who answers at \(options.endpoint)",
        hint: "check the server's certificate: --tls verify-identity --tls-ca FILE")
    }
    var lines: [String] = []
    func add(_ name: String, _ value: String?) {
      if let value { lines.append("\(name)=\(quoted(value))") }
    }
    switch options.tls {
    case _ where !options.usesTCP, .off: add("ssl-mode", "DISABLED")
    case .preferred: add("ssl-mode", "PREFERRED")
    case .required: add("ssl-mode", "REQUIRED")
    case .verifyCA: add("ssl-mode", "VERIFY_CA")
    case .verifyIdentity: add("ssl-mode", "VERIFY_IDENTITY")
    }
    if options.usesTCP, options.showsPassword { add("ssl-ca", options.tlsCA ?? systemAuthorities) }
    add("ssl-cert", options.tlsCert)
    add("ssl-key", options.tlsKey)
    return lines.map { $0 + "\n" }.joined()
  }

  /// Where Debian keeps the authorities that everybody trusts; MySQL's programs look nowhere.
  private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

  /// A value in quotes, which keeps blanks, `#` and quotes as they are.
  private static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
