/// Some records of a file, converted and ready for the database.
struct ImportBatch: Sendable {
  /// Number of the first record, from 1; refused records have numbers too.
  var firstRecord: Int64 = 0
  /// Number of the last record.
  var lastRecord: Int64 = 0
  /// Rows of the staging table, in the form of LOAD DATA.
  var rows: [UInt8] = []
  /// Number of rows.
  var rowCount: Int64 = 0
  /// Refused records, in the form of LOAD DATA.
  var refused: [UInt8] = []
  /// Number of refused records.
  var refusedCount: Int64 = 0
  /// Bytes of the file read so far.
  var byteCount: Int64 = 0

  /// Whether it holds no record.
  var isEmpty: Bool { rowCount == 0 && refusedCount == 0 }

  /// Adds a refused record.
  mutating func refuse(_ record: RefusedRecord) {
    LoadText.append(record.line, to: &refused)
    refused.append(0x09)
    if let column = record.column {
      LoadText.append(column.prefix(64).utf8, to: &refused)
    } else {
      refused.append(contentsOf: LoadText.null)
    }
    refused.append(0x09)
    LoadText.append(record.reason.prefix(255).utf8, to: &refused)
    refused.append(0x09)
    for byte in record.raw {
      refused.append(Self.digits[Int(byte >> 4)])
      refused.append(Self.digits[Int(byte & 15)])
    }
    refused.append(0x0a)
    refusedCount += 1
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}
