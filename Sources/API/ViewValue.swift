internal import Catalogue
internal import Tabular

/// Values of views as JSON: numbers with all their digits, times as RFC 3339.
enum ViewValue {
  static func json(_ cell: String?, of column: PublishedView.Column) -> JSON {
    guard let cell else { return .null }
    if isNumeric(column.type) { return .number(cell) }
    if isTime(column.type) { return .string(APITime.text(cell)) }
    return .string(cell)
  }

  /// Whether a type of the server holds numbers.
  static func isNumeric(_ type: String) -> Bool {
    ["tinyint", "smallint", "int", "mediumint", "bigint", "decimal", "double", "float", "year"]
      .contains { type == $0 || type.hasPrefix($0 + "(") || type.hasPrefix($0 + " ") }
  }

  /// Whether a type of the server holds instants.
  static func isTime(_ type: String) -> Bool {
    type.hasPrefix("datetime") || type.hasPrefix("timestamp")
  }
}
