import Foundation
import Statistics
import Testing

@Suite("Streaming detectors")
struct StreamingDetectorTests {
  /// A random series with season, incidents, gaps, exclusions and volumes.
  static func series(seed: Int, count: Int = 400, isRate: Bool = false) -> [SeriesPoint] {
    var random = SplitMix(seed: UInt64(seed) &* 7919 &+ 3)
    return (0..<count).map { index in
      let hour = index % 24
      let day = index / 24
      let slot = SeasonSlot(
        dayKind: day % 7 >= 5 ? .weekend : day % 11 == 3 ? .holiday : .business,
        weekday: day % 7, hour: hour)
      let isExcluded = Int.random(in: 0..<40, using: &random) == 0
      let volume = Double(Int.random(in: 0...300, using: &random))
      var value: Double
      if isRate {
        var events = 0
        for _ in 0..<Int(volume) where Double.random(in: 0...1, using: &random) < 0.04 {
          events += 1
        }
        value = volume > 0 ? Double(events) / volume : .nan
        if Int.random(in: 0..<50, using: &random) == 0 { value = min(1, value * 5) }
      } else {
        value =
          100 + 20 * sin(Double(hour) / 24 * 2 * .pi) + Self.normal(&random) * 5
        if Int.random(in: 0..<50, using: &random) == 0 { value += 120 }
        if Int.random(in: 0..<45, using: &random) == 0 { value = .nan }
        if index > 300 { value += 60 }
      }
      return SeriesPoint(value, volume: volume, slot: slot, isExcluded: isExcluded)
    }
  }

