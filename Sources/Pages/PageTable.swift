package import Catalogue
internal import PayopsCore

/// The rows of a block, with what their columns mean.
package struct PageTable: Sendable {
  /// The columns as the catalogue describes them.
  package let columns: [PublishedView.Column]
  /// The rows; nil is NULL.
  package let rows: [[String?]]
  /// The currency of amounts.
  package let currency: String
  /// The instant of the page, as the database writes it (UTC).
  package let moment: String

  /// The value of a column in a row; nil for NULL or a column that is not there.
  func text(_ row: [String?], _ column: String) -> String? {
    columns.firstIndex { $0.name == column }.flatMap { row[$0] }
  }

  /// The number of a column in a row.
  func number(_ row: [String?], _ column: String) -> Double? {
    text(row, column).flatMap(Double.init)
  }

  /// The sum of a column.
  func sum(_ column: String) -> Double {
    rows.compactMap { number($0, column) }.reduce(0, +)
  }

  /// The instant of a column in a row.
  func instant(_ row: [String?], _ column: String) -> CivilInstant? {
    text(row, column).flatMap { CivilInstant($0.prefix(19)) }
  }
}

/// The tables of a page by block.
package struct PageTables: Sendable {
  let tables: [String: PageTable]
  let currency: String
  let moment: String

  subscript(_ block: String) -> PageTable? { tables[block] }

  /// The value of a column of the first row of a block.
  func first(_ block: String, _ column: String) -> String? {
    tables[block].flatMap { table in table.rows.first.flatMap { table.text($0, column) } }
  }

  /// The value of a column in the row of a block where another column has a value.
  func value(_ block: String, _ column: String, where key: String, is wanted: String) -> String? {
    guard let table = tables[block] else { return nil }
    return table.rows.first { table.text($0, key) == wanted }.flatMap { table.text($0, column) }
  }
}
