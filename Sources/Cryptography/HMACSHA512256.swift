internal import CSodium
internal import PayopsCore

/// HMAC-SHA-512, truncated to 256 bits, of bytes that arrive in pieces.
package struct HMACSHA512256 {
  private var state = crypto_auth_hmacsha512256_state()

  /// Starts with no bytes.
  ///
  /// - Parameter key: a key of any length; 32 bytes are usual.
  package init(key: SecretKey) {
    key.withBytes { bytes, count in
      _ = crypto_auth_hmacsha512256_init(&state, bytes, count)
    }
  }

  /// Adds bytes.
  package mutating func update(_ bytes: [UInt8]) {
    crypto_auth_hmacsha512256_update(&state, bytes, UInt64(bytes.count))
  }

  /// The authentication code as 64 hexadecimal digits; nothing can be added afterwards.
  package mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha512256_bytes()))
    crypto_auth_hmacsha512256_final(&state, &digest)
    return Hexadecimal.text(digest)
  }
}
