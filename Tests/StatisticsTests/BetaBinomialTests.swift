import Foundation
import Statistics
import Testing

@Suite("Beta-binomial distribution")
struct BetaBinomialTests {
  @Test("a beta-binomial with α = β = 1 gives every count the same probability")
  func uniform() {
    let distribution = BetaBinomial(trials: 9, alpha: 1, beta: 1)
    for k in 0...9 {
      #expect(abs(exp(distribution.logProbability(k)) - 0.1) < 1e-13)
      #expect(abs(distribution.upperTail(k) - Double(10 - k) / 10) < 1e-13)
      #expect(abs(distribution.lowerTail(k) - Double(k + 1) / 10) < 1e-13)
    }
    #expect(distribution.upperTail(10) == 0 && distribution.lowerTail(-1) == 0)
  }

  @Test(
    "beta-binomial tails equal brute-force sums, and its limits follow from its tails",
    arguments: [(20, 0.5, 3.0), (300, 4, 90), (300, 400, 9000), (1000, 0.5, 0.5)])
  func bruteForce(trials: Int, alpha: Double, beta: Double) {
    let distribution = BetaBinomial(trials: trials, alpha: alpha, beta: beta)
    let all = (0...trials).map { exp(distribution.logProbability($0)) }
    #expect(abs(CompensatedSum(all).value - 1) < 1e-11)
    let mean = CompensatedSum(all.enumerated().map { Double($0) * $1 }).value
    #expect(abs(mean / distribution.mean - 1) < 1e-10)
    let squares = all.enumerated().map { (Double($0) - mean) * (Double($0) - mean) * $1 }
    #expect(abs(CompensatedSum(squares).value / distribution.variance - 1) < 1e-9)
    for k in stride(from: 0, through: trials, by: 7) {
      let above = CompensatedSum(all[k...].reversed()).value
      let below = CompensatedSum(all[...k]).value
      #expect(abs(distribution.upperTail(k) - above) < 1e-10 * above + 1e-13)
      #expect(abs(distribution.lowerTail(k) - below) < 1e-10 * below + 1e-13)
    }
    let (low, high) = (distribution.lowerLimit(0.01), distribution.upperLimit(0.01))
    #expect(distribution.upperTail(high + 1) < 0.01)
    #expect(high == 0 || distribution.upperTail(high) >= 0.01)
    #expect(distribution.lowerTail(low - 1) < 0.01)
    #expect(low == trials || distribution.lowerTail(low) >= 0.01)
  }

  @Test("the beta-binomial approaches the binomial when the rate is well known")
  func binomialLimit() {
    let distribution = BetaBinomial(trials: 40, alpha: 2e8, beta: 8e8)
    for k in 0...40 {
      let exact = BetaFunctionTests.binomial(k, 40, 0.2)
      #expect(abs(exp(distribution.logProbability(k)) / exact - 1) < 1e-5)
    }
  }
}

@Suite("False discovery rate")
struct FalseDiscoveryTests {
  // The fifteen p-values of section 3.2 of Benjamini and Hochberg (1995).
  private let paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
    0.6528, 0.7590, 1.0,
  ]

  @Test("false discovery control finds the first four of the paper's fifteen hypotheses")
  func paperExample() {
    func found(_ pValues: [Double]) -> [Int] {
      let adjusted = FalseDiscovery(pValues).adjusted
      return adjusted.indices.filter { adjusted[$0] <= 0.05 }
    }
    #expect(found(paper) == [0, 1, 2, 3])
    #expect(found(paper.reversed()) == [11, 12, 13, 14])
    // Separate tests would have found nine.
    #expect(paper.filter { $0 < 0.05 }.count == 9)
  }

  @Test("p-values are adjusted by the definition, without those that are missing")
  func definition() {
    let adjusted = FalseDiscovery(paper).adjusted
    for (i, value) in adjusted.enumerated() {
      let least = (i..<15).map { paper[$0] * 15 / Double($0 + 1) }.min() ?? 1
      #expect(abs(value - min(1, least)) < 1e-15)
    }
    #expect(FalseDiscovery([0.04, .nan, 0.03]).adjusted == [0.04, 1, 0.04])
    #expect(FalseDiscovery([]).adjusted.isEmpty)
  }
}
