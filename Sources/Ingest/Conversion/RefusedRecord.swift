/// A record that cannot be imported: its line, what is wrong, and its text.
package struct RefusedRecord: Sendable, Equatable {
  /// The most bytes that are kept of a record.
  static let maximumRawBytes = 1 << 16

  /// Line on which the record begins, from 1.
  package let line: Int64
  /// Column of the file that is wrong; nil when the whole record is.
  package let column: String?
  /// What is wrong, without values.
  package let reason: String
  /// The record as in the file, cut at 64 KiB, with card numbers masked.
  package let raw: [UInt8]
}
