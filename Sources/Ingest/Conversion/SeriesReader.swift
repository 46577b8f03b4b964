package import PayopsCore

/// Reads a series from a CSV file with a header, plain or gzip, record by record in constant
/// memory.
///
/// The columns `timestamp` and `value` are required, a column `label` is optional, others are
/// ignored. A gap in a series would shift everything after it, so the first record that cannot be
/// read ends the reading with an error that names file, line and column.
package final class SeriesReader {
  /// One record.
  package struct Record: Sendable, Equatable {
    /// The time as written in the file.
    package let timestamp: String
    /// The time read as UTC.
    package let time: CivilInstant
    /// The value as written in the file; empty when missing.
    package let text: String
    /// The value; nil when missing.
    package let value: Double?
    /// The label as written in the file; nil without such a column.
    package let label: String?
  }

  private let name: String
  private let reader: CSVReader
  private let columnCount: Int
  private let timestamp: Int
  private let value: Int
  private let label: Int?

  /// Opens a file and reads its header.
  ///
  /// - Parameters:
  ///   - source: where the bytes come from
  ///   - name: the name of the file for messages
  /// - Throws: ``ImportError`` when the file cannot be read or lacks a column
  package init(_ source: ImportSource, name: String) throws(ImportError) {
    self.name = name
    let reader = CSVReader(GzipByteSource(try source.open()), format: CSVFormat())
    self.reader = reader
    switch try reader.next() {
    case nil: throw ImportError(.empty, "\(name) is empty")
    case .refused(let record):
      throw ImportError(.badHeader, "\(name), line \(record.line): \(record.reason)")
    case .record: break
    }
    columnCount = reader.fieldCount
    let columns = (0..<reader.fieldCount).map {
      reader.text($0).lowercased()
    }
    func place(_ column: String) throws(ImportError) -> Int {
      guard let index = columns.firstIndex(of: column) else {
        throw ImportError(
          .badHeader, "\(name), line \(reader.line): the header has no column \(column)",
          hint: "the first line must be timestamp,value")
      }
      guard columns.lastIndex(of: column) == index else {
        throw ImportError(
          .badHeader, "\(name), line \(reader.line): the header has column \(column) twice")
      }
      return index
    }
    timestamp = try place("timestamp")
    value = try place("value")
    label = columns.contains("label") ? try place("label") : nil
  }

  /// Reads the next record.
  ///
  /// - Returns: the next record; nil at the end of the file
  /// - Throws: ``ImportError`` when the file or a record cannot be read
  package func next() throws(ImportError) -> Record? {
    switch try reader.next() {
    case nil: return nil
    case .refused(let record):
      throw ImportError(.badRecord, "\(name), line \(record.line): \(record.reason)")
    case .record: break
    }
    guard reader.fieldCount == columnCount else {
      throw wrong("there are \(reader.fieldCount) fields, the header has \(columnCount)")
    }
    let time = reader.text(timestamp)
    guard let instant = CivilInstant(time) else {
      throw wrong(
        "column timestamp does not hold a time", hint: "write times as 2026-01-31 08:00:00")
    }
    let text = reader.text(value)
    let number = Self.number(text)
    guard number != nil || text.isEmpty else {
      throw wrong(
        "column value does not hold a number", hint: "leave a value that is missing empty")
    }
    let mark = label.map { reader.text($0) }
    guard mark.map({ Double($0) != nil }) ?? true else {
      throw wrong("column label does not hold a number")
    }
    return Record(timestamp: time, time: instant, text: text, value: number, label: mark)
  }

  /// A finite decimal number, without the hexadecimal and special forms that `Double` also reads.
  static func number(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text),
      number.isFinite
    else { return nil }
    return number
  }

  private func wrong(_ reason: String, hint: String? = nil) -> ImportError {
    ImportError(.badRecord, "\(name), line \(reader.line): \(reason)", hint: hint)
  }
}
