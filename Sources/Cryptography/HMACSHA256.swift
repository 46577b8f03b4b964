internal import CSodium
internal import PayopsCore

/// HMAC-SHA-256 (RFC 2104), which receivers of webhooks can check with any library.
package enum HMACSHA256 {
  /// The authentication code of some bytes, as 64 hexadecimal digits.
  ///
  /// - Parameters:
  ///   - bytes: the bytes to authenticate.
  ///   - key: a key of any length.
  package static func of(_ bytes: [UInt8], key: [UInt8]) -> String {
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
    var digest = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_bytes()))
    crypto_auth_hmacsha256_final(&state, &digest)
    return Hexadecimal.text(digest)
  }
}
