internal import Cryptography
package import PayopsCore

/// The signature of a webhook: a receiver with the key can verify that payops sent the request,
/// when, and that it is unchanged.
package enum WebhookSignature {
  /// The header with the time of the attempt, seconds after 1970-01-01 00:00 UTC; receivers refuse
  /// old requests, so that an intercepted request cannot be replayed.
  package static let timestampHeader = "X-Payops-Timestamp"
  /// The header with the signature.
  package static let header = "X-Payops-Signature"

  /// `v1=` and the HMAC-SHA-256, hexadecimal, of the timestamp, a full stop, and the body.
  ///
  /// - Parameters:
  ///   - body: exactly the sent bytes.
  ///   - timestamp: the time of the attempt.
  ///   - key: the shared secret.
  package static func value(body: [UInt8], timestamp: CivilInstant, key: Secret) -> String {
    let signed = Array("\(timestamp.secondsSinceEpoch).".utf8) + body
    return "v1=" + HMACSHA256.of(signed, key: Array(key.reveal.utf8))
  }
}
