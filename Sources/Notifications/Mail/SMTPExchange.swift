internal import CCurl
internal import PayopsCore

/// Sends a message over SMTP and interprets the answer.
struct SMTPExchange: Sendable {
  let url: ChannelURL
  let envelope: MailEnvelope
  let password: Secret?
  let message: [UInt8]
  let connection: ChannelConnection

  /// Sends the message; blocks.
  func perform(_ cancellation: CancellationFlag) -> DeliveryOutcome {
    guard let transfer = Transfer(to: url, over: connection, cancellation: cancellation) else {
      return .retry(after: nil, DeliveryFailure(.misconfigured, "libcurl cannot start"))
    }
    // A server that does not offer STARTTLS gets nothing: an attacker may have removed the offer.
    let encryption = connection.mayBePlain(url) ? CURLUSESSL_NONE : CURLUSESSL_ALL
    transfer.set(CURLOPT_USE_SSL, Int(encryption.rawValue))
    transfer.set(CURLOPT_MAIL_FROM, "<\(envelope.sender)>")
    transfer.set(CURLOPT_MAIL_RCPT, envelope.recipients.map { "<\($0)>" })
    if let user = envelope.user, let password {
      transfer.set(CURLOPT_USERNAME, user)
      transfer.set(CURLOPT_PASSWORD, password.reveal)
    }
    transfer.send(message)
    return outcome(of: transfer.perform())
  }

  /// The outcome of the exchange.
  func outcome(of ending: Transfer.Ending) -> DeliveryOutcome {
    if ending.code == CURLE_OK { return .delivered }
    func failure(_ code: DeliveryFailure.Code, _ what: String) -> DeliveryFailure {
      DeliveryFailure(
        code, "\(url.shown) \(what) (SMTP \(ending.status))", status: ending.status)
    }
    // When the connection broke, the status answers an earlier command, not the last one.
    let isAnswered = ![CURLE_OPERATION_TIMEDOUT, CURLE_RECV_ERROR, CURLE_GOT_NOTHING]
      .contains(ending.code)
    switch ending.status {
    case 400..<500 where isAnswered:
      return .retry(after: nil, failure(.overloaded, "asks to retry later"))
    case 500..<600 where isAnswered:
      return .failed(failure(.rejected, "refuses the message"))
    default: return TransferFault.outcome(of: ending, url: url)
    }
  }
}
