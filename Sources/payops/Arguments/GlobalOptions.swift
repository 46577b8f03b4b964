import Tabular

/// The options that many verbs share.
enum GlobalOptions {
  static let defaultsFile = Option.path(
    "defaults-file", "FILE", "read [client] and [payops] from this option file only")
  static let host = Option.text("host", "HOST", "connect to this server by TCP")
  static let port = Option.integer(
    "port", "PORT", in: 1...65535, "TCP port of the server, or to open on the embedded one")
  static let socket = Option.path("socket", "FILE", "connect through this Unix socket")
  static let user = Option.text("user", "NAME", "user name on the server").short("u")
  static let database = Option.text("database", "NAME", "schema that holds the payments")
    .short("D")
  static let url = Option.text(
    "url", "URL", "connect to mariadb://user@host:port/database (never a password here)")
  static let tls = Option.choice(
    "tls", "MODE", ["off", "preferred", "required", "verify-ca", "verify-identity"],
    "how far the connection must be encrypted and the server proved")
  static let tlsCA = Option.path("tls-ca", "FILE", "certificate authorities to trust")
  static let dataDir = Option.path(
    "data-dir", "DIR", "directory of the embedded server (default .payops)",
    completion: .directory)

  static let fresh = Flag(
    "fresh", help: "with a read-endpoint: wait until it has what the server has")

  static let json = Flag("json", help: "print results and errors as JSON")
  static let noColor = Flag("no-color", help: "print without colours")
  static let quiet = Flag("quiet", short: "q", help: "print results and errors only")
  static let help = Flag("help", short: "h", help: "show help for the verb")

  /// The options of all verbs that connect.
  static let connection: [OptionDeclaration] = [
    defaultsFile.declaration, host.declaration, port.declaration, socket.declaration,
    user.declaration, database.declaration, url.declaration, tls.declaration, tlsCA.declaration,
    dataDir.declaration,
  ]

  /// The options of every verb.
  static let common: [OptionDeclaration] = [
    json.declaration, noColor.declaration, quiet.declaration, help.declaration,
  ]
}
