import Tabular

/// Repeated measurements of one thing.
struct Sample: Sendable {
  /// The measurements in the order in which they were made.
  private(set) var values: [Double] = []

  /// Adds a measurement.
  mutating func add(_ value: Double) { values.append(value) }

  /// The value below which a share of the measurements lies (nearest rank); 0 for none.
  ///
  /// - Parameter share: 0.5 for the median.
  func percentile(_ share: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let rank = Int((share * Double(values.count)).rounded(.up))
    return values.sorted()[min(max(rank, 1), values.count) - 1]
  }

  /// The median.
  var median: Double { percentile(0.5) }
  /// The 95th percentile.
  var p95: Double { percentile(0.95) }
  /// The largest measurement; 0 for none.
  var maximum: Double { values.max() ?? 0 }

  /// Percentiles and all measurements, for the report; the unit is in the key around it.
  var json: JSON {
    [
      "p50": .figure(median), "p95": .figure(p95), "max": .figure(maximum),
      "runs": .integer(values.count), "values": .array(values.map(JSON.figure)),
    ]
  }
}
