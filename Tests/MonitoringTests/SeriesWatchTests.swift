import Statistics
import Testing

@testable import Monitoring

@Suite("Series judged together")
struct SeriesWatchTests {
  private func metric() throws -> MetricDefinition {
    try MetricDefinition(columns: [
      "metric_name": "failed_rate_by_merchant", "dimension": "merchant_category",
      "denominator": "total_count", "step_minutes": "1", "detector": "binomial_rate",
      "detector_parameters": #"{"direction": "above", "tail": 0.01}"#, "info_minutes": "15",
      "warning_minutes": "30", "critical_minutes": "45", "severe_minutes": "60",
      "clear_minutes": "10", "fast_evidence": "8",
    ])
  }

  /// A step of members after 600 in which each had one failure in a hundred payments.
  private func step(members: Int, failed: [Int: Double]) throws -> [SeriesWatch.Step] {
    let metric = try metric()
    var watch = SeriesWatch([metric])
    func advance(_ minutes: ClosedRange<Int>, _ failed: (Int) -> Double) -> [SeriesWatch.Step] {
      let counts = minutes.flatMap { minute in
        (0..<members).map {
          SeriesWatch.Count(
            minute: minute, member: "m\($0 + 100)", numerator: failed($0), denominator: 100)
        }
      }
      return watch.advance(
        metric, counts: counts, over: minutes, raisesAlerts: true,
        slot: { _ in SeasonSlot(dayKind: .business, weekday: 0, hour: 0) },
        isExcluded: { _, _ in false })
    }
    _ = advance(0...599) { _ in 1 }
    return advance(600...600) { failed[$0] ?? 1 }
  }

  @Test("an anomaly of one series must be stronger to count among a hundred")
  func corrected() throws {
    // Five or more of a hundred at one per cent: four in a thousand.
    let alone = try step(members: 1, failed: [0: 5])
    #expect(alone[0].step.isAnomalous)
    #expect(alone[0].step.chance == alone[0].step.judgement.pValue)

    let among = try step(members: 100, failed: [7: 5, 8: 12])
    try #require(among.count == 100)
    #expect(among[7].step.judgement.isAnomalous && !among[7].step.isAnomalous)
    #expect(among[8].step.isAnomalous)
    let expected = FalseDiscovery(among.map { $0.step.judgement.pValue ?? .nan }).adjusted
    #expect(among.map { $0.step.chance ?? .nan } == expected)
    #expect(among[7].member == "m107")
  }

  @Test("when everything fails at once, each member is anomalous")
  func allAtOnce() throws {
    let steps = try step(
      members: 40, failed: Dictionary(uniqueKeysWithValues: (0..<40).map { ($0, 5.0) }))
    #expect(steps.allSatisfy { $0.step.isAnomalous })
  }

  @Test("steps of a confirmed incident are judged but not learned from")
  func confirmedIncident() throws {
    func expected(isExcluded: Bool) throws -> Double? {
      let metric = try metric()
      var watch = SeriesWatch([metric])
      func advance(_ minutes: ClosedRange<Int>, failed: Double) -> [SeriesWatch.Step] {
        watch.advance(
          metric,
          counts: minutes.map {
            SeriesWatch.Count(minute: $0, member: "m", numerator: failed, denominator: 100)
          }, over: minutes, raisesAlerts: false,
          slot: { _ in SeasonSlot(dayKind: .business, weekday: 0, hour: 0) },
          isExcluded: { _, minute in isExcluded && 600...659 ~= minute })
      }
      _ = advance(0...599, failed: 2)
      // So few more that no step is out of bounds: only the disposition keeps them out.
      let incident = advance(600...659, failed: 4)
      #expect(incident.count == 60 && incident.allSatisfy { $0.step.judgement.expected != nil })
      return advance(660...660, failed: 2).first?.step.judgement.expected
    }
    #expect(abs((try expected(isExcluded: true) ?? 0) - 0.02) < 0.0002)
    #expect(try expected(isExcluded: false) ?? 0 > 0.021)
  }
}
