import PayopsCore

/// Digests that replace natural keys too long to be stored.
///
/// The database computes them by SHA-256. An earlier version computed them here with a hash that is
/// not collision-resistant, so that somebody who chooses keys could make two of them collide; such
/// digests are only looked up, and replaced.
enum KeyDigest {
  /// The longest key that is stored as it is, bytes: it leaves room for `#` and the number of a
  /// repeated key.
  static let limit = 48
  /// The digest of a key that a LOAD DATA puts into `@natural_key`.
  static let expression = """
    IF(OCTET_LENGTH(@natural_key) > \(limit),
      CONCAT('~', LEFT(TO_BASE64(UNHEX(SHA2(@natural_key, 256))), 43)), @natural_key)
    """

  /// The former digest: two FNV-1a hashes of 64 bits, forwards and backwards, as 32 hexadecimal
  /// digits after `~`.
  static func former(_ bytes: [UInt8]) -> String {
    var forwards = FNV1a64()
    forwards.update(bytes)
    var backwards = FNV1a64()
    backwards.update(bytes.reversed())
    return "~" + forwards.hexadecimal + backwards.hexadecimal
  }
}
