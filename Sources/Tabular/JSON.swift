/// A JSON value that keeps the order of its keys and the exact digits of its numbers.
package enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number as written; a text that is not a JSON number is written as a string.
  case number(String)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// Makes a whole number.
  ///
  /// - Parameter value: the number
  /// - Returns: the number as JSON
  package static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

  /// Makes an object from pairs in their order.
  ///
  /// - Parameter pairs: the pairs
  /// - Returns: the object
  package static func pairs(_ pairs: KeyValuePairs<String, JSON>) -> JSON {
    .object(pairs.map { (key: $0.key, value: $0.value) })
  }

  /// Makes an array of one object per row; numeric columns give numbers with their digits kept.
  ///
  /// - Parameter table: the table
  /// - Returns: the array
  package static func rows(of table: DataTable) -> JSON {
    .array(
      table.rows.map { row in
        .object(
          zip(table.columns, row).map { column, cell in
            (
              key: column.name,
              value: cell.map { column.isNumeric ? .number($0) : .string($0) } ?? .null
            )
          })
      })
  }

  /// Makes a line with an object for each row (NDJSON).
  ///
  /// - Parameter table: the table
  /// - Returns: the lines, each with its end; empty without rows
  package static func recordLines(of table: DataTable) -> String {
    guard case .array(let records) = rows(of: table) else { return "" }
    return records.map { $0.compact + "\n" }.joined()
  }

  /// Makes an object of the first row of a table.
  ///
  /// - Parameter table: the table
  /// - Returns: the object; null when there is no row
  package static func firstRow(of table: DataTable) -> JSON {
    if case .array(let rows) = rows(of: table), let row = rows.first { return row }
    return .null
  }

  /// The value in one line.
  package var compact: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): isJSONNumber(text) ? text : Self.quoted(text)
    case .string(let text): Self.quoted(text)
    case .array(let values): "[" + values.map(\.compact).joined(separator: ",") + "]"
    case .object(let pairs):
      "{" + pairs.map { Self.quoted($0.key) + ":" + $0.value.compact }.joined(separator: ",") + "}"
    }
  }

  /// The value for people and line tools: an array has one line per element, an object one line per
  /// key.
  package var lines: String {
    switch self {
    case .array(let values) where !values.isEmpty:
      "[\n" + values.map { "  " + $0.compact }.joined(separator: ",\n") + "\n]\n"
    case .object(let pairs) where !pairs.isEmpty:
      "{\n"
        + pairs.map { "  " + Self.quoted($0.key) + ": " + $0.value.compact }
        .joined(separator: ",\n") + "\n}\n"
    default: compact + "\n"
    }
  }

  package static func == (left: JSON, right: JSON) -> Bool { left.compact == right.compact }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _
      where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028
        || scalar.value == 0x2029:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Whether a text is a number by the grammar of JSON (RFC 8259).
///
/// - Parameter text: the text
/// - Returns: true for `-0.50` and `1e5`, false for `007`, `.5`, `+1`, `NaN`
package func isJSONNumber(_ text: String) -> Bool {
  var rest = Substring(text)[...]
  func digits() -> Int {
    let run = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(run.count)
    return run.count
  }
  if rest.first == "-" { rest.removeFirst() }
  let startsWithZero = rest.first == "0"
  let whole = digits()
  guard whole > 0, !startsWithZero || whole == 1 else { return false }
  if rest.first == "." {
    rest.removeFirst()
    guard digits() > 0 else { return false }
  }
  if rest.first == "e" || rest.first == "E" {
    rest.removeFirst()
    if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
    guard digits() > 0 else { return false }
  }
  return rest.isEmpty
}
