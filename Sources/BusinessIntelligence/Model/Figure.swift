package import Catalogue

/// A KPI as every tool shows it: which view, which columns divide it, and how rows add up.
///
/// Made from a row of `kpi_catalog` and the columns of its view, so that a new KPI needs no code.
package struct Figure: Sendable, Equatable {
  /// How values of several rows become one.
  package enum Aggregation: Sendable, Equatable {
    /// The sum of a column over the sum of another.
    case ratio(PublishedView.Ratio)
    /// The sum, the least or the greatest value of a column.
    case sum(String)
    case min(String)
    case max(String)
    /// No aggregate is right: the value of the only row.
    case single(String)
  }

  /// The KPI.
  package let kpi: KPI
  /// The view that holds it.
  package let view: PublishedView
  /// How values of several rows become one.
  package let aggregation: Aggregation
  /// Which rows.
  package let scope: ViewScope
  /// The time axis; nil when the view has none, or single things have times.
  package let time: String?
  /// The columns that identify a row beside the time, with the labels of numbers.
  package let groups: [String]

  /// Makes the figure of a KPI; nil when the KPI is the rows of its view.
  package init?(_ kpi: KPI, in view: PublishedView) {
    guard kpi.isOneColumn, let column = view.columns.first(where: { $0.name == kpi.value }) else {
      return nil
    }
    self.kpi = kpi
    self.view = view
    scope = ViewScope(view)
    aggregation =
      switch (column.ratio, column.additive) {
      case (let ratio?, _): .ratio(ratio)
      case (nil, .sum): .sum(column.name)
      case (nil, .min): .min(column.name)
      case (nil, .max): .max(column.name)
      case (nil, .no): .single(column.name)
      }
    time = view.timeColumn.flatMap { view.key.contains($0) ? $0 : nil }
    let fixed = Set(scope.conditions.map(\.column)).union([time].compactMap { $0 })
    // Of the dimension `all` there is one member, which needs no label.
    let isWhole = scope.conditions.contains { $0 == .init(column: "dimension", value: "all") }
    // A course of each customer would be thousands of lines: what adds up is added up.
    var merged: Set<String> = isWhole ? ["member"] : []
    if time != nil, aggregation != .single(column.name) {
      merged.formUnion(view.columns.filter { $0.isPersonal || $0.unit == "id" }.map(\.name))
    }
    let keys = view.key.filter { !fixed.contains($0) && !merged.contains($0) }
    let labels = keys.filter { $0.hasSuffix("_number") }.map { $0.dropLast(6) + "label" }
    groups = keys + view.columns.map(\.name).filter { labels.contains($0[...]) }
  }

  /// The figure as an SQL expression over rows of the view.
  package var expression: String {
    switch aggregation {
    // Six decimals, as in the views; a quotient of counts would have four.
    case .ratio(let ratio):
      "1.000000 * SUM(\(ratio.numerator)) / NULLIF(SUM(\(ratio.denominator)), 0)"
    case .sum(let column): "SUM(\(column))"
    case .min(let column): "MIN(\(column))"
    case .max(let column): "MAX(\(column))"
    // One row a group: the greatest is the only one.
    case .single(let column): "MAX(\(column))"
    }
  }

  /// The name for people: `Success rate`.
  package var title: String {
    let words = kpi.name.replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
  /// The name with its unit, where tools have no format for it: `Settlement delay p95 (s)`.
  package var label: String {
    let unit: String? =
      switch kpi.unit {
      case "seconds": "s"
      case "amount": "base currency"
      case "amount days": "base currency x days"
      case "ms", "days", "bytes", "points", "percent": kpi.unit
      default: nil
      }
    return unit.map { "\(title) (\($0))" } ?? title
  }
}
