internal import CSodium

/// Cryptographically secure random bytes.
package enum RandomBytes {
  /// Random bytes of the operating system; nil when it has no source of them.
  ///
  /// - Parameter count: number of bytes.
  package static func make(_ count: Int) -> [UInt8]? {
    guard SodiumLibrary.isReady else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    randombytes_buf(&bytes, bytes.count)
    return bytes
  }
}
