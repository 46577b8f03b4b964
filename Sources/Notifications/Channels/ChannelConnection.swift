/// How to reach the server of a channel, and which servers are allowed.
package struct ChannelConnection: Sendable, Equatable {
  /// How long name resolution, connection and TLS may take; for mail also greeting and login.
  package let connectTimeout: Duration
  /// How long the whole delivery may take.
  package let totalTimeout: Duration
  /// Networks that are allowed although they are not public.
  package let allowedNetworks: [IPNetwork]
  /// A PEM file with the only trusted certificates; nil for those of the system.
  package let authorityFile: String?
  /// Whether a server on this machine is allowed without TLS.
  package let allowsPlaintextOnLoopback: Bool

  /// Describes a connection.
  package init(
    connectTimeout: Duration = .seconds(5), totalTimeout: Duration = .seconds(15),
    allowedNetworks: [IPNetwork] = [], authorityFile: String? = nil,
    allowsPlaintextOnLoopback: Bool = false
  ) {
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
    self.allowedNetworks = allowedNetworks
    self.authorityFile = authorityFile
    self.allowsPlaintextOnLoopback = allowsPlaintextOnLoopback
  }

  /// What is wrong with the configuration; nil for a valid one.
  var fault: String? {
    guard connectTimeout >= .milliseconds(1), totalTimeout >= connectTimeout,
      totalTimeout <= .seconds(600)
    else {
      return "timeouts must be from 1 ms to 10 min, the total at least that of the connection"
    }
    if let authorityFile, !authorityFile.hasPrefix("/") {
      return "the certificate file needs an absolute path"
    }
    return nil
  }

  /// What is wrong with a URL under this configuration; nil for an allowed one.
  func fault(of url: ChannelURL, for kind: ChannelKind) -> (what: String, hint: String?)? {
    let schemes = kind == .email ? ["smtps", "smtp"] : ["https", "http"]
    guard schemes.contains(url.scheme) else {
      return ("its scheme is neither \(schemes[0]) nor \(schemes[1])", nil)
    }
    if kind == .email, url.hasPath {
      return ("the URL of a mail server has no path", nil)
    }
    // STARTTLS encrypts smtp; nothing encrypts http.
    if url.scheme == "http", !mayBePlain(url) {
      return (
        "\(url.shown) does not use TLS",
        "TLS is required unless the server is on this machine and the channel allows plaintext"
      )
    }
    if allowsPlaintextOnLoopback, !url.isLoopback {
      return ("plaintext is only for servers on this machine, \(url.shown) is another", nil)
    }
    return nil
  }

  /// Whether plaintext is allowed.
  func mayBePlain(_ url: ChannelURL) -> Bool {
    allowsPlaintextOnLoopback && url.isLoopback && ["http", "smtp"].contains(url.scheme)
  }
}
