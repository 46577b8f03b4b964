/// Rows and columns to show: the common source of tables, CSV and JSON.
package struct DataTable: Sendable, Equatable {
  /// A column.
  package struct Column: Sendable, Equatable {
    /// What a page that is too narrow may do to a column.
    package enum Role: Sendable, Equatable {
      /// It says which row this is, or is what the table is about: it stays to the last.
      case key
      /// A date, time, id, amount or name: it is shown whole or not at all.
      case value
      /// As ``value``, and the first to be left out.
      case minor
      /// Free text, which may be cut to a number of columns.
      case text(atLeast: Int)

      /// Free text that may be cut to a few words.
      package static let text = Role.text(atLeast: 12)
    }

    /// The heading, and the key in JSON.
    package let name: String
    /// Whether the values are numbers.
    package var isNumeric = false
    /// What a narrow page may do to it.
    package var role = Role.value
    /// What the values measure, which decides how people see them.
    package var measure = Measure.plain

    /// Makes a column.
    package init(
      name: String, isNumeric: Bool = false, role: Role = .value, measure: Measure = .plain
    ) {
      self.name = name
      self.isNumeric = isNumeric
      self.role = role
      self.measure = measure
    }
  }

  /// The columns.
  package var columns: [Column]
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

  /// The table with other roles of columns.
  ///
  /// - Parameter roles: the roles by name of column; others stay
  package func roles(_ roles: [String: Column.Role]) -> DataTable {
    var copy = self
    for place in copy.columns.indices {
      if let role = roles[columns[place].name] { copy.columns[place].role = role }
    }
    return copy
  }

  /// The table with what its columns measure.
  ///
  /// - Parameter measures: the measures by name of column; others stay
  package func measures(_ measures: [String: Measure]) -> DataTable {
    var copy = self
    for place in copy.columns.indices {
      if let measure = measures[columns[place].name] { copy.columns[place].measure = measure }
    }
    return copy
  }
}
