/// How the records of a text file are written.
package struct CSVFormat: Sendable, Equatable {
  /// The byte between two fields.
  package var delimiter: UInt8
  /// The byte around fields that hold delimiters, line ends or itself; nil for a format without quotes.
  package var quote: UInt8?
  /// The longest record, bytes; longer ones are refused without being kept.
  package var maximumRecordBytes: Int

  /// Describes a format; RFC 4180 by default.
  ///
  /// - Parameters:
  ///   - delimiter: the byte between two fields.
  ///   - quote: the byte around fields; nil for none.
  ///   - maximumRecordBytes: the longest record, bytes.
  package init(
    delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\""),
    maximumRecordBytes: Int = 1 << 20
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.maximumRecordBytes = maximumRecordBytes
  }
}
