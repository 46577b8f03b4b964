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

    /// The server will not have it: HTTP 4xx, SMTP 5yz.
    package static let rejected = Code(.rejected)
    /// The server asks to come later: HTTP 408, 429, SMTP 4yz.
    package static let overloaded = Code(.overloaded)
    /// The server failed: HTTP 5xx, or an answer that is none.
    package static let serverError = Code(.serverError)
    /// The server points elsewhere, which is never followed.
    package static let redirected = Code(.redirected)
    /// No whole answer came in time.
    package static let timedOut = Code(.timedOut)
    /// Nobody takes the connection.
    package static let unreachable = Code(.unreachable)
    /// The name of the server is not known, or no name server answers.
    package static let nameNotFound = Code(.nameNotFound)
    /// The connection broke before a whole answer.
    package static let connectionLost = Code(.connectionLost)
    /// The delivery was cancelled; what the server got is not known.
    package static let cancelled = Code(.cancelled)
    /// The certificate is not to be trusted or of another host, or there is no TLS where it must be.
    package static let tlsFailed = Code(.tlsFailed)
    /// The name leads to addresses alone that the channel may not reach.
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
  /// One sentence without secrets, of a URL scheme and host alone.
  package let reason: String
  /// The last status of the server: of HTTP 200 to 599, of SMTP 200 to 599; nil without an answer.
  package let status: Int?
  /// The front of the server's answer, printable ASCII, without the secret; nil without one.
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
