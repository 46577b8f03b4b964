import Testing

@testable import Statistics

@Suite("Fixed limits")
struct LimitModelTests {
  @Test("fixed limits apply from the first point on, and nothing is learned")
  func judged() throws {
    var detector = try DetectorConfiguration(
      "fixed_limits", parameters: ["lower": 0, "upper": 1], direction: .above
    ).makeDetector()
    let values = [0.5, 1, 1.01, .nan, -3] + [Double](repeating: 2, count: 1000)
    let judged = detector.judgeAll(values.map { SeriesPoint($0) })
    #expect(judged[0].verdict == .normal && judged[0].expected == 0.5)
    #expect(judged[1].verdict == .normal)
    #expect(judged[2].isAnomalous && judged[2].expected == 1 && judged[2].upper == 1)
    #expect(judged[3].verdict == .notEnoughData(.missingValue))
    // The other side is of no interest here.
    #expect(judged[4].verdict == .normal)
    #expect(judged.dropFirst(5).allSatisfy { $0.isAnomalous && $0.score == 1 })
  }

  @Test("one fixed limit is enough, and the state can be encoded")
  func oneSided() throws {
    let configuration = try DetectorConfiguration("fixed_limits", parameters: ["lower": 10])
    var detector = configuration.makeDetector()
    #expect(detector.judge(SeriesPoint(9)).isAnomalous)
    var restored = try configuration.restoreDetector(from: configuration.encode(detector))
    #expect(restored.judge(SeriesPoint(1e300)).verdict == .normal)
    #expect(restored.judge(SeriesPoint(-1)).isAnomalous)
    #expect(throws: DetectorConfigurationError.self) {
      try DetectorConfiguration("fixed_limits", parameters: ["limit": 1])
    }
  }
}
