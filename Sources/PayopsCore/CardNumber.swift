/// Finds possible payment card numbers in texts, as the SQL function `holds_card_number` does.
///
/// A number is 13 to 19 digits in whole groups, with single blanks or hyphens between groups, that
/// pass the Luhn check. Longer numbers, IBANs and creditor references (ISO 11649) do not count.
package enum CardNumber {
  /// Whether a text holds a card number.
  ///
  /// - Parameter text: bytes of UTF-8
  package static func isIn(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    mayHoldOne(text) && !ranges(in: Array(text)).isEmpty
  }

  /// A text in which of each card number only the last four digits are left.
  ///
  /// - Parameter text: bytes of UTF-8
  /// - Returns: as many bytes, other digits of card numbers replaced by asterisks
  package static func masked(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result = Array(text)
    guard mayHoldOne(text) else { return result }
    for range in ranges(in: result) {
      // Numbers may overlap: the last four digits of one must not reveal what another one hid.
      let digits = range.filter { isDigit(text[$0]) }
      for index in digits.dropLast(4) { result[index] = UInt8(ascii: "*") }
    }
    return result
  }

  /// Whether there are 13 digits with nothing but single blanks and hyphens between them.
  private static func mayHoldOne(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var count = 0
    var previousIsDigit = false
    for byte in text {
      if isDigit(byte) {
        count += 1
        if count == 13 { return true }
        previousIsDigit = true
      } else if previousIsDigit, isSeparator(byte) {
        previousIsDigit = false
      } else {
        count = 0
        previousIsDigit = false
      }
    }
    return false
  }

  /// The places of card numbers; they may overlap.
  private static func ranges(in text: [UInt8]) -> [Range<Int>] {
    var isAccountNumber = Array(repeating: false, count: text.count)
    var start = 0
    while start < text.count {
      if let end = endOfAccountNumber(in: text, from: start) {
        for index in start..<end { isAccountNumber[index] = true }
        start = end
      } else {
        start += 1
      }
    }
    func isFree(_ index: Int) -> Bool {
      index < text.count && isDigit(text[index]) && !isAccountNumber[index]
    }
    var found: [Range<Int>] = []
    // Groups of digits, each list joined by single separators.
    var run: [Range<Int>] = []
    var index = 0
    while index < text.count {
      guard isFree(index) else {
        index += 1
        continue
      }
      var end = index
      while isFree(end) { end += 1 }
      run.append(index..<end)
      if end + 1 < text.count, isSeparator(text[end]), !isAccountNumber[end], isFree(end + 1) {
        index = end + 1
      } else {
        found += numbers(of: run, in: text)
        run = []
        index = end
      }
    }
    return found
  }

  /// The card numbers that whole neighbouring groups make.
  private static func numbers(of groups: [Range<Int>], in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for first in groups.indices {
      var digits: [UInt8] = []
      for group in groups[first...] {
        digits += text[group]
        if digits.count > 19 { break }
        if digits.count >= 13, Luhn.isValid(digits) {
          found.append(groups[first].lowerBound..<group.upperBound)
        }
      }
    }
    return found
  }

  /// The end of the account number or creditor reference that begins here; nil when none does.
  private static func endOfAccountNumber(in text: [UInt8], from start: Int) -> Int? {
    guard start + 4 < text.count, start == 0 || !isWord(text[start - 1]),
      isCapital(text[start]), isCapital(text[start + 1]), isDigit(text[start + 2]),
      isDigit(text[start + 3])
    else { return nil }
    var compact = Array(text[start..<start + 4])
    var index = start + 4
    var longest: Int?
    while compact.count < 34, index < text.count {
      if text[index] == UInt8(ascii: " "), index + 1 < text.count { index += 1 }
      guard isDigit(text[index]) || isCapital(text[index]) else { break }
      compact.append(text[index])
      index += 1
      let isWhole = index == text.count || !isWord(text[index])
      if isWhole, compact.count >= 9, IBAN.hasRightCheckDigits(compact) { longest = index }
    }
    return longest
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }
  private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x2d }
  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || isCapital(byte) || (0x61...0x7a).contains(byte)
  }
}
