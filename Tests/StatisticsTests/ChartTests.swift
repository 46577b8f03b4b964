import Foundation
import Statistics
import Testing

@Suite("Control charts and runs")
struct ChartTests {
  /// The mean number of points until a model is outside.
  private func runLength(
    _ model: some BaselineModel, shift: Double, runs: Int, seed: UInt64
  ) -> Double {
    var random = SplitMix(seed: seed)
    var total = 0
    for _ in 0..<runs {
      var model = model
      while true {
        total += 1
        let point = SeriesPoint(StreamingDetectorTests.normal(&random) + shift)
        if model.assess(point)?.isOutside == true { break }
        model.absorb(point)
      }
    }
    return Double(total) / Double(runs)
  }

  private let standard = PhaseOne(mean: 0, standardDeviation: 1)

  // Run lengths scatter like their mean, so 1,000 runs give it to 3 %, 1,500 short ones to 2 %.
  @Test("control charts have the run lengths of the literature")
  func literature() {
    let cusum = CUSUMModel(allowance: 0.5, limit: 4, phase: standard)
    #expect(abs(runLength(cusum, shift: 0, runs: 1000, seed: 1) / 168 - 1) < 0.1)
    #expect(abs(runLength(cusum, shift: 1, runs: 1500, seed: 2) / 8.38 - 1) < 0.05)
    let wide = CUSUMModel(allowance: 0.5, limit: 5, phase: standard)
    #expect(abs(runLength(wide, shift: -1, runs: 1500, seed: 3) / 10.4 - 1) < 0.05)
    let chart = EWMAChartModel(weight: 0.1, width: 2.814, phase: standard)
    #expect(abs(runLength(chart, shift: 0, runs: 400, seed: 4) / 500 - 1) < 0.16)
    // Limits that start narrow find a shift at the start sooner than the 10.3 of constant limits.
    #expect((7...9.5).contains(runLength(chart, shift: 1, runs: 1500, seed: 5)))
  }

  @Test("control charts find a slow drift that three sigma miss")
  func drift() throws {
    var random = SplitMix(seed: 6)
    let points = (0..<300).map { index in
      SeriesPoint(
        50 + StreamingDetectorTests.normal(&random) + (index > 150 ? Double(index - 150) / 60 : 0))
    }
    func found(_ name: String) throws -> [Int] {
      var detector = try DetectorConfiguration(name).makeDetector()
      let judgements = detector.judgeAll(points)
      return judgements.indices.filter { judgements[$0].isAnomalous }
    }
    #expect((150..<250).contains(try #require(try found("cusum").first)))
    #expect((150..<260).contains(try #require(try found("ewma_chart").first)))
    #expect(try found("ewma").count < 8, "the control follows the drift")
  }

  @Test("a silence is distinguished from a usual pause")
  func silence() throws {
    let configuration = try DetectorConfiguration("lack_of_data")
    var busy = configuration.makeDetector()
    for _ in 0..<500 { _ = busy.judge(SeriesPoint(40)) }
    let quiet = busy.judgeAll((0..<8).map { SeriesPoint($0 % 2 == 0 ? .nan : 0) })
    #expect(quiet.firstIndex { $0.isAnomalous } == 5, "\(quiet)")
    #expect(quiet[5...].allSatisfy { $0.isAnomalous })
    #expect(busy.judge(SeriesPoint(40)).verdict == .normal)

    // Every second step on average is empty: six in a row are normal.
    var random = SplitMix(seed: 7)
    var sparse = configuration.makeDetector()
    for _ in 0..<500 {
      _ = sparse.judge(SeriesPoint(Bool.random(using: &random) ? 1 : 0))
    }
    let pause = sparse.judgeAll((0..<40).map { _ in SeriesPoint(0) })
    #expect(pause[..<6].allSatisfy { !$0.isAnomalous })
    #expect(pause.contains { $0.isAnomalous })
  }

  @Test("missing progress is anomalous only while there is work, and a long rest becomes normal")
  func progress() throws {
    let configuration = try DetectorConfiguration(
      "lack_of_progress", parameters: ["accept_after": 20])
    var detector = configuration.makeDetector()
    for done in 0..<200 { _ = detector.judge(SeriesPoint(Double(done), volume: 5)) }
    let nothing = detector.judgeAll((0..<50).map { _ in SeriesPoint(199, volume: 0) })
    #expect(nothing.allSatisfy { !$0.isAnomalous })
    let stuck = detector.judgeAll((0..<60).map { _ in SeriesPoint(199, volume: 5) })
    let first = try #require(stuck.firstIndex { $0.isAnomalous })
    #expect(first < 8)
    _ = detector.judge(SeriesPoint(300, volume: 5))
    let again = detector.judgeAll((0..<20).map { _ in SeriesPoint(300, volume: 5) })
    #expect(again.allSatisfy { !$0.isAnomalous }, "the rest before was accepted")
  }

  @Test("bounds widen when rates vary beyond chance, and false alarms stay near the stated share")
  func overdispersion() throws {
    var random = SplitMix(seed: 9)
    func alarms(_ name: String, spread: Double) throws -> Int {
      var detector = try DetectorConfiguration(name, parameters: ["minimum_sample": 50])
        .makeDetector()
      return (0..<1500).count { _ in
        let rate = 0.05 * exp(spread * StreamingDetectorTests.normal(&random))
        let events = (0..<400).count { _ in Double.random(in: 0...1, using: &random) < rate }
        return detector.judge(SeriesPoint(Double(events) / 400, volume: 400)).isAnomalous
      }
    }
    // Two tails of 0.00135: four of 1,450.
    #expect(try alarms("binomial_rate", spread: 0) <= 12)
    #expect(try alarms("beta_binomial_rate", spread: 0) <= 12)
    #expect(try alarms("binomial_rate", spread: 0.4) > 60)
    #expect(try alarms("beta_binomial_rate", spread: 0.4) <= 30)
  }
}
