/// One row of a result, as text; NULL is nil.
package struct Row: Sendable {
  let layout: RowLayout
  private let storage: [UInt8]
  /// End of each cell in `storage`; the complement (negative) marks NULL.
  private let ends: [Int]

  init(layout: RowLayout, storage: [UInt8], ends: [Int]) {
    self.layout = layout
    self.storage = storage
    self.ends = ends
  }

  /// Builds a row without a server, for tests of code that consumes rows.
  ///
  /// - Parameters:
  ///   - columns: names of the columns; all have type text.
  ///   - values: one text for each column, nil for NULL.
  package init(columns: [String], values: [String?]) {
    var storage: [UInt8] = []
    var ends: [Int] = []
    for value in values {
      if let value { storage.append(contentsOf: value.utf8) }
      ends.append(value == nil ? ~storage.count : storage.count)
    }
    self.init(
      layout: RowLayout(
        columns: columns.map { Column(name: $0, typeName: "varchar", isNumeric: false) }),
      storage: storage, ends: ends)
  }

  /// The columns, in the order of the statement.
  package var columns: [Column] { layout.columns }

  /// All values as text, in the order of the columns.
  package var values: [String?] { ends.indices.map { text(at: $0) } }

  /// The value of a column as text.
  ///
  /// A name that the result does not have stops a debug build and gives nil in a release build.
  package subscript(_ column: String) -> String? { text(column) }

  /// The value of a column as text.
  package func text(_ column: String) -> String? {
    position(column).flatMap { text(at: $0) }
  }

  /// The value of a column as a whole number; nil for NULL and for other values.
  package func integer(_ column: String) -> Int64? {
    text(column).flatMap { Int64($0) }
  }

  /// The value of a column as a floating-point number; nil for NULL and for other values.
  package func double(_ column: String) -> Double? {
    text(column).flatMap { Double($0) }
  }

  /// The value of a column as the bytes that the server sent, for binary columns.
  package func bytes(_ column: String) -> [UInt8]? {
    position(column).flatMap { cell($0) }.map { Array($0) }
  }

  /// The value at a position as text; nil for NULL and past the last column.
  package func text(at position: Int) -> String? {
    cell(position).map { String(decoding: $0, as: UTF8.self) }
  }

  private func position(_ column: String) -> Int? {
    let position = layout.position(of: column)
    assert(position != nil, "the result has no column named \(column)")
    return position
  }

  private func cell(_ position: Int) -> ArraySlice<UInt8>? {
    guard ends.indices.contains(position), ends[position] >= 0 else { return nil }
    let previous = position == 0 ? 0 : ends[position - 1]
    return storage[(previous < 0 ? ~previous : previous)..<ends[position]]
  }
}
