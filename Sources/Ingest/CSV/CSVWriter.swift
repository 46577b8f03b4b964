/// Writes records as RFC 4180 requires: CRLF or LF line ends, quotes where they are needed.
package struct CSVWriter: Sendable {
  private let format: CSVFormat
  private let lineEnd: [UInt8]
  /// Bytes written and not yet returned.
  package private(set) var bytes: [UInt8] = []

  /// Makes a writer.
  ///
  /// - Parameters:
  ///   - format: delimiter and quote.
  ///   - lineEnd: the end of each record.
  package init(format: CSVFormat = CSVFormat(), lineEnd: String = "\n") {
    self.format = format
    self.lineEnd = Array(lineEnd.utf8)
  }

  /// Writes one record.
  ///
  /// - Parameters:
  ///   - fields: the fields; a record of one empty field is quoted, so that the line is not empty.
  ///   - quotesAll: whether every field is quoted.
  package mutating func write(_ fields: [String], quotesAll: Bool = false) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(format.delimiter) }
      let isLoneEmpty = fields.count == 1 && field.isEmpty
      guard let quote = format.quote, quotesAll || isLoneEmpty || needsQuotes(field) else {
        bytes.append(contentsOf: field.utf8)
        continue
      }
      bytes.append(quote)
      for byte in field.utf8 {
        if byte == quote { bytes.append(quote) }
        bytes.append(byte)
      }
      bytes.append(quote)
    }
    bytes.append(contentsOf: lineEnd)
  }

  /// Returns the bytes written and empties the writer.
  package mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  private func needsQuotes(_ field: String) -> Bool {
    field.utf8.contains {
      $0 == format.delimiter || $0 == format.quote || $0 == 0x0a || $0 == 0x0d
    }
  }
}
