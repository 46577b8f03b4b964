package import MariaDBClient

extension Check {
  /// The account's privileges, and how it connects.
  package static let accountChecks: [Check] = [
    Check(name: "privileges", examine: privileges),
    Check(name: "encryption") {
      encryption($0.connection.options, cipher: $0.connection.tlsCipher)
    },
  ]

  /// Judges whether payments could be read on the network.
  package static func encryption(_ options: ConnectionOptions, cipher: String?) -> Finding {
    guard options.usesTCP else { return .ok("Unix socket: no data leaves the machine") }
    if let cipher { return .ok("TLS with \(cipher)") }
    let host = (options.host ?? "localhost").lowercased()
    if host == "localhost" || host == "::1" || host.hasPrefix("127.") {
      return .ok("plaintext on the loopback address: no data leaves the machine")
    }
    return .failure(
      "the connection to \(options.endpoint) is not encrypted",
      "configure TLS on the server, and use --tls verify-identity")
  }
}
