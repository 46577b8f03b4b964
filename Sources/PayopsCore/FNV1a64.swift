/// The FNV-1a checksum of 64 bits: a fast fingerprint of bytes, not a defence against forgery.
package struct FNV1a64: Sendable, Equatable {
  /// The checksum of everything so far.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts with no bytes.
  package init() {}

  /// Adds bytes.
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    var hash = value
    for byte in bytes {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    value = hash
  }

  /// The checksum as 16 lower-case hexadecimal digits.
  package var hexadecimal: String {
    Hexadecimal.text((0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) })
  }

  /// The checksum of a text in UTF-8, as 16 lower-case hexadecimal digits.
  ///
  /// - Parameter text: the text to fingerprint.
  package static func hexadecimal(of text: String) -> String {
    var checksum = FNV1a64()
    checksum.update(text.utf8)
    return checksum.hexadecimal
  }
}
