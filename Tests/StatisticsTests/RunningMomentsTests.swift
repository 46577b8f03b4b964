import Statistics
import Testing

@Suite("Running moments")
struct RunningMomentsTests {
  @Test("running moments agree with two passes over compensated sums", arguments: 0..<60)
  func agreeWithTwoPasses(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let offset = [0, 1, -1e6, 1e9, 1e12][seed % 5]
    let scale = [1e-3, 1, 1e3][seed % 3]
    let values = (0..<Int.random(in: 2...400, using: &random)).map { _ in
      offset + scale * Double.random(in: -1...1, using: &random)
    }
    let expected = TwoPass(values)
    let moments = RunningMoments(values)
    // Half a unit in the last place of the values themselves bounds what any method can see.
    let resolution = abs(offset) * 0x1p-52 * 4 + scale * 1e-12
    #expect(abs(moments.mean - expected.mean) <= resolution)
    let sample = try #require(moments.sampleStandardDeviation)
    #expect(abs(sample - expected.sampleDeviation) <= resolution * 4)
  }

  @Test("running moments keep the spread beside a large offset, unlike a sum of squares")
  func largeOffset() throws {
    let values = [4.0, 7, 13, 16].map { $0 + 1e9 }
    let deviation = try #require(RunningMoments(values).sampleVariance)
    #expect(abs(deviation - 30) < 1e-6)
    let naive =
      values.reduce(0) { $0 + $1 * $1 } / 4 - (values.reduce(0, +) / 4) * (values.reduce(0, +) / 4)
    #expect(abs(naive * 4 / 3 - 30) > 1, "the negative control must fail")
  }

  @Test("merged moments are those of the joined sample", arguments: 0..<20)
  func merging(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 1000)
    let values = (0..<100).map { _ in Double.random(in: 1e6...1e6 + 10, using: &random) }
    let cut = seed * 5
    var merged = RunningMoments(values[..<cut])
    merged.merge(RunningMoments(values[cut...]))
    let whole = RunningMoments(values)
    #expect(merged.count == whole.count)
    #expect(abs(merged.mean - whole.mean) < 1e-8)
    #expect(abs(merged.sumOfSquares - whole.sumOfSquares) < 1e-6)
  }

  @Test("leave-one-out moments equal those of the other values", arguments: 0..<20)
  func leaveOneOut(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 2000)
    let values = (0..<50).map { _ in Double.random(in: 0...1000, using: &random) }
    let all = RunningMoments.leaveOneOut(of: values)
    #expect(all.count == values.count)
    for (index, moments) in all.enumerated() {
      var others = values
      others.remove(at: index)
      let expected = TwoPass(others)
      #expect(moments.count == 49)
      #expect(abs(moments.mean - expected.mean) < 1e-9)
      #expect(abs(try #require(moments.sampleStandardDeviation) - expected.sampleDeviation) < 1e-9)
      var removed = RunningMoments(values)
      removed.remove(values[index])
      #expect(abs(removed.mean - expected.mean) < 1e-9)
      #expect(abs(removed.sumOfSquares - moments.sumOfSquares) < 1e-6)
    }
  }

  @Test("a constant baseline without its giant has a spread of exactly 0")
  func giant() throws {
    let values = [0.1, 0.1, 1e15, 0.1, 0.1]
    let others = RunningMoments.leaveOneOut(of: values)[2]
    #expect(others.sampleStandardDeviation == 0)
    #expect(others.mean == 0.1)
  }

  @Test("a sample that is too small has no variance")
  func smallSamples() {
    var moments = RunningMoments()
    #expect(moments.sampleVariance == nil)
    moments.add(3)
    #expect(moments.sampleStandardDeviation == nil)
    moments.remove(3)
    #expect(moments == RunningMoments())
    #expect(RunningMoments.leaveOneOut(of: []).isEmpty)
  }
}

/// Mean and deviations by two passes over Neumaier sums: the reference.
private struct TwoPass {
  let mean: Double
  let sampleDeviation: Double

  init(_ values: [Double]) {
    let origin = values[0]
    let count = Double(values.count)
    let shift = Self.sum(values.map { $0 - origin }) / count
    mean = origin + shift
    let squares = Self.sum(values.map { ($0 - origin - shift) * ($0 - origin - shift) })
    sampleDeviation = (squares / (count - 1)).squareRoot()
  }

  private static func sum(_ values: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for value in values {
      let next = sum + value
      lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
      sum = next
    }
    return sum + lost
  }
}

/// A seeded source of random numbers (SplitMix64).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
