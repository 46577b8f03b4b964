import Catalogue

/// A published view whose rows become metrics: the columns that are labels, and those left out.
///
/// Units, meanings and types come from the catalogue, so a new column of a view is a new metric.
struct MetricSource: Sendable {
  /// How rows become values.
  enum Shape: Sendable {
    /// Each number of a row, with the labels of the row.
    case rows
    /// The number of rows with the same labels under this name, and sums of columns.
    case counted(name: String, help: String, sums: [String])
    /// A value of each row under the name and in the unit that stand in the row.
    case named(by: String, unit: String, value: String)
  }

  /// The view.
  let view: String
  /// The first words of the names.
  let subject: String
  /// The columns that become labels.
  let labels: [String]
  /// How rows become values.
  var shape = Shape.rows
  /// Columns that are no metrics: ages whose instant stands beside them, and forecasts.
  var omitted: Set<String> = []
  /// The values of a label that are read; all when it has none here. Those without rows are 0.
  var members: [String: [String]] = [:]
  /// A further condition; nil for all rows.
  var condition: String?
  /// Other words for a column than its own.
  var words: [String: String] = [:]

  /// The columns that become metrics of their own.
  func measured(in view: PublishedView) -> [(column: PublishedView.Column, name: MetricName)] {
    let wanted: (PublishedView.Column) -> Bool = { column in
      switch shape {
      case .rows: !labels.contains(column.name) && !omitted.contains(column.name)
      case .counted(_, _, let sums): sums.contains(column.name)
      case .named: false
      }
    }
    return view.columns.filter(wanted).compactMap { column in
      MetricName(words[column.name] ?? column.name, unit: column.unit, subject: subject)
        .map { (column, $0) }
    }
  }

  /// The statement that reads it.
  ///
  /// - Parameter limit: the most rows
  func statement(_ view: PublishedView, limit: Int) -> String {
    let measured = measured(in: view).map(\.column.name)
    var fields = labels
    var tail = ""
    switch shape {
    case .rows: fields += measured
    case .counted(_, _, let sums):
      fields += ["COUNT(*) AS row_count"] + sums.map { "SUM(\($0)) AS \($0)" }
      tail = labels.isEmpty ? "" : " GROUP BY " + labels.joined(separator: ", ")
    case .named(let name, let unit, let value): fields += [name, unit, value]
    }
    var conditions = members.sorted { $0.key < $1.key }.map { label, values in
      "\(label) IN (" + values.map { "'\($0)'" }.joined(separator: ", ") + ")"
    }
    if let condition { conditions.append(condition) }
    let text = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return "SELECT \(fields.joined(separator: ", ")) FROM \(view.name)\(text)\(tail) LIMIT \(limit)"
  }
}
