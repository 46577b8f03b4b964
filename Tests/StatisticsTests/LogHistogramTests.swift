import Statistics
import Testing

@Suite("Logarithmic histogram")
struct LogHistogramTests {
  @Test("estimates quantiles within the stated relative error", arguments: 0..<30)
  func errorBound(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 5)
    let alpha = [0.05, 0.01, 0.2][seed % 3]
    // A heavy tail: the product of uniforms spans many bins.
    let values = (0..<Int.random(in: 1...3000, using: &random)).map { _ in
      1 + 1e4 * Double.random(in: 0...1, using: &random) * Double.random(in: 0...1, using: &random)
        * Double.random(in: 0...1, using: &random)
    }.sorted()
    var histogram = LogHistogram(relativeAccuracy: alpha)
    for value in values { histogram.add(value) }
    for percent in [0, 1, 7, 25, 50, 90, 95, 99, 100] {
      let rank = max(1, (percent * values.count + 99) / 100)
      let truth = values[rank - 1]
      let estimate = try #require(histogram.quantile(Double(percent) / 100))
      #expect(abs(estimate - truth) <= alpha * truth * (1 + 1e-9))
    }
  }

  @Test("puts values up to 1 into bin 0 and others by the ceiling of the logarithm")
  func bins() {
    let histogram = LogHistogram()
    #expect(abs(histogram.gamma - 1.05 / 0.95) < 1e-15)
    #expect([0, 0.5, 1, -3, .nan].map(histogram.bin(of:)) == [0, 0, 0, 0, 0])
    #expect([1.0001, 1.10, 1.11, 250, 30_000].map(histogram.bin(of:)) == [1, 1, 2, 56, 104])
    #expect(abs(histogram.value(of: 0) - 0.95) < 1e-15)
  }

  @Test("of merged counts equals that of all values")
  func merging() {
    var left = LogHistogram()
    var right = LogHistogram()
    var both = LogHistogram()
    for value in 1...500 {
      if value % 3 == 0 { left.add(Double(value)) } else { right.add(Double(value)) }
      both.add(Double(value))
    }
    left.merge(right)
    #expect(left == both)
    #expect(left.count == 500)
  }

  @Test("adds up pairs of one bin and ignores empty ones")
  func pairs() throws {
    let histogram = LogHistogram([
      (bin: 3, count: 2), (bin: 10, count: 0), (bin: 3, count: 3), (bin: 9, count: -4),
    ])
    #expect(histogram.counts == [3: 5])
    #expect(histogram.quantile(1) == histogram.value(of: 3))
  }

  @Test("has no quantile when empty or asked for a share outside 0 to 1")
  func empty() {
    #expect(LogHistogram().quantile(0.5) == nil)
    var histogram = LogHistogram()
    histogram.add(2)
    #expect(histogram.quantile(1.1) == nil)
    #expect(histogram.quantile(-0.1) == nil)
    #expect(histogram.quantile(.nan) == nil)
  }
}
