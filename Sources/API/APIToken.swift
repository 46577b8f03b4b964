internal import Cryptography
internal import Foundation

/// The text of a token: `payops_`, its number and its secret.
///
/// The secret has 256 random bits, so a plain SHA-256 of it can be stored: nobody guesses it.
package struct APIToken: Sendable, Equatable {
  /// The number of its row in `api_tokens`.
  package let id: Int64
  /// The secret, base64url.
  package let secret: String

  /// Makes a token of a number and a secret.
  package init(id: Int64, secret: String) {
    self.id = id
    self.secret = secret
  }

  /// Reads the text of a token; nil for another text.
  package init?(_ text: String) {
    let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "payops", parts[1].utf8.count <= 18,
      parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int64(parts[1]),
      (43...64).contains(parts[2].utf8.count)
    else { return nil }
    self.init(id: id, secret: String(parts[2]))
  }

  /// The text that its holder keeps.
  package var text: String { "payops_\(id)_\(secret)" }

  /// What the database keeps: SHA-256 of the secret, hexadecimal.
  package var hash: String { Self.hash(of: secret) }

  /// SHA-256 of a secret, hexadecimal.
  package static func hash(of secret: String) -> String { SHA256.of(secret) }

  /// Makes a secret; nil when the system has no random bytes.
  package static func makeSecret() -> String? {
    RandomBytes.make(32).map {
      Data($0).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
    }
  }
}
