/// The check of payment card numbers (ISO/IEC 7812-1, annex B).
package enum Luhn {
  /// Whether digits pass the check.
  ///
  /// - Parameter digits: ASCII digits.
  package static func isValid(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    var sum = 0
    var double = false
    for byte in digits.reversed() {
      var value = Int(byte) - 0x30
      if double {
        value *= 2
        if value > 9 { value -= 9 }
      }
      sum += value
      double.toggle()
    }
    return sum % 10 == 0
  }

  /// Whether bytes hold a whole run of 13 to 19 digits that passes the check.
  package static func containsCardNumber(_ bytes: [UInt8]) -> Bool {
    var start = 0
    while start < bytes.count {
      guard (0x30...0x39).contains(bytes[start]) else {
        start += 1
        continue
      }
      var end = start
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
      if (13...19).contains(end - start), isValid(bytes[start..<end]) { return true }
      start = end
    }
    return false
  }
}
