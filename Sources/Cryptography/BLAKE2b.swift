internal import CSodium

/// BLAKE2b (RFC 7693) with a key.
package enum BLAKE2b {
  /// The keyed hash of some bytes.
  ///
  /// - Parameters:
  ///   - bytes: the bytes to hash.
  ///   - key: 16 to 64 bytes.
  ///   - length: length of the hash, 16 to 64 bytes.
  package static func hash(_ bytes: [UInt8], key: SecretKey, length: Int) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    key.withBytes { key, count in
      _ = crypto_generichash(&digest, digest.count, bytes, UInt64(bytes.count), key, count)
    }
    return digest
  }
}
