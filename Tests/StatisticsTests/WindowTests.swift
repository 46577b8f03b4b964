import Foundation
import Statistics
import Testing

@Suite("Windows")
struct WindowTests {
  @Test(
    "moments and quantiles of a window equal those of the last values, recomputed",
    arguments: 1...12)
  func bruteForce(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let capacity = [1, 2, 3, 7, 20, 50][seed % 6]
    var moments = WindowMoments(capacity: capacity)
    var sorted = SortedWindow(capacity: capacity)
    var values: [Double] = []
    for _ in 0..<160 {
      // Ties are frequent, and a common offset is large.
      values.append(1e8 + Double(Int.random(in: 0...9, using: &random)))
      moments.add(values[values.count - 1])
      sorted.add(values[values.count - 1])
      let last = Array(values.suffix(capacity))
      let expected = RunningMoments(last)
      #expect(moments.count == last.count && sorted.count == last.count)
      #expect(abs(moments.moments.mean - expected.mean) < 1e-6)
      #expect(abs(moments.moments.sumOfSquares - expected.sumOfSquares) < 1e-5)
      #expect(sorted.sorted == last.sorted())
      let median = try #require(sorted.median)
      #expect(median == Self.median(last))
      let centre = median + Double(Int.random(in: -1...1, using: &random))
      #expect(
        sorted.medianAbsoluteDeviation(from: centre) == Self.median(last.map { abs($0 - centre) }))
    }
  }

  @Test("a window without a limit holds everything; an empty one has no quantile")
  func edges() {
    var all = WindowMoments(capacity: 0)
    for value in 1...1000 { all.add(Double(value)) }
    #expect(all.count == 1000 && all.moments.mean == 500.5)
    let empty = SortedWindow(capacity: 5)
    #expect(empty.median == nil && empty.medianAbsoluteDeviation(from: 0) == nil)
    var four = SortedWindow(capacity: 4)
    for value in [1.0, 2, 3, 4] { four.add(value) }
    #expect(four.quantile(0.25) == 1.75 && four.quantile(1) == 4 && four.quantile(1.1) == nil)
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2
  }
}
