internal import CSodium
internal import PayopsCore

/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
package struct SHA256 {
  private var state = crypto_hash_sha256_state()

  /// Starts with no bytes.
  package init() { crypto_hash_sha256_init(&state) }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    crypto_hash_sha256_update(
      &state, bytes.bindMemory(to: UInt8.self).baseAddress, UInt64(bytes.count))
  }

  /// The digest as 64 hexadecimal digits; nothing can be added afterwards.
  package mutating func finish() -> String {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_bytes()))
    crypto_hash_sha256_final(&state, &digest)
    return Hexadecimal.text(digest)
  }

  /// The digest of a text in UTF-8, as 64 hexadecimal digits.
  package static func of(_ text: String) -> String {
    var hash = SHA256()
    var text = text
    text.withUTF8 { hash.update(UnsafeRawBufferPointer($0)) }
    return hash.finish()
  }
}
