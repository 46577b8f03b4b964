internal import CSodium

/// HMAC-SHA-512/256: nobody without the key can compute it.
struct KeyedHash {
  private var state = crypto_auth_hmacsha512256_state()

  /// Starts a hash.
  ///
  /// - Parameter key: 32 bytes.
  init(key: [UInt8]) {
    crypto_auth_hmacsha512256_init(&state, key, key.count)
  }

  /// Adds a text with its length before it, so that no part of a text can pass for part of the
  /// next.
  mutating func add(_ text: String) {
    let bytes = Array("\(text.utf8.count):\(text)".utf8)
    crypto_auth_hmacsha512256_update(&state, bytes, UInt64(bytes.count))
  }

  /// The hash as 64 hexadecimal digits.
  mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_auth_hmacsha512256_final(&state, &digest)
    return Hexadecimal.text(digest)
  }

  /// The hash of some texts.
  static func of(_ texts: [String], key: [UInt8]) -> String {
    var hash = KeyedHash(key: key)
    for text in texts { hash.add(text) }
    return hash.finish()
  }

  /// Random bytes for a key.
  static func randomKey() -> [UInt8]? {
    guard sodium_init() >= 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 32)
    randombytes_buf(&bytes, bytes.count)
    return bytes
  }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The bytes of a text; nil when it is not hexadecimal.
  static func bytes(_ text: String) -> [UInt8]? {
    let values = text.utf8.compactMap { digits.firstIndex(of: $0).map(UInt8.init) }
    guard values.count == text.utf8.count, values.count % 2 == 0 else { return nil }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }
}
