/// Counts of a period and of others to compare it with, read from a CSV file with a header, plain
/// or gzip: one row for each part of the period, such as an hour.
package struct ComparisonTable: Sendable, Equatable {
  /// The parts of the period as the file writes them.
  package private(set) var times: [String] = []
  /// The column of the period.
  package let valueColumn: String
  /// The counts of the period; nil where one is missing.
  package private(set) var values: [Double?] = []
  /// The columns of the others.
  package let otherColumns: [String]
  /// The counts of the others, by column, then by row.
  package private(set) var others: [[Double?]]

  /// The most rows that are read.
  private static let mostRows = 100_000

  /// The greatest count.
  private static let greatest = 1e9

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - source: where the bytes come from
  ///   - name: the name of the file for messages
  ///   - time: the column of the parts; nil for the first one
  ///   - value: the column of the period; nil for the second one
  ///   - others: the columns to compare with
  /// - Throws: ``ImportError`` when the file cannot be read, lacks a column, or a record is wrong
  package init(
    _ source: ImportSource, name: String, time: String?, value: String?, others: [String]
  ) throws(ImportError) {
    let reader = CSVReader(GzipByteSource(try source.open()), format: CSVFormat())
    guard let header = try reader.next() else { throw ImportError(.empty, "\(name) is empty") }
    if case .refused(let record) = header {
      throw ImportError(.badHeader, "\(name), line \(record.line): \(record.reason)")
    }
    let columns = (0..<reader.fieldCount).map { reader.text($0).lowercased() }
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
    guard columns.count > 2 else {
      throw ImportError(
        .badHeader, "\(name), line \(reader.line): there are fewer than three columns",
        hint: "a time, a value and one or more columns to compare it with are needed")
    }
    let timePlace = try time.map { name throws(ImportError) in try place(name) } ?? 0
    let valuePlace = try value.map { name throws(ImportError) in try place(name) } ?? 1
    var places: [Int] = []
    for column in others {
      let index = try place(column)
      guard index != timePlace, index != valuePlace, !places.contains(index) else {
        throw ImportError(
          .badHeader, "\(name): column \(column) cannot be compared with itself",
          hint: "the time is column \(columns[timePlace]), the value column \(columns[valuePlace])")
      }
      places.append(index)
    }
    valueColumn = columns[valuePlace]
    otherColumns = places.map { columns[$0] }
    self.others = places.map { _ in [] }
    while let record = try reader.next() {
      if case .refused(let record) = record {
        throw ImportError(.badRecord, "\(name), line \(record.line): \(record.reason)")
      }
      func count(_ place: Int) throws(ImportError) -> Double? {
        let text = reader.text(place)
        guard !text.isEmpty else { return nil }
        guard let number = SeriesReader.number(text), (0...Self.greatest).contains(number) else {
          throw ImportError(
            .badRecord,
            "\(name), line \(reader.line): column \(columns[place]) does not hold a count",
            hint: "counts are numbers from 0 to a billion; leave one that is missing empty")
        }
        return number
      }
      guard reader.fieldCount == columns.count else {
        throw ImportError(
          .badRecord,
          "\(name), line \(reader.line): there are \(reader.fieldCount) fields,"
            + " the header has \(columns.count)")
      }
      guard times.count < Self.mostRows else {
        throw ImportError(
          .badRecord, "\(name), line \(reader.line): there are more than \(Self.mostRows) rows")
      }
      times.append(reader.text(timePlace))
      values.append(try count(valuePlace))
      for (index, place) in places.enumerated() { self.others[index].append(try count(place)) }
    }
    guard !times.isEmpty else { throw ImportError(.empty, "\(name) has no row below its header") }
  }
}
