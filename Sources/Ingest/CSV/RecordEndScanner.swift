/// Finds the end of a record byte by byte, storing only its position in the syntax.
struct RecordEndScanner {
  private enum Place { case fieldStart, plain, quoted, quoteInQuoted }

  private let format: CSVFormat
  private var place = Place.fieldStart
  /// Line ends seen so far, including the record's own.
  private(set) var lineCount: Int64 = 0

  /// Starts at the front of a record.
  init(format: CSVFormat) {
    self.format = format
  }

  /// Whether the position is inside a quoted field.
  var isInsideQuotes: Bool { place == .quoted }

  /// Takes the next byte.
  ///
  /// - Returns: whether the record ends with it.
  mutating func consume(_ byte: UInt8) -> Bool {
    if byte == 0x0a { lineCount += 1 }
    if place == .quoted {
      if byte == format.quote { place = .quoteInQuoted }
      return false
    }
    if byte == 0x0a { return true }
    if byte == format.delimiter {
      place = .fieldStart
    } else if byte == format.quote, place == .fieldStart || place == .quoteInQuoted {
      place = .quoted
    } else {
      place = .plain
    }
    return false
  }
}
