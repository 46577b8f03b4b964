internal import Cryptography

/// HMAC-SHA-512/256: nobody without the key can compute it.
struct KeyedHash {
  private var code: HMACSHA512256

  /// Starts a hash.
  ///
  /// - Parameter key: 32 bytes.
  init(key: SecretKey) { code = HMACSHA512256(key: key) }

  /// Adds a text with its length before it, so that no part of a text can pass for part of the
  /// next.
  mutating func add(_ text: String) {
    code.update(Array("\(text.utf8.count):\(text)".utf8))
  }

  /// The hash as 64 hexadecimal digits.
  mutating func finish() -> String { code.finish() }

  /// The hash of some texts.
  static func of(_ texts: [String], key: SecretKey) -> String {
    var hash = KeyedHash(key: key)
    for text in texts { hash.add(text) }
    return hash.finish()
  }
}
