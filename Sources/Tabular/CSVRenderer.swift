/// Prints a ``DataTable`` as CSV (RFC 4180), safe to open in a spreadsheet.
package enum CSVRenderer {
  /// Renders a table with a heading line; NULL is an empty field, an empty text is `""`.
  ///
  /// - Parameter table: the table
  /// - Returns: records, each ended by CR LF
  package static func render(_ table: DataTable) -> String {
    var text = record(table.columns.map { field($0.name, isNumeric: false) })
    for row in table.rows {
      text += record(
        zip(row, table.columns).map { cell, column in
          cell.map { field($0, isNumeric: column.isNumeric) } ?? ""
        })
    }
    return text
  }

  private static func record(_ fields: [String]) -> String {
    fields.joined(separator: ",") + "\r\n"
  }

  /// Renders one field.
  ///
  /// - Parameters:
  ///   - text: the value
  ///   - isNumeric: whether the column holds numbers, which are not changed
  /// - Returns: the field, neutralised and quoted where needed
  package static func field(_ text: String, isNumeric: Bool) -> String {
    let safe = isNumeric && isJSONNumber(text) ? text : neutralised(text)
    let mustQuote =
      safe.isEmpty || safe.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    return mustQuote ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
  }

  /// Puts an apostrophe before each line that a spreadsheet would take for a formula.
  private static func neutralised(_ text: String) -> String {
    var result = ""
    var isLineStart = true
    for scalar in text.unicodeScalars {
      if isLineStart, "=+-@\t\r".unicodeScalars.contains(scalar) {
        result = quoteLine(result)
        isLineStart = false
      }
      result.unicodeScalars.append(scalar)
      // Blanks before the sign do not make it harmless.
      if scalar == "\n" || scalar == "\r" {
        isLineStart = true
      } else if scalar != " " {
        isLineStart = false
      }
    }
    return result
  }

  private static func quoteLine(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    let start = scalars.lastIndex { $0 == "\n" || $0 == "\r" }.map { $0 + 1 } ?? 0
    var result = String.UnicodeScalarView(scalars[..<start])
    result.append("'")
    result.append(contentsOf: scalars[start...])
    return String(result)
  }
}
