/// Rows and columns to be shown: the common source of tables, CSV and JSON.
struct DataTable: Sendable, Equatable {
  /// A column.
  struct Column: Sendable, Equatable {
    /// The heading, and the key in JSON.
    let name: String
    /// Whether the values are numbers.
    var isNumeric = false
  }

  /// The columns.
  let columns: [Column]
  /// The rows, each as long as ``columns``; nil is NULL.
  var rows: [[String?]]

  /// The rows by the names of their columns, without what is NULL.
  var records: [[String: String]] {
    rows.map { row in
      var record: [String: String] = [:]
      for (column, cell) in zip(columns, row) { record[column.name] = cell }
      return record
    }
  }
}

/// The forms in which a ``DataTable`` can be printed.
enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case json
  case csv

  /// The option that chooses a form.
  static let option = Option.choice(
    "format", "KIND", allCases.map(\.rawValue), "print as table (default), json or csv")
}

extension Invocation {
  /// The form asked for by --format; nil when that was not given.
  var format: OutputFormat? { self[OutputFormat.option].flatMap(OutputFormat.init) }
}
