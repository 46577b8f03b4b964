internal import CCurl

/// Interprets failures that are not answers of a server.
enum TransferFault {
  /// The outcome of an exchange without a complete answer.
  static func outcome(of ending: Transfer.Ending, url: ChannelURL) -> DeliveryOutcome {
    let place = url.shown
    func retry(_ code: DeliveryFailure.Code, _ reason: String) -> DeliveryOutcome {
      .retry(after: nil, DeliveryFailure(code, reason))
    }
    func failed(_ code: DeliveryFailure.Code, _ reason: String) -> DeliveryOutcome {
      .failed(DeliveryFailure(code, reason))
    }
    if ending.wasRefused {
      return failed(
        .addressRefused, "\(place) resolves to an address that the channel may not reach")
    }
    switch ending.code {
    case CURLE_ABORTED_BY_CALLBACK: return retry(.cancelled, "the delivery was cancelled")
    case CURLE_OPERATION_TIMEDOUT: return retry(.timedOut, "\(place) did not answer in time")
    case CURLE_COULDNT_RESOLVE_HOST:
      return retry(.nameNotFound, "the name of \(place) does not resolve")
    case CURLE_COULDNT_CONNECT: return retry(.unreachable, "\(place) accepts no connection")
    case CURLE_PEER_FAILED_VERIFICATION:
      return failed(.tlsFailed, "the certificate of \(place) is not trusted")
    case CURLE_USE_SSL_FAILED: return failed(.tlsFailed, "\(place) offers no TLS")
    case CURLE_SSL_CONNECT_ERROR:
      return retry(.connectionLost, "the TLS handshake with \(place) failed")
    case CURLE_LOGIN_DENIED: return failed(.rejected, "\(place) refuses user or password")
    case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR:
      return retry(.misconfigured, "the certificate file for \(place) cannot be used")
    // libcurl also reports this code for an answer that is not HTTP.
    case CURLE_UNSUPPORTED_PROTOCOL where ending.wasOpened:
      return retry(.serverError, "\(place) sends an invalid answer")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN,
      CURLE_UNKNOWN_OPTION, CURLE_BAD_FUNCTION_ARGUMENT:
      return failed(.misconfigured, "libcurl cannot reach \(place) as it is configured")
    case CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_WRITE_ERROR:
      return retry(.serverError, "\(place) sends an invalid answer")
    default:
      return retry(
        .connectionLost,
        "the connection to \(place) broke before its answer (libcurl \(ending.code.rawValue))")
    }
  }
}
