/// Counts of observations by upper bound, for a family of kind histogram.
package struct MetricHistogram: Sendable {
  /// Upper bounds of the buckets, ascending, in the base unit; the last bucket has none.
  package let bounds: [Double]
  private var counts: [Int]
  private var sum = 0.0

  /// Makes an empty histogram.
  ///
  /// - Parameter bounds: upper bounds, ascending
  package init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// Adds an observation.
  package mutating func observe(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }

  /// Its samples with these labels.
  package func samples(_ labels: [MetricFamily.Label] = []) -> [MetricFamily.Sample] {
    var seen = 0
    var samples: [MetricFamily.Sample] = []
    for (place, count) in counts.enumerated() {
      seen += count
      let bound = place < bounds.count ? Exposition.text(of: bounds[place]) : "+Inf"
      samples.append(.init(Double(seen), labels: labels + [.init("le", bound)], suffix: "_bucket"))
    }
    samples.append(.init(sum, labels: labels, suffix: "_sum"))
    samples.append(.init(Double(seen), labels: labels, suffix: "_count"))
    return samples
  }
}
