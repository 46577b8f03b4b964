internal import CCurl
internal import PayopsCore

/// Sends a POST over HTTP and interprets the answer.
struct HTTPExchange: Sendable {
  let url: ChannelURL
  /// Names and values; both without line ends.
  let headers: [(name: String, value: String)]
  let body: [UInt8]
  let connection: ChannelConnection
  /// The secret to hide when the server sends it back.
  let secret: Secret?
  /// The time from which a date in Retry-After counts.
  let now: CivilInstant
  /// Addresses of names as `name:port:address`, instead of those of the name server: for tests of
  /// names that resolve to private addresses.
  var pins: [String] = []

  /// Sends the request; blocks.
  func perform(_ cancellation: CancellationFlag) -> DeliveryOutcome {
    guard let transfer = Transfer(to: url, over: connection, cancellation: cancellation) else {
      return .retry(after: nil, DeliveryFailure(.misconfigured, "libcurl cannot start"))
    }
    transfer.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    transfer.set(CURLOPT_USERAGENT, "payops")
    // Without this header, libcurl sends "Expect: 100-continue" before a long body and waits.
    transfer.set(CURLOPT_HTTPHEADER, headers.map { "\($0.name): \($0.value)" } + ["Expect:"])
    if !pins.isEmpty { transfer.set(CURLOPT_RESOLVE, pins) }
    transfer.post(body)
    return outcome(of: transfer.perform())
  }

  /// The outcome of the exchange.
  func outcome(of ending: Transfer.Ending) -> DeliveryOutcome {
    // Status and headers suffice for the outcome, even when the body is cut short.
    guard ending.head.isComplete, let status = ending.head.status else {
      return TransferFault.outcome(of: ending, url: url)
    }
    func failure(_ code: DeliveryFailure.Code, _ what: String) -> DeliveryFailure {
      DeliveryFailure(
        code, "\(url.shown) \(what) (HTTP \(status))", status: status,
        excerpt: Excerpt.text(ending.body, without: secret))
    }
    let wait = ending.head.retryAfter.flatMap { RetryAfter.duration($0, now: now) }
    switch status {
    case 200..<300: return .delivered
    case 300..<400: return .failed(failure(.redirected, "redirects, which is not followed"))
    case 408, 429: return .retry(after: wait, failure(.overloaded, "asks to retry later"))
    case 500..<600: return .retry(after: wait, failure(.serverError, "failed"))
    default: return .failed(failure(.rejected, "refuses the notification"))
    }
  }
}
