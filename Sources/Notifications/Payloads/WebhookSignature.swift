internal import Cryptography
package import PayopsCore

/// The signature of a webhook: who knows the key can tell that payops sent it, unchanged, and when.
package enum WebhookSignature {
  /// The header with the time of the attempt, seconds after 1970-01-01 00:00 UTC; receivers refuse
  /// what is old, so that a request that was overheard is of no use.
  package static let timestampHeader = "X-Payops-Timestamp"
  /// The header with the signature.
  package static let header = "X-Payops-Signature"

  /// `v1=` and the HMAC-SHA-256, hexadecimal, of the timestamp, a full stop, and the body.
  ///
  /// - Parameters:
  ///   - body: exactly the bytes that are sent.
  ///   - timestamp: the time of the attempt.
  ///   - key: the secret that both sides know.
  package static func value(body: [UInt8], timestamp: CivilInstant, key: Secret) -> String {
    let signed = Array("\(timestamp.secondsSinceEpoch).".utf8) + body
    return "v1=" + HMACSHA256.of(signed, key: Array(key.reveal.utf8))
  }
}
