internal import Synchronization

/// An answer that is given many times; the server keeps it in the form in which it sends it, so that
/// neither its head nor its body is made or copied again.
package final class KeptResponse: Sendable {
  /// The answer, which is not a stream.
  package let response: HTTPResponse
  /// What the server made of it at the first time.
  let prepared = AtomicLazyReference<MicrohttpdResponse>()

  /// Keeps an answer.
  package init(_ response: HTTPResponse) {
    self.response = response
  }
}

/// What a handler answers at once.
package enum ImmediateAnswer: Sendable {
  /// An answer for this request.
  case once(HTTPResponse)
  /// An answer that others get as well.
  case kept(KeptResponse)

  /// The answer itself.
  package var response: HTTPResponse {
    switch self {
    case .once(let response): response
    case .kept(let kept): kept.response
    }
  }
}
