/// The measurements of one name, as Prometheus reads them.
package struct MetricFamily: Sendable, Equatable {
  /// What the values are.
  package enum Kind: String, Sendable {
    /// A value that rises and falls.
    case gauge
    /// A sum since some start, which only rises; its name ends in `_total`.
    case counter
    /// Cumulative counts by upper bound, with sum and count.
    case histogram
  }

  /// One value with its labels.
  package struct Sample: Sendable, Equatable {
    /// What follows the name of the family: `_bucket`, `_sum` or `_count` in a histogram, else empty.
    package let suffix: String
    /// The labels in order.
    package let labels: [Label]
    /// The value.
    package let value: Double

    /// Makes a sample.
    package init(_ value: Double, labels: [Label] = [], suffix: String = "") {
      self.value = value
      self.labels = labels
      self.suffix = suffix
    }
  }

  /// A label; its values are few and never those of a customer, an account or a payment.
  package struct Label: Sendable, Hashable {
    /// Its name.
    package let name: String
    /// Its value.
    package let value: String

    /// Makes a label.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The name, with its unit at the end.
  package let name: String
  /// What the values are.
  package let kind: Kind
  /// The base unit: `seconds`, `ratio`, `bytes`; nil for a pure number.
  package let unit: String?
  /// What it says, in one sentence.
  package let help: String
  /// The values.
  package var samples: [Sample]

  /// Describes a family; the unit is what the name ends in.
  package init(_ name: String, _ kind: Kind = .gauge, help: String, samples: [Sample] = []) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
    let words = name.split(separator: "_").filter { $0 != "total" }
    unit = words.last.map(String.init).flatMap { MetricName.units.contains($0) ? $0 : nil }
  }

  /// A family of one value without labels.
  package init(_ name: String, _ kind: Kind = .gauge, help: String, value: Double) {
    self.init(name, kind, help: help, samples: [Sample(value)])
  }
}
