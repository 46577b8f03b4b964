/// Why a delivery did not succeed; safe to store and to show.
package struct DeliveryFailure: Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure; new kinds may be added.
  package struct Code: Sendable, Hashable, CustomStringConvertible {
    private enum Kind: String {
      case rejected, overloaded, serverError, redirected
      case timedOut, unreachable, nameNotFound, connectionLost, cancelled
      case tlsFailed, addressRefused, misconfigured, fileUnusable
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The server rejects the notification: HTTP 4xx, SMTP 5yz.
    package static let rejected = Code(.rejected)
    /// The server asks to retry later: HTTP 408, 429, SMTP 4yz.
    package static let overloaded = Code(.overloaded)
    /// The server failed: HTTP 5xx, or an invalid answer.
    package static let serverError = Code(.serverError)
    /// The server redirects; redirects are never followed.
    package static let redirected = Code(.redirected)
    /// No complete answer came in time.
    package static let timedOut = Code(.timedOut)
    /// The server does not accept connections.
    package static let unreachable = Code(.unreachable)
    /// The name of the server is unknown, or no name server answers.
    package static let nameNotFound = Code(.nameNotFound)
    /// The connection broke before a complete answer.
    package static let connectionLost = Code(.connectionLost)
    /// The delivery was cancelled; it is unknown whether the server got the notification.
    package static let cancelled = Code(.cancelled)
    /// The certificate is not trusted or of another host, or the server does not offer required
    /// TLS.
    package static let tlsFailed = Code(.tlsFailed)
    /// The name resolves only to addresses that the channel may not reach.
    package static let addressRefused = Code(.addressRefused)
    /// The channel's secret, certificates or URL cannot be used.
    package static let misconfigured = Code(.misconfigured)
    /// The log file cannot be written.
    package static let fileUnusable = Code(.fileUnusable)

    /// The name of the kind.
    package var description: String { kind.rawValue }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence without secrets; of a URL only scheme and host.
  package let reason: String
  /// The last status of the server, 200 to 599 for HTTP and SMTP; nil without an answer.
  package let status: Int?
  /// The beginning of the server's answer, printable ASCII, without the secret; nil without one.
  package let excerpt: String?

  /// Describes a failure.
  package init(_ code: Code, _ reason: String, status: Int? = nil, excerpt: String? = nil) {
    self.code = code
    self.reason = reason
    self.status = status
    self.excerpt = excerpt
  }

  /// One sentence.
  package var description: String { reason }
}
