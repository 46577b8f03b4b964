/// How the server of a channel is reached, and what it may be.
package struct ChannelConnection: Sendable, Equatable {
  /// How long name, connection and TLS may take; for mail also the greeting and login.
  package let connectTimeout: Duration
  /// How long the whole delivery may take.
  package let totalTimeout: Duration
  /// Networks that may be reached although they are not public.
  package let allowedNetworks: [IPNetwork]
  /// A file with the certificates, PEM, that alone are trusted; nil for those of the system.
  package let authorityFile: String?
  /// Whether a server on this machine may be spoken to without TLS.
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

  /// What is wrong with it.
  var fault: String? {
    guard connectTimeout >= .milliseconds(1), totalTimeout >= connectTimeout,
      totalTimeout <= .seconds(600)
    else {
      return "timeouts must be from 1 ms to 10 min, and the whole no shorter than the connection"
    }
    if let authorityFile, !authorityFile.hasPrefix("/") {
      return "the file of certificates needs an absolute path"
    }
    return nil
  }

  /// What is wrong with a URL under this configuration.
  func fault(of url: ChannelURL, for kind: ChannelKind) -> (what: String, hint: String?)? {
    let schemes = kind == .email ? ["smtps", "smtp"] : ["https", "http"]
    guard schemes.contains(url.scheme) else {
      return ("its scheme is neither \(schemes[0]) nor \(schemes[1])", nil)
    }
    if kind == .email, url.hasPath {
      return ("the URL of a mail server has no path", nil)
    }
    // STARTTLS makes smtp safe; http never is.
    if url.scheme == "http", !mayBePlain(url) {
      return (
        "\(url.shown) is without TLS",
        "only a server on this machine may be, on a channel that allows it"
      )
    }
    if allowsPlaintextOnLoopback, !url.isLoopback {
      return ("plaintext is for servers on this machine, and \(url.shown) is none", nil)
    }
    return nil
  }

  /// Whether TLS may be missing.
  func mayBePlain(_ url: ChannelURL) -> Bool {
    allowsPlaintextOnLoopback && url.isLoopback && ["http", "smtp"].contains(url.scheme)
  }
}
