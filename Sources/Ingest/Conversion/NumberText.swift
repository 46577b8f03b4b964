/// Reads numbers and truth values from bytes.
enum NumberText {
  /// A whole number with an optional sign; nil for any other text or beyond 64 bits.
  static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard let first = bytes.first else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    var index = isNegative || first == UInt8(ascii: "+") ? 1 : 0
    guard index < bytes.count else { return nil }
    var value: Int64 = 0
    while index < bytes.count {
      let digit = Int64(bytes[index]) - 0x30
      guard (0...9).contains(digit) else { return nil }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = product.subtractingReportingOverflow(digit)
      if overflows || overflowsToo { return nil }
      value = sum
      index += 1
    }
    // Computed as a negative number, since the least one has no positive counterpart.
    if isNegative { return value }
    return value == Int64.min ? nil : -value
  }

  /// A truth value; nil for any other text.
  static func boolean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    guard bytes.count <= 5 else { return nil }
    switch String(decoding: bytes, as: UTF8.self).lowercased() {
    case "true", "t", "yes", "y", "1": return true
    case "false", "f", "no", "n", "0": return false
    default: return nil
    }
  }

  /// Adds one to the last digit of a number.
  ///
  /// - Returns: whether it has one more digit before the point.
  private static func increment(_ output: inout [UInt8], from start: Int) -> Bool {
    var index = output.count - 1
    while index >= start {
      let byte = output[index]
      if byte >= 0x30, byte < 0x39 {
        output[index] = byte + 1
        return false
      }
      if byte == 0x39 { output[index] = 0x30 }
      if byte == UInt8(ascii: "-") { break }
      index -= 1
    }
    output.insert(0x31, at: index + 1)
    return true
  }

  /// Appends a decimal number that DECIMAL(19,4) holds exactly.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - point: the byte between units and decimals.
  ///   - group: the byte between groups of three digits; nil for none.
  ///   - rounding: decimals to round to, half away from zero; nil to refuse more than 4.
  ///   - output: the number is appended with a point and without groups.
  static func appendDecimal(
    _ bytes: UnsafeBufferPointer<UInt8>, point: UInt8, group: UInt8?, rounding: Int? = nil,
    to output: inout [UInt8]
  ) -> FieldConverter.Outcome {
    let kept = rounding ?? 4
    var isRoundedUp = false
    let noNumber = FieldConverter.Outcome.wrong("this is not a decimal number")
    let start = output.count
    var index = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      if bytes[index] == UInt8(ascii: "-") { output.append(bytes[index]) }
      index += 1
    }
    var significant = 0
    var digits = 0
    var sinceGroup = 0
    var hasGroups = false
    var decimals = -1
    func undo(_ outcome: FieldConverter.Outcome) -> FieldConverter.Outcome {
      output.removeSubrange(start...)
      return outcome
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte >= 0x30, byte <= 0x39 {
        digits += 1
        if decimals < 0 {
          sinceGroup += 1
          if significant > 0 || byte != 0x30 { significant += 1 }
          output.append(byte)
        } else {
          decimals += 1
          if decimals <= kept {
            output.append(byte)
          } else if rounding != nil {
            if decimals == kept + 1 { isRoundedUp = byte >= 0x35 }
          } else if byte != 0x30 {
            return undo(
              .wrong("the number has more than 4 decimals; `round` in the mapping rounds them"))
          }
        }
      } else if byte == point, decimals < 0 {
        guard digits > 0, !hasGroups || sinceGroup == 3 else { return undo(noNumber) }
        decimals = 0
        output.append(UInt8(ascii: "."))
      } else if byte == group, decimals < 0 {
        guard hasGroups ? sinceGroup == 3 : (1...3).contains(sinceGroup) else {
          return undo(noNumber)
        }
        hasGroups = true
        sinceGroup = 0
      } else {
        return undo(noNumber)
      }
    }
    guard digits > 0, decimals != 0, decimals > 0 || !hasGroups || sinceGroup == 3 else {
      return undo(noNumber)
    }
    if output.last == UInt8(ascii: ".") { output.removeLast() }
    if isRoundedUp, increment(&output, from: start) { significant += 1 }
    guard significant <= 15 else { return undo(.wrong("the number has more than 15 digits")) }
    return .written
  }
}
