/// International bank account numbers: check digits and structure (ISO 13616, ISO 7064 mod 97-10).
package enum IBAN {
  /// The structure of a country's basic account number, after country code and check digits: `n`
  /// for a digit, `a` for an upper-case letter.
  package static let structures: [String: String] = [
    "AT": "n16", "BE": "n12", "CH": "n17", "CZ": "n20", "DE": "n18", "DK": "n14", "EE": "n16",
    "ES": "n20", "FI": "n14", "FR": "n23", "GB": "a4n14", "HU": "n24", "IE": "a4n14",
    "IT": "a1n22", "LT": "n16", "LU": "n16", "LV": "a4n13", "NL": "a4n10", "NO": "n11",
    "PL": "n24", "PT": "n21", "SE": "n20", "SI": "n15", "SK": "n20",
  ]

  /// The number of characters of an IBAN of a country; nil for a country that is not listed.
  package static func length(country: String) -> Int? {
    structures[country].map { 4 + fields($0).reduce(0) { $0 + $1.count } }
  }

  /// The two check digits of a basic account number.
  ///
  /// - Parameters:
  ///   - country: ISO 3166 alpha-2 code, upper case.
  ///   - account: the basic bank account number: digits and upper-case letters.
  /// - Returns: 2 to 98.
  package static func checkDigits(country: String, account: some Sequence<UInt8>) -> Int {
    var remainder = 0
    for byte in account { remainder = add(byte, to: remainder) }
    for byte in country.utf8 { remainder = add(byte, to: remainder) }
    remainder = add(0x30, to: add(0x30, to: remainder))
    return 98 - remainder
  }

  /// Whether a text without blanks is a well-formed IBAN with right check digits.
  package static func isValid(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 15, bytes.count <= 34,
      bytes.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }),
      let expected = length(country: String(decoding: bytes[0..<2], as: UTF8.self)),
      expected == bytes.count
    else { return false }
    return hasRightCheckDigits(bytes)
  }

  /// Whether check digits are right, of an IBAN or of a creditor reference (ISO 11649).
  ///
  /// - Parameter number: digits and upper-case letters, five or more
  static func hasRightCheckDigits(_ number: [UInt8]) -> Bool {
    var remainder = 0
    for byte in number[4...] { remainder = add(byte, to: remainder) }
    for byte in number[..<4] { remainder = add(byte, to: remainder) }
    return remainder == 1
  }

  /// A random IBAN of a country with right check digits.
  ///
  /// No run of 13 to 19 digits in it passes the Luhn check, so that none looks like the number of
  /// a payment card.
  ///
  /// - Parameters:
  ///   - country: one of ``structures``; any other gives nil.
  ///   - random: source of the digits.
  package static func random(country: String, using random: inout SeededRandom) -> [UInt8]? {
    guard let structure = structures[country] else { return nil }
    let fields = fields(structure)
    while true {
      var account: [UInt8] = []
      for field in fields {
        for _ in 0..<field.count {
          account.append(
            field.isLetter ? UInt8(0x41 + random.below(26)) : UInt8(0x30 + random.below(10)))
        }
      }
      let check = checkDigits(country: country, account: account)
      let digits = [UInt8(0x30 + check / 10), UInt8(0x30 + check % 10)]
      let number = Array(country.utf8) + digits + account
      if !Luhn.containsCardNumber(number) { return number }
    }
  }

  private static func fields(_ structure: String) -> [(isLetter: Bool, count: Int)] {
    var result: [(isLetter: Bool, count: Int)] = []
    for byte in structure.utf8 {
      if byte >= 0x61 {
        result.append((byte == 0x61, 0))
      } else if let last = result.indices.last {
        result[last].count = result[last].count * 10 + Int(byte) - 0x30
      }
    }
    return result
  }

  private static func add(_ byte: UInt8, to remainder: Int) -> Int {
    byte >= 0x41
      ? (remainder * 100 + Int(byte) - 0x41 + 10) % 97 : (remainder * 10 + Int(byte) - 0x30) % 97
  }
}
