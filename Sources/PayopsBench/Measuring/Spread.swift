import Tabular

/// The median of some measurements and their range.
struct Spread: Sendable, Equatable {
  /// The measurements in the order in which they were made.
  let values: [Double]

  /// The mean of the two in the middle where their number is even; 0 for none.
  var median: Double {
    let sorted = values.sorted()
    guard let last = sorted.last else { return 0 }
    let middle = sorted.count / 2
    if sorted.count == 1 { return last }
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
  /// The smallest; 0 for none.
  var low: Double { values.min() ?? 0 }
  /// The largest; 0 for none.
  var high: Double { values.max() ?? 0 }

  /// Median, smallest, largest and all values; the unit is in the key around it.
  var json: JSON {
    [
      "median": .figure(median), "low": .figure(low), "high": .figure(high),
      "values": .array(values.map(JSON.figure)),
    ]
  }

  /// The median with the range in brackets: `1.08 (1.02–1.15)`.
  func text(_ decimals: Int) -> String {
    let middle = Figure.fixed(median, decimals)
    guard values.count > 1 else { return middle }
    return "\(middle) (\(Figure.fixed(low, decimals))–\(Figure.fixed(high, decimals)))"
  }
}
