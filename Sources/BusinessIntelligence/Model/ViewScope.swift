package import Catalogue

/// Which rows of a view a report shows: the usual excerpt, read from the default filter.
///
/// `metric_date >= … - INTERVAL 30 DAY AND dimension = 'all'` is a window of 30 days and a
/// condition on `dimension`; tools have their own words for both.
package struct ViewScope: Sendable, Equatable {
  /// A span of time up to the present.
  package struct Window: Sendable, Equatable {
    /// How many units.
    package let count: Int
    /// minute, hour or day.
    package let unit: String
  }

  /// A column that must equal a text.
  package struct Condition: Sendable, Equatable {
    package let column: String
    package let value: String
  }

  /// The span; nil for all rows.
  package let window: Window?
  /// The conditions.
  package let conditions: [Condition]

  /// Reads the scope of a view. A time axis of minutes without a default filter is cut to a day.
  package init(_ view: PublishedView) {
    let filter = view.defaultFilter ?? ""
    var conditions: [Condition] = []
    for part in filter.split(separator: " AND ") {
      let words = part.split(separator: " ", maxSplits: 2)
      guard words.count == 3, words[1] == "=", words[2].hasPrefix("'"), words[2].hasSuffix("'")
      else { continue }
      conditions.append(
        Condition(column: String(words[0]), value: String(words[2].dropFirst().dropLast())))
    }
    self.conditions = conditions
    let words = filter.split { $0 == " " || $0 == ")" }
    if let place = words.firstIndex(of: "INTERVAL"), place + 2 < words.count,
      let count = Int(words[place + 1])
    {
      window = Window(count: count, unit: words[place + 2].lowercased())
    } else if let time = view.columns.first(where: { $0.name == view.timeColumn }),
      time.type.hasPrefix("datetime"), view.key.contains(time.name)
    {
      window = Window(count: 1, unit: "day")
    } else {
      window = nil
    }
  }
}
