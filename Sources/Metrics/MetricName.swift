import Catalogue

/// The name of the metric of a column, by Prometheus' rules: base units at the end, no suffix that
/// another kind of metric has, instants instead of ages.
struct MetricName: Equatable {
  /// The base units, which end a name.
  static let units: Set<String> = ["seconds", "ratio", "bytes"]

  /// The name without prefix.
  let text: String
  /// What a value of the column is multiplied with.
  let factor: Double
  /// Whether values are instants.
  let isInstant: Bool
  /// Whether values are money, in a currency that a label names.
  var isAmount: Bool { text.hasSuffix("_amount") }

  private init(_ text: String, factor: Double = 1, isInstant: Bool = false) {
    self.text = text
    self.factor = factor
    self.isInstant = isInstant
  }

  /// The metric of a column.
  ///
  /// - Parameters:
  ///   - column: name of the column, or of the KPI
  ///   - unit: its unit in the catalogue
  ///   - subject: what the metric is about; the first words of its name
  /// - Returns: nil for a unit that is not measured: a text, an id, a position
  init?(_ column: String, unit: String, subject: String) {
    let base = Self.trimmed(column)
    switch unit {
    case "count": self.init(Self.joined(subject, base, nil))
    case "flag":
      self.init(Self.joined(subject, base.hasPrefix("is_") ? String(base.dropFirst(3)) : base, nil))
    case "amount": self.init(Self.joined(subject, base, "amount"))
    case "ratio": self.init(Self.joined(subject, base, "ratio"))
    case "percent": self.init(Self.joined(subject, base, "ratio"), factor: 0.01)
    case "bytes": self.init(Self.joined(subject, base, "bytes"))
    case "seconds": self.init(Self.joined(subject, base, "seconds"))
    case "ms": self.init(Self.joined(subject, base, "seconds"), factor: 0.001)
    case "minutes": self.init(Self.joined(subject, base, "seconds"), factor: 60)
    case "days": self.init(Self.joined(subject, base, "seconds"), factor: 86_400)
    case "time": self.init(Self.joined(subject, base, "timestamp_seconds"), isInstant: true)
    default: return nil
    }
  }

  /// The column without the suffix that repeats its unit.
  private static func trimmed(_ column: String) -> String {
    let suffixes = [
      "count", "amount", "rate", "ratio", "seconds", "ms", "days", "bytes", "at", "date",
    ]
    for suffix in suffixes where column.hasSuffix("_" + suffix) {
      return String(column.dropLast(suffix.count + 1))
    }
    return column
  }

  private static func joined(_ subject: String, _ base: String, _ unit: String?) -> String {
    // In this catalogue `total_count` counts all payments; `_total` is the end of a counter.
    let base = base == "total" ? "payments" : base
    let words = [subject, base == unit ? "" : base, unit ?? ""]
    return words.filter { !$0.isEmpty }.joined(separator: "_")
  }
}
