import PayopsCore

/// Stand-ins for natural keys that are too long to be kept.
///
/// The database makes them, by SHA-256. Before that they were made here, of hashes that are meant
/// for tables, so that whoever chose keys could have made two of one; those are only looked for, and
/// get their new name.
enum KeyDigest {
  /// The longest key that is kept as it is, bytes: room for `#` and the number of a repeated key.
  static let limit = 48
  /// The stand-in of a key that a LOAD DATA puts into `@natural_key`.
  static let expression = """
    IF(OCTET_LENGTH(@natural_key) > \(limit),
      CONCAT('~', LEFT(TO_BASE64(UNHEX(SHA2(@natural_key, 256))), 43)), @natural_key)
    """

  /// The former stand-in: two FNV-1a hashes of 64 bits, forwards and backwards, as 32 hexadecimal
  /// digits after `~`.
  static func former(_ bytes: [UInt8]) -> String {
    var forwards = FNV1a64()
    forwards.update(bytes)
    var backwards = FNV1a64()
    backwards.update(bytes.reversed())
    return "~" + forwards.hexadecimal + backwards.hexadecimal
  }
}
