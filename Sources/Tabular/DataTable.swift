/// Rows and columns to show: the common source of tables, CSV and JSON.
package struct DataTable: Sendable, Equatable {
  /// A column.
  package struct Column: Sendable, Equatable {
    /// The heading, and the key in JSON.
    package let name: String
    /// Whether the values are numbers.
    package var isNumeric = false

    /// Makes a column.
    package init(name: String, isNumeric: Bool = false) {
      self.name = name
      self.isNumeric = isNumeric
    }
  }

  /// The columns.
  package let columns: [Column]
  /// The rows, each as long as ``columns``; nil is NULL.
  package var rows: [[String?]]

  /// Makes a table.
  package init(columns: [Column], rows: [[String?]]) {
    self.columns = columns
    self.rows = rows
  }

  /// Each row as values by column name, without NULL.
  package var records: [[String: String]] {
    rows.map { row in
      var record: [String: String] = [:]
      for (column, cell) in zip(columns, row) { record[column.name] = cell }
      return record
    }
  }
}
