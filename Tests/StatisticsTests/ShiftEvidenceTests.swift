import Foundation
import PayopsCore
import Testing

@testable import Statistics

@Suite("Evidence for a change that is looked for")
struct ShiftEvidenceTests {
  private func rateModel(shift: Double) -> RateModel {
    var model = RateModel(tail: 0.00135, weight: 0, isOverdispersed: false, shift: shift)
    for index in 0..<1000 {
      model.absorb(SeriesPoint(index % 5 == 0 ? 0.2 : 0, volume: 10))
    }
    return model
  }

  @Test("the evidence of a single payment is the ratio of the rates")
  func singlePayment() throws {
    let model = rateModel(shift: 0.5)
    let rate = (400 + 0.5) / 10_001
    #expect(abs(model.rate - rate) < 1e-12)
    let failed = try #require(model.assess(SeriesPoint(1, volume: 1))?.evidence)
    let fine = try #require(model.assess(SeriesPoint(0, volume: 1))?.evidence)
    #expect(abs(failed - log10((rate + 0.5) / rate)) < 1e-6)
    #expect(abs(fine - log10((0.5 - rate) / (1 - rate))) < 1e-6)
  }

  @Test("the evidence of several payments is the ratio of two beta-binomial probabilities")
  func severalPayments() throws {
    for shift in [0.3, 0.9999, -0.03] {
      let model = rateModel(shift: shift)
      let changed = min(0.999, model.rate + shift)
      let concentration = 10_002.0 - 1
      func logProbability(_ k: Double, of n: Double, _ rate: Double) -> Double {
        let (a, b) = (rate * concentration, (1 - rate) * concentration)
        return lgamma(k + a) + lgamma(n - k + b) - lgamma(n + a + b) - lgamma(a) - lgamma(b)
          + lgamma(a + b)
      }
      for k in 0...7 {
        let expected =
          (logProbability(Double(k), of: 7, changed) - logProbability(Double(k), of: 7, model.rate))
          / log(10)
        let found = try #require(
          model.assess(SeriesPoint(Double(k) / 7, volume: 7))?.evidence)
        #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)))
      }
    }
  }

  @Test("a detector that looks for no change gives no evidence")
  func none() throws {
    #expect(rateModel(shift: 0).assess(SeriesPoint(1, volume: 1))?.evidence == nil)
    var detector = try DetectorConfiguration("seasonal").makeDetector()
    for index in 0..<100 { _ = detector.judge(SeriesPoint(Double(index % 7))) }
    #expect(detector.judge(SeriesPoint(3)).evidence == nil)
  }

  @Test("the sum of evidence rarely grows by chance, and soon after the change")
  func runLength() {
    let limit = 3.0
    var random = SeededRandom(seed: 20_261_122, stream: "evidence")
    var model = RateModel(tail: 0.00135, weight: 0, isOverdispersed: false, shift: 0.5)
    for _ in 0..<10_000 {
      model.absorb(SeriesPoint(random.unit() < 0.03 ? 1 : 0, volume: 1))
    }
    func steps(rate: Double, atMost bound: Int) -> Int {
      var sum = 0.0
      for step in 1...bound {
        let value = random.unit() < rate ? 1.0 : 0
        sum = max(0, sum + (model.assess(SeriesPoint(value, volume: 1))?.evidence ?? 0))
        if sum >= limit { return step }
      }
      return bound
    }
    // At least 10^h steps apart on average while nothing changed.
    let quiet = (0..<40).map { _ in steps(rate: 0.03, atMost: 20_000) }
    #expect(quiet.reduce(0, +) > 40 * 1000)
    let changed = (0..<200).map { _ in steps(rate: 0.85, atMost: 1000) }
    #expect(changed.reduce(0, +) < 200 * 6)
  }

  private func day(_ minute: Int) -> SeasonSlot {
    SeasonSlot(dayKind: .business, weekday: 0, hour: minute / 60 % 24)
  }

  @Test("the evidence of a volume is zero halfway between the levels, and symmetric around it")
  func seasonal() throws {
    var random = SeededRandom(seed: 3, stream: "volume")
    var model = SeasonalModel(
      sigmas: 3, shrinkage: 2, weight: 0.1, shift: -0.5, levelWeight: 0)
    for minute in 0..<20_000 {
      model.absorb(SeriesPoint(100 + 10 * (random.unit() - 0.5), slot: day(minute)))
    }
    func evidence(_ value: Double) throws -> Double {
      try #require(model.assess(SeriesPoint(value, slot: day(0)))?.evidence)
    }
    let expected = try #require(model.assess(SeriesPoint(0, slot: day(0)))?.expected)
    #expect(abs(try evidence(0.75 * expected)) < 1e-6)
    #expect(try evidence(0.5 * expected) > 10)
    #expect(abs(try evidence(0.5 * expected) + evidence(expected)) < 1e-6)
  }

  @Test("with a level weight a quiet day scales the week, and a sudden change is still found")
  func level() throws {
    for weight in [0, 0.1] {
      var detector = try DetectorConfiguration(
        "seasonal", parameters: ["level_weight": weight, "sigmas": 8]
      ).makeDetector()
      var random = SeededRandom(seed: 5, stream: "level")
      func usual(_ step: Int) -> Double { 100 + 80 * sin(Double(step / 12 % 24) / 24 * 2 * .pi) }
      func judge(_ step: Int, _ value: Double) -> DetectorJudgement {
        let slot = SeasonSlot(dayKind: .business, weekday: 0, hour: step / 12 % 24)
        return detector.judge(SeriesPoint(value, slot: slot))
      }
      // Days of 288 steps, of which the last one is a fifth below the others for five hours.
      for step in 0..<7260 {
        let scale = step < 7200 ? 1 : 0.8
        _ = judge(step, scale * usual(step) * (0.9 + 0.2 * random.unit()))
      }
      let next = judge(7260, 0.8 * usual(7260))
      let share = try #require(next.expected) / usual(7260)
      #expect(weight == 0 ? share > 0.93 : share > 0.75 && share < 0.92, "\(weight) \(share)")
      #expect(judge(7261, 0.1 * usual(7261)).isAnomalous)
    }
  }
}
