internal import Catalogue

/// A table of the semantic model: a published view, with its figures as measures.
struct PowerBITable {
  let view: PublishedView
  let figures: [Figure]

  var file: KitFile {
    KitFile("payops.SemanticModel/definition/tables/\(view.name).tmdl", text)
  }

  private var text: String {
    var writer = TMDLWriter()
    writer.description(0, "\(view.purpose) Grain: \(view.grain)")
    writer.line(0, "table \(TMDLWriter.name(view.name))")
    writer.line(1, "lineageTag: \(StableIdentifier.uuid("powerbi", view.name))")
    for figure in figures {
      writer.gap()
      writer.description(1, figure.kpi.formula)
      writer.line(1, "measure \(TMDLWriter.name(measure(figure))) = \(expression(figure))")
      writer.line(2, "formatString: \(Self.format(of: figure.kpi.unit))")
      writer.line(2, "displayFolder: \(view.family)")
      writer.line(2, "lineageTag: \(StableIdentifier.uuid("powerbi", "measure", figure.kpi.name))")
    }
    for column in view.columns {
      writer.gap()
      writer.description(1, "\(column.meaning) [\(column.unit)]")
      writer.line(1, "column \(TMDLWriter.name(column.name))")
      writer.line(2, "dataType: \(Self.type(of: column.type))")
      if let format = Self.columnFormat(of: column) { writer.line(2, "formatString: \(format)") }
      writer.line(2, "lineageTag: \(StableIdentifier.uuid("powerbi", view.name, column.name))")
      writer.line(2, "summarizeBy: \(Self.summary(of: column))")
      writer.line(2, "sourceColumn: \(column.name)")
    }
    writer.gap()
    writer.line(1, "partition \(TMDLWriter.name(view.name)) = m")
    writer.line(2, "mode: import")
    writer.line(2, "source =")
    writer.line(4, "let")
    writer.line(4, "    Source = Odbc.Query(Connection, \"\(statement)\")")
    writer.line(4, "in")
    writer.line(4, "    Source")
    writer.gap()
    return writer.text
  }

  /// What the table holds: the usual excerpt of the view, of every dimension.
  var statement: String {
    let columns = view.columns.map { "`\($0.name)`" }.joined(separator: ", ")
    var text = "SELECT \(columns) FROM `\(view.name)`"
    // A dimension is there whole, whatever the facts show.
    if view.family != "dim", let window = ViewScope(view).window, let time = view.timeColumn {
      text += " WHERE `\(time)` >= UTC_TIMESTAMP() - INTERVAL \(window.count) \(window.unit)"
    }
    return text
  }

  /// The name of a measure, which no column of its table may have, in any case of letters.
  private func measure(_ figure: Figure) -> String {
    let title = figure.label
    let isTaken = view.columns.contains { $0.name.lowercased() == title.lowercased() }
    return isTaken ? title + " (KPI)" : title
  }

  private func expression(_ figure: Figure) -> String {
    func column(_ name: String) -> String { "'\(view.name)'[\(name)]" }
    let value: String
    switch figure.aggregation {
    case .ratio(let ratio):
      value = "DIVIDE(SUM(\(column(ratio.numerator))), SUM(\(column(ratio.denominator))))"
    case .sum(let name): value = "SUM(\(column(name)))"
    case .min(let name): value = "MIN(\(column(name)))"
    case .max(let name): value = "MAX(\(column(name)))"
    case .single(let name): value = "SELECTEDVALUE(\(column(name)))"
    }
    guard !figure.scope.conditions.isEmpty else { return value }
    // Rows of several dimensions lie in one view; their sum would count each payment many times.
    let filters = figure.scope.conditions.map {
      "KEEPFILTERS(\(column($0.column)) = \"\($0.value)\")"
    }
    return "CALCULATE(\(value), \(filters.joined(separator: ", ")))"
  }

  private static func type(of type: String) -> String {
    switch type.split(whereSeparator: { "( ".contains($0) }).first.map(String.init) ?? "" {
    case "tinyint", "smallint", "mediumint", "int", "bigint", "year": "int64"
    // `decimal` of the model has four fraction digits; ratios have six.
    case "decimal": type.contains(",4)") ? "decimal" : "double"
    case "float", "double": "double"
    case "date", "datetime", "timestamp": "dateTime"
    default: "string"
    }
  }

  private static func summary(of column: PublishedView.Column) -> String {
    guard ["int64", "double", "decimal"].contains(type(of: column.type)) else { return "none" }
    return switch column.additive {
    case .sum: "sum"
    case .min: "min"
    case .max: "max"
    case .no: "none"
    }
  }

  private static func columnFormat(of column: PublishedView.Column) -> String? {
    switch type(of: column.type) {
    case "dateTime": column.type == "date" ? "yyyy-mm-dd" : "yyyy-mm-dd hh:nn:ss"
    case "string": nil
    default: column.unit == "id" || column.unit == "year" ? "0" : format(of: column.unit)
    }
  }

  private static func format(of unit: String) -> String {
    switch unit {
    case "ratio": "0.00%"
    case "amount", "amount days", "value": "#,0.00"
    case "ms", "points", "percent", "percentage points", "probability", "degrees": "#,0.###"
    default: "#,0"
    }
  }
}
