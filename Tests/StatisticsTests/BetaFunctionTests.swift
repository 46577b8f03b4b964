import Foundation
import Statistics
import Testing

@Suite("Gamma and beta functions")
struct BetaFunctionTests {
  @Test("the logarithm of gamma has 14 correct digits, from tiny to huge arguments")
  func logGamma() {
    #expect(abs(BetaFunction.logGamma(0.5) - 0.5 * log(Double.pi)) < 1e-14)
    #expect(abs(BetaFunction.logGamma(10) - log(362_880)) < 1e-13)
    #expect(abs(BetaFunction.logGamma(1)) < 1e-14 && abs(BetaFunction.logGamma(2)) < 1e-14)
    // ln(170!) by summation.
    let factorial = CompensatedSum((1...170).map { log(Double($0)) }).value
    #expect(abs(BetaFunction.logGamma(171) / factorial - 1) < 1e-14)
    for x in [1e-8, 0.1, 3.7, 15.999, 16, 123.4, 1e6, 1e12] {
      var sign: Int32 = 0
      let reference = lgamma_r(x, &sign)
      #expect(abs(BetaFunction.logGamma(x) - reference) <= 1e-14 * max(1, abs(reference)), "\(x)")
    }
    #expect(BetaFunction.logGamma(0).isNaN && BetaFunction.logGamma(-1).isNaN)
  }

  @Test("the logarithm of beta keeps the digits that a difference of gammas loses")
  func logBeta() {
    // B(1, b) = 1/b and B(2, b) = 1/(b (b + 1)).
    for b in [0.5, 3, 20, 1e3, 1e9, 1e14] {
      #expect(abs(BetaFunction.logBeta(1, b) + log(b)) < 1e-13 * max(1, log(b)), "\(b)")
      #expect(abs(BetaFunction.logBeta(b, 2) + log(b) + log(b + 1)) < 2e-13 * max(1, log(b)))
    }
    // B(a, b) (a + b) = a + b times, exactly: B(a + 1, b) = B(a, b) a / (a + b).
    for (a, b) in [(20.0, 30.0), (1e6, 2e6), (17, 1e9), (1e9, 1e9)] {
      let ratio = BetaFunction.logBeta(a + 1, b) - BetaFunction.logBeta(a, b)
      #expect(abs(ratio - log(a / (a + b))) < 1e-6 * abs(ratio), "\(a) \(b)")
    }
    let naive =
      BetaFunction.logGamma(1) + BetaFunction.logGamma(1e14) - BetaFunction.logGamma(1e14 + 1)
    #expect(abs(naive + log(1e14)) > 1e-3, "the negative control must fail")
  }

  @Test(
    "the incomplete beta function equals binomial sums",
    arguments: [(10, 0.3), (50, 0.01), (200, 0.7)])
  func incompleteBeta(trials: Int, rate: Double) {
    for k in 1...trials {
      // P(X ≥ k) = I_p(k, n − k + 1).
      let sum = CompensatedSum((k...trials).map { Self.binomial($0, trials, rate) }).value
      let beta = BetaFunction.regularizedIncomplete(rate, Double(k), Double(trials - k + 1))
      #expect(abs(beta - sum) <= 1e-11 * sum + 1e-300, "\(k)")
      let complement = BetaFunction.regularizedComplement(rate, Double(k), Double(trials - k + 1))
      #expect(abs(beta + complement - 1) < 1e-13)
      if beta > 1e-250, beta < 0.999999 {
        let x = BetaFunction.inverse(beta, Double(k), Double(trials - k + 1))
        #expect(abs(x / rate - 1) < 1e-9)
      }
    }
    #expect(BetaFunction.regularizedIncomplete(0.2, 1, 1) == 0.2 || abs(0.2 - 0.2) < 1e-15)
  }

  static func binomial(_ k: Int, _ n: Int, _ p: Double) -> Double {
    var product = 1.0
    // Interleaved so that nothing underflows or overflows for the sizes used here.
    var losses = n - k
    for index in 0..<k {
      product *= Double(n - index) / Double(k - index) * p
      while product > 1, losses > 0 {
        product *= 1 - p
        losses -= 1
      }
    }
    return product * pow(1 - p, Double(losses))
  }
}
