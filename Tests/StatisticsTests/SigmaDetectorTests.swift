import Statistics
import Testing

@Suite("Sigma detector")
struct SigmaDetectorTests {
  @Test("z with the candidate inside never exceeds (n − 1)/√n, so 3 σ is out of reach at n = 10")
  func masking() throws {
    for outlier in [10.0, 1e3, 1e6, 1e12] {
      let series = [Double](repeating: 1, count: 9) + [outlier]
      let judgement = SigmaDetector(form: .parity).judge(at: 9, in: series)
      let z = try #require(judgement.z)
      #expect(z <= 9 / 10.0.squareRoot() + 1e-9)
      #expect(abs(z - 2.846) < 0.001)
      #expect(judgement.verdict == .normal)
      let honest = SigmaDetector(form: .leaveOneOut(minimumSample: 9)).judge(at: 9, in: series)
      #expect(honest.isAnomalous)
    }
  }

  @Test("the parity form finds values strictly above mean + k · deviation of the whole series")
  func parity() throws {
    let series = [2.0, 4, 4, 4, 5, 5, 7, 9]
    let detector = SigmaDetector(form: .parity, sigmas: 1)
    let judgements = detector.judgeAll(series)
    let threshold = try #require(judgements[0].threshold)
    #expect(abs(threshold - (5 + (32.0 / 7).squareRoot())) < 1e-12)
    #expect(
      judgements.map(\.isAnomalous) == [false, false, false, false, false, false, false, true])
    #expect(judgements.allSatisfy { $0.sampleSize == 8 })
    // A series without spread has its threshold at its own values: strictly above means none.
    #expect(!detector.judgeAll([3, 3, 3]).contains { $0.isAnomalous })
  }

  @Test("the leave-one-out form reports z, mean, deviation and size of the other values")
  func leaveOneOutNumbers() throws {
    let detector = SigmaDetector(form: .leaveOneOut(minimumSample: 4))
    let judgement = detector.judge(at: 2, in: [4, 7, 100, 13, 16])
    #expect(judgement.mean == 10)
    #expect(judgement.sampleSize == 4)
    let deviation = try #require(judgement.standardDeviation)
    #expect(abs(deviation - 30.0.squareRoot()) < 1e-12)
    let z = try #require(judgement.z)
    #expect(abs(z - 90 / 30.0.squareRoot()) < 1e-12)
    #expect(judgement.verdict == .anomalous(z: z))
  }

  @Test("a detector without enough data says so")
  func notEnoughData() {
    let detector = SigmaDetector(form: .leaveOneOut(minimumSample: 5), minimumVolume: 20)
    #expect(
      detector.judge(at: 4, in: [1, 2, 3, 4, 99]).verdict
        == .notEnoughData(.smallSample(have: 4, need: 5)))
    #expect(
      detector.judge(at: 5, in: [1, 2, 3, 4, 5, 99], volume: 19).verdict
        == .notEnoughData(.smallVolume(have: 19, need: 20)))
    #expect(detector.judge(at: 5, in: [1, 2, 3, 4, 5, 99], volume: 20).isAnomalous)
    #expect(
      detector.judge(at: 5, in: [1, 2, 3, 4, 5, .nan]).verdict == .notEnoughData(.missingValue))
    #expect(detector.judge(at: 9, in: [1, 2]).verdict == .notEnoughData(.missingValue))
    #expect(
      SigmaDetector(form: .parity).judge(at: 0, in: [1]).verdict
        == .notEnoughData(.smallSample(have: 1, need: 2)))
    #expect(
      SigmaDetector(form: .leaveOneOut(minimumSample: 0)).judge(at: 0, in: [5, 1]).verdict
        == .notEnoughData(.smallSample(have: 1, need: 2)))
  }

  @Test("the minimum effect decides where the baseline has no spread")
  func zeroSpread() {
    let detector = SigmaDetector(form: .leaveOneOut(minimumSample: 4), minimumEffect: 0.01)
    let judgement = detector.judge(at: 4, in: [0, 0, 0, 0, 0.02])
    #expect(judgement.verdict == .anomalous(z: .infinity))
    #expect(judgement.z == nil)
    #expect(detector.judge(at: 4, in: [0, 0, 0, 0, 0.01]).verdict == .normal)
    #expect(detector.judge(at: 4, in: [0, 0, 0, 0, 0]).verdict == .normal)
    // The last case with no minimum effect: equal to the mean is never anomalous.
    #expect(
      SigmaDetector(form: .leaveOneOut(minimumSample: 4)).judge(at: 4, in: [0, 0, 0, 0, 0]).verdict
        == .normal)
  }

  @Test("a significant departure that is too small to matter is ignored")
  func minimumEffect() {
    let series = [1.000, 1.001, 0.999, 1.000, 1.010]
    #expect(
      SigmaDetector(form: .leaveOneOut(minimumSample: 4)).judge(at: 4, in: series).isAnomalous)
    #expect(
      !SigmaDetector(form: .leaveOneOut(minimumSample: 4), minimumEffect: 0.05)
        .judge(at: 4, in: series).isAnomalous)
  }

  @Test("a detector looks only to its own side")
  func direction() {
    let series = [10.0, 11, 9, 10, 0]
    func isAnomalous(_ direction: DepartureDirection) -> Bool {
      SigmaDetector(form: .leaveOneOut(minimumSample: 4), direction: direction)
        .judge(at: 4, in: series).isAnomalous
    }
    #expect(!isAnomalous(.above))
    #expect(isAnomalous(.below))
    #expect(isAnomalous(.both))
  }

  @Test("a detector judges all values of a series as it judges each", arguments: 0..<20)
  func allEqualsEach(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed) &+ 77)
    var series = (0..<80).map { _ in Double.random(in: 0...1, using: &random) }
    series[seed] = .nan
    series[seed + 20] = 50
    let volumes = series.map { _ in Double(Int.random(in: 0...40, using: &random)) }
    for form in [SigmaDetector.Form.parity, .leaveOneOut(minimumSample: 30)] {
      let detector = SigmaDetector(form: form, minimumVolume: 5)
      let all = detector.judgeAll(series, volumes: volumes)
      for index in series.indices {
        let one = detector.judge(at: index, in: series, volume: volumes[index])
        #expect(one.isAnomalous == all[index].isAnomalous)
        #expect(one.sampleSize == all[index].sampleSize)
        #expect(abs(one.mean - all[index].mean) < 1e-12)
      }
    }
  }
}
