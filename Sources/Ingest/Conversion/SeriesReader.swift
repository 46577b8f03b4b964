package import PayopsCore

/// Reads a series from a CSV file with a header, plain or gzip, record by record in constant
/// memory.
///
/// Any two columns make a series. Where none are named, they are those called `timestamp` and
/// `value`; without these the first column is the time and the next one the value. A column `label`
/// is optional, others are ignored. A gap in a series would shift everything after it, so the first record that cannot be
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
  private let columns: [String]

  /// Opens a file and reads its header.
  ///
  /// - Parameters:
  ///   - source: where the bytes come from
  ///   - name: the name of the file for messages
  ///   - time: the column of the time; nil for `timestamp`, else the first one
  ///   - value: the column of the value; nil for `value`, else the first one that is neither the
  ///     time nor the label
  /// - Throws: ``ImportError`` when the file cannot be read or lacks a column
  package init(
    _ source: ImportSource, name: String, time: String? = nil, value: String? = nil
  ) throws(ImportError) {
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
    self.columns = columns
    guard columns.count > 1 else {
      throw ImportError(
        .badHeader, "\(name), line \(reader.line): the header has a single column",
        hint: "a series needs two columns, a time and a value, separated by commas")
    }
    func place(_ column: String) throws(ImportError) -> Int {
      guard let index = columns.firstIndex(of: column.lowercased()) else {
        throw ImportError(
          .badHeader, "\(name), line \(reader.line): the header has no column \(column)",
          hint: "its columns are " + columns.joined(separator: ", "))
      }
      guard columns.lastIndex(of: column.lowercased()) == index else {
        throw ImportError(
          .badHeader, "\(name), line \(reader.line): the header has column \(column) twice")
      }
      return index
    }
    let timePlace: Int
    if let time {
      timePlace = try place(time)
    } else {
      timePlace = columns.contains("timestamp") ? try place("timestamp") : 0
    }
    let valuePlace: Int
    if let value {
      valuePlace = try place(value)
    } else if columns.contains("value"), columns[timePlace] != "value" {
      valuePlace = try place("value")
    } else {
      let rest = columns.indices.filter { $0 != timePlace }
      valuePlace = rest.first { columns[$0] != "label" } ?? rest[0]
    }
    guard timePlace != valuePlace else {
      throw ImportError(
        .badHeader, "\(name): column \(columns[timePlace]) cannot be the time and the value",
        hint: "name two columns with --time-column and --value-column")
    }
    timestamp = timePlace
    self.value = valuePlace
    let labelPlace = columns.contains("label") ? try place("label") : nil
    label = labelPlace == timePlace || labelPlace == valuePlace ? nil : labelPlace
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
        "column \(columns[timestamp]) does not hold a time",
        hint: "write times as 2026-01-31 08:00:00, or name another column with --time-column")
    }
    let text = reader.text(value)
    let number = Self.number(text)
    guard number != nil || text.isEmpty else {
      throw wrong(
        "column \(columns[value]) does not hold a number",
        hint: "leave a value that is missing empty, or name another column with --value-column")
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
