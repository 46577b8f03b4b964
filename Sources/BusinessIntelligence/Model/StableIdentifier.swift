internal import Cryptography

/// Identifiers that follow from names: a tool that reads a kit again finds its things again.
enum StableIdentifier {
  /// A UUID of version 8 (RFC 9562) from the hash of a name.
  static func uuid(_ words: String...) -> String {
    var digits = Array(SHA256.of("payops/" + words.joined(separator: "/")).prefix(32))
    digits[12] = "8"
    digits[16] = ["8", "9", "a", "b"][(digits[16].hexDigitValue ?? 0) % 4]
    let text = String(digits)
    var rest = text[...]
    return [8, 4, 4, 4, 12].map { length in
      defer { rest = rest.dropFirst(length) }
      return String(rest.prefix(length))
    }.joined(separator: "-")
  }
}
