#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A distribution on a logarithmic axis: counts as bars, percentiles as lines with their names, and
/// each outlier as a tick, since one bar of a thousandth would not be seen.
package struct HistogramChart: Chart {
  package static let kind = "histogram"

  /// One bucket.
  package struct Bucket: Sendable {
    let lower: Double
    let upper: Double
    let count: Double

    /// - Parameters:
    ///   - lower: its least value, above 0; a bucket from 0 begins where the axis does
    ///   - upper: the value where the next begins
    package init(lower: Double, upper: Double, count: Double) {
      self.lower = lower
      self.upper = upper
      self.count = count
    }
  }

  let title: String
  let buckets: [Bucket]
  let outliers: [Double]
  let percentiles: [(name: String, value: Double)]
  let quantity: Quantity

  package init(
    _ title: String, _ buckets: [Bucket], outliers: [Double] = [],
    percentiles: [(name: String, value: Double)] = [],
    quantity: Quantity = .number
  ) {
    self.title = title
    self.buckets = buckets.prefix(400).filter {
      $0.lower.isFinite && $0.upper.isFinite && $0.count.isFinite && $0.upper > max($0.lower, 0)
        && $0.count >= 0
    }
    self.outliers = Array(outliers.finite.filter { $0 > 0 }.prefix(500))
    self.percentiles = percentiles.filter { $0.value.isFinite && $0.value > 0 }.sorted {
      $0.value < $1.value
    }
    self.quantity = quantity
  }

  package var message: String {
    guard !buckets.isEmpty else { return "\(title): no data" }
    let total = buckets.reduce(0) { $0 + $1.count }
    return "\(title): \(Quantity.count.text(total)) values"
      + percentiles.map { ", \($0.name) \(quantity.text($0.value))" }.joined()
      + (outliers.isEmpty ? "" : ", \(outliers.count) outliers")
  }

  package func draw(width: Double) -> ChartMarks {
    let positive = buckets.flatMap { [$0.lower, $0.upper] }.filter { $0 > 0 } + outliers
    guard let low = positive.min(), let high = positive.max(), !buckets.isEmpty else {
      return nothing(width: width)
    }
    let names = min(percentiles.count, 6)
    let top = 8 + Double(names) * 14
    let base = top + 110
    var drawing = Drawing(width: width, height: base + 34)
    let (from, to) = (log10(low), max(log10(high), log10(low) + 0.01))
    func x(_ value: Double) -> Double {
      value > 0 ? (log10(value) - from) / (to - from) * width : 0
    }
    let most = buckets.map(\.count).max() ?? 0
    for bucket in buckets where most > 0 {
      let (left, right) = (x(bucket.lower), x(bucket.upper))
      let height = bucket.count / most * 104
      drawing.rect(
        left, base - max(height, bucket.count > 0 ? 1 : 0), max(right - left - 1, 0.75),
        max(height, bucket.count > 0 ? 1 : 0),
        .step(3),
        title:
          "\(quantity.text(bucket.lower)) to \(quantity.text(bucket.upper)): \(Quantity.count.text(bucket.count))"
      )
    }
    drawing.line(0, base, width, base, .muted)
    for (index, percentile) in percentiles.suffix(6).enumerated() {
      let at = x(percentile.value)
      let line = 11 + Double(index) * 14
      drawing.line(at, line - 8, at, base, .text, dash: "2 3")
      let words = "\(percentile.name) \(quantity.text(percentile.value))"
      let isRight = at + TextWidth.of(words, size: 11) + 6 > width
      drawing.text(
        words, isRight ? at - 4 : at + 4, line, size: 11, anchor: isRight ? .end : .start)
    }
    for value in outliers {
      drawing.line(
        x(value), base + 3, x(value), base + 11, .tone(.warning), width: 1.5,
        title: "outlier \(quantity.text(value))")
    }
    axis(from: from, to: to, base: base, x: x, into: &drawing)
    return ChartMarks(drawing)
  }

  /// Powers of ten, as many as have room.
  private func axis(
    from: Double, to: Double, base: Double, x: (Double) -> Double, into drawing: inout Drawing
  ) {
    let powers = stride(from: from.rounded(.up), through: to.rounded(.down), by: 1)
    let every = max(1, Int((Double(Array(powers).count) * 52 / drawing.width).rounded(.up)))
    var end = -10.0
    for (index, power) in powers.enumerated() where index % every == 0 {
      let value = pow(10, power)
      let words = quantity.text(value)
      let half = TextWidth.of(words, size: 10) / 2
      let at = min(max(x(value), half), drawing.width - half)
      guard at - half > end else { continue }
      drawing.line(x(value), base, x(value), base + 3, .muted)
      drawing.text(words, at, base + 25, .muted, size: 10, anchor: .middle)
      end = at + half + 8
    }
  }
}
