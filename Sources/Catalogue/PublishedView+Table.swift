package import Tabular

extension PublishedView {
  /// The columns that show one KPI: when, of what (with the label of a number), its value, and the
  /// parts of which it is made.
  package func columns(of kpi: KPI) -> [String] {
    guard let value = kpi.value else { return [] }
    let ratio = columns.first { $0.name == value }?.ratio
    let wanted =
      [timeColumn].compactMap { $0 } + key + columns.map(\.name).filter { $0.hasSuffix("_label") }
      + [value]
      + (ratio.map { [$0.numerator, $0.denominator] } ?? [])
    var seen: Set<String> = []
    return wanted.filter { seen.insert($0).inserted }
  }

  /// Says of the columns of a table what a narrow page may do to them, and what they measure.
  ///
  /// - Parameters:
  ///   - table: rows of the view
  ///   - main: the columns that the table is about, beside time and key
  ///   - currency: the base currency
  package func described(
    _ table: DataTable, main: Set<String>, currency: String?
  ) -> DataTable {
    let known = Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var table = table
    for place in table.columns.indices {
      guard let column = known[table.columns[place].name] else { continue }
      table.columns[place].role = role(of: column, main: main)
      table.columns[place].measure = measure(of: column, currency: currency)
    }
    return table
  }

  /// The most characters of a name; longer texts are sentences.
  private static let longestName = 64

  private func role(of column: Column, main: Set<String>) -> DataTable.Column.Role {
    if column.name == timeColumn || key.contains(column.name) || main.contains(column.name) {
      return .key
    }
    // Parts of a figure tell less than the figure.
    if ["numerator", "denominator"].contains(column.name) { return .minor }
    guard column.unit == "text" else { return .value }
    let length = column.type.split(separator: "(").dropFirst().first
      .flatMap { Int($0.prefix { $0.isNumber }) }
    let isLong = column.type.hasSuffix("text") || length.map { $0 > Self.longestName } ?? false
    return isLong ? .text : .value
  }

  private func measure(of column: Column, currency: String?) -> Measure {
    let hasUnits = columns.contains { $0.name == "unit" }
    switch column.unit {
    case "count": return .count
    case "ratio": return .ratio
    case "amount":
      // Amounts in the currency of the row stand beside it.
      let isOwn =
        columns.contains { $0.name == "currency" } && !column.meaning.contains("base currency")
      return .amount(isOwn ? nil : currency)
    // Numerators and denominators of rates are counts or amounts.
    case "value" where hasUnits && !column.name.hasSuffix("value"): return .amount(nil)
    case "value" where hasUnits: return .named(by: "unit", currency: currency)
    case "percentage points": return .points
    case "percent": return .unit("%")
    case "seconds" where !column.name.hasSuffix("_seconds"): return .unit("s")
    case "ms" where !column.name.hasSuffix("_ms"): return .unit("ms")
    case "days" where !column.name.hasSuffix("_days"): return .unit("days")
    case "amount days": return .unit("\(currency ?? "amount") x days")
    default: return .plain
    }
  }
}
