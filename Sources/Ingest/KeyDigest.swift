import PayopsCore

/// A short stand-in for natural keys that are too long to be kept.
enum KeyDigest {
  /// Two FNV-1a hashes of 64 bits, forwards and backwards, as 32 hexadecimal digits after `~`.
  static func of(_ bytes: [UInt8]) -> String {
    var forwards = FNV1a64()
    forwards.update(bytes)
    var backwards = FNV1a64()
    backwards.update(bytes.reversed())
    return "~" + forwards.hexadecimal + backwards.hexadecimal
  }
}