  /// A standard normal number (Box and Muller).
  static func normal(_ random: inout SplitMix) -> Double {
    let radius = (-2 * log(Double.random(in: 1e-300...1, using: &random))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0...1, using: &random))
  }

  static func configuration(_ kind: DetectorKind) throws -> DetectorConfiguration {
    let own: [String: Double] =
      switch kind {
      case .meanSigma: ["window": 60]
      case .robustZ, .tukeyFences: ["window": 50]
      case .ewmaChart, .cusum: ["baseline": 40]
      default: [:]
      }
    return try DetectorConfiguration(
      kind.rawValue, parameters: own.merging(["minimum_sample": 20, "accept_after": 12]) { $1 })
  }

  @Test(
    "a decoded detector continues where its state was encoded", arguments: DetectorKind.allCases)
  func restored(kind: DetectorKind) throws {
    let configuration = try Self.configuration(kind)
    for seed in 0..<4 {
      let points = Self.series(
        seed: seed, isRate: kind == .binomialRate || kind == .betaBinomialRate)
      var straight = configuration.makeDetector()
      let expected = straight.judgeAll(points)
      var detector = configuration.makeDetector()
      var judgements: [DetectorJudgement] = []
      for (index, point) in points.enumerated() {
        if index % 23 == seed {
          let state = try configuration.encode(detector)
          #expect(state.count < 60_000)
          detector = try configuration.restoreDetector(from: state)
        }
        judgements.append(detector.judge(point))
      }
      #expect(same(judgements, expected))
      #expect(expected.contains { $0.verdict == .normal })
    }
  }

  /// Whether two numbers are equal; nan equals nan.
  private func same(_ left: [DetectorJudgement], _ right: [DetectorJudgement]) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy {
        ($0.value == $1.value || $0.value.isNaN && $1.value.isNaN) && $0.expected == $1.expected
          && $0.lower == $1.lower && $0.upper == $1.upper && $0.score == $1.score
          && $0.pValue == $1.pValue && $0.sampleSize == $1.sampleSize && $0.verdict == $1.verdict
      }
  }

  @Test("a state of another detector or of other parameters is refused")
  func foreignState() throws {
    let robust = try DetectorConfiguration("robust_z", parameters: ["window": 50])
    var detector = robust.makeDetector()
    _ = detector.judge(SeriesPoint(3))
    let state = try robust.encode(detector)
    for other in [
      try DetectorConfiguration("robust_z", parameters: ["window": 51]),
      try DetectorConfiguration("robust_z", parameters: ["window": 50, "minimum_sample": 7]),
      try DetectorConfiguration("ewma"),
    ] {
      let error = #expect(throws: DetectorConfigurationError.self) {
        _ = try other.restoreDetector(from: state)
      }
      #expect(error?.code == .badState)
    }
    _ = try robust.restoreDetector(from: state)
  }

  @Test("detectors accept a new level after the stated number of points, and not before")
  func levelShift() throws {
    for kind in DetectorKind.allCases {
      // The rates, the charts and the runs of idle steps have tests of their own below; fixed
      // limits stay where they are.
      if [.binomialRate, .betaBinomialRate, .lackOfData, .lackOfProgress, .fixedLimits]
        .contains(kind)
      {
        continue
      }
      if kind == .meanSigmaParity { continue }
      var random = SplitMix(seed: 5)
      var detector = try DetectorConfiguration(
        kind.rawValue,
        parameters: ["minimum_sample": 40, "accept_after": 15]
          .merging(kind == .cusum || kind == .ewmaChart ? ["baseline": 40] : [:]) { $1 }
      ).makeDetector()
      for _ in 0..<200 { _ = detector.judge(SeriesPoint(10 + 0.1 * Self.normal(&random))) }
      let shifted = detector.judgeAll(
        (0..<120).map { _ in SeriesPoint(20 + 0.1 * Self.normal(&random)) })
      #expect(shifted[..<15].allSatisfy { $0.isAnomalous }, "\(kind)")
      #expect(shifted[60...].filter(\.isAnomalous).count <= 3, "\(kind)")
    }
  }

  @Test("rate detectors accept a new rate after the stated number of points, and not before")
  func rateShift() throws {
    for name in ["binomial_rate", "beta_binomial_rate"] {
      var detector = try DetectorConfiguration(name, parameters: ["accept_after": 15])
        .makeDetector()
      _ = detector.judgeAll(
        (0..<100).map { SeriesPoint(Double(4 + $0 % 3) / 500, volume: 500) })
      let shifted = detector.judgeAll(
        (0..<80).map { SeriesPoint(Double(49 + $0 % 3) / 500, volume: 500) })
      #expect(shifted[..<15].allSatisfy { $0.isAnomalous }, "\(name)")
      #expect(shifted[15...].allSatisfy { !$0.isAnomalous }, "\(name)")
      #expect(abs((shifted[79].expected ?? 0) - 0.1) < 0.003, "\(name)")
    }
  }

  @Test("detectors never learn from confirmed incidents, however long they last")
  func exclusion() throws {
    for kind in [DetectorKind.meanSigma, .robustZ, .tukeyFences, .ewma, .seasonal, .autoregressive]
    {
      var random = SplitMix(seed: 8)
      let usual = (0..<120).map { _ in SeriesPoint(10 + Self.normal(&random)) }
      let incident = (0..<100).map { _ in SeriesPoint(200, isExcluded: true) }
      var detector = try DetectorConfiguration(kind.rawValue).makeDetector()
      _ = detector.judgeAll(usual)
      #expect(detector.judgeAll(incident).allSatisfy { $0.isAnomalous }, "\(kind)")
      let after = detector.judge(SeriesPoint(10))
      #expect(abs((after.expected ?? 0) - 10) < 1, "\(kind)")
      // The control: unmarked, the incident becomes the new level.
      var learning = try DetectorConfiguration(kind.rawValue).makeDetector()
      _ = learning.judgeAll(usual + incident.map { SeriesPoint($0.value) })
      #expect((learning.judge(SeriesPoint(10)).expected ?? 0) > 50, "\(kind)")
    }
  }

  @Test("detectors guard against small samples, volumes, effects and baselines without spread")
  func guards() throws {
    for name in ["mean_sigma", "robust_z", "tukey_fences", "ewma", "seasonal"] {
      var detector = try DetectorConfiguration(
        name, parameters: ["minimum_sample": 10, "minimum_effect": 2, "minimum_volume": 5],
        direction: .above
      ).makeDetector()
      // The seasonal baseline counts forecasts, and its first point has none.
      for index in 0..<(name == "seasonal" ? 11 : 10) {
        let judgement = detector.judge(SeriesPoint(7, volume: 5))
        #expect(
          judgement.verdict
            == .notEnoughData(
              .smallSample(have: name == "seasonal" ? max(0, index - 1) : index, need: 10)))
      }
      #expect(
        detector.judge(SeriesPoint(99, volume: 4)).verdict
          == .notEnoughData(.smallVolume(have: 4, need: 5)))
      #expect(detector.judge(SeriesPoint(.nan)).verdict == .notEnoughData(.missingValue))
      #expect(detector.judge(SeriesPoint(1)).verdict == .normal, "below is of no interest")
      let found = detector.judge(SeriesPoint(9.5))
      #expect(found.isAnomalous && found.score == .infinity && found.pValue ?? 0 == 0, "\(name)")
      #expect(detector.judge(SeriesPoint(7)).verdict == .normal)
      #expect(
        detector.judge(SeriesPoint(9)).verdict == .normal, "an effect of 2 is not more than 2")
    }
  }
}
