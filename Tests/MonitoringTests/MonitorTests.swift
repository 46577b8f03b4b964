import PayopsCore
import Statistics
import Testing

@testable import Monitoring

@Suite("Monitor")
struct MonitorTests {
  private let failed = 0

  @Test("a rate is a share of the payments in all states")
  func rates() {
    let minutes = [MinuteCounts(minute: 7, total: 200, failed: 3, denied: 30, reversed: 1)]
    let report = Monitor().report(on: minutes, currentMinute: 7)
    #expect(
      report.metrics.map(\.metric.rateName) == ["failed_rate", "denied_rate", "reversed_rate"])
    #expect(report.metrics.map(\.current.value) == [0.015, 0.15, 0.005])
  }

  @Test("ten minutes suffice to find an outlier, which the parity form masks")
  func masking() throws {
    let minutes = Minutes.quiet(10, failed: [9: 90])
    let honest = Monitor(MonitorParameters(minimumSample: 9)).report(on: minutes, currentMinute: 9)
    #expect(honest.metrics[failed].current.isAnomalous)
    #expect(honest.metrics[failed].current.sampleSize == 9)
    let parity = Monitor(MonitorParameters(form: .parity)).report(on: minutes, currentMinute: 9)
    #expect(!parity.metrics[failed].current.isAnomalous)
    #expect(parity.metrics[failed].current.sampleSize == 10)
    #expect(try #require(parity.metrics[failed].current.z) < 2.85)
  }

  @Test("a run counts minutes, not rows, and a missing minute breaks it")
  func gaps() {
    let incident = Dictionary(uniqueKeysWithValues: (300..<320).map { ($0, Int64(80)) })
    let whole = Monitor().report(on: Minutes.quiet(320, failed: incident), currentMinute: 319)
    #expect(whole.metrics[failed].persistence.current == .init(start: 300, minutes: 20))
    #expect(whole.severity == .info)
    let broken = Monitor().report(
      on: Minutes.quiet(320, failed: incident, missing: [310]), currentMinute: 319)
    #expect(broken.metrics[failed].persistence.current == .init(start: 311, minutes: 9))
    #expect(broken.metrics[failed].persistence.longest == .init(start: 300, minutes: 10))
    #expect(broken.metrics[failed].persistence.minutesAbove == 19)
    #expect(broken.severity == nil)
    #expect(broken.missingSteps == 1)
    // Nor does a minute without a single payment continue it.
    let empty = Monitor().report(
      on: Minutes.quiet(320, failed: incident, missing: [310]) + [
        MinuteCounts(minute: 310, total: 0, failed: 0, denied: 0, reversed: 0)
      ], currentMinute: 319)
    #expect(empty == broken)
  }

  @Test("the minutes of an incident do not raise its own limit")
  func incidentLeftOut() throws {
    // A step that climbs down: judged one by one, the later minutes hide behind the first ones.
    let incident = Dictionary(
      uniqueKeysWithValues: (600..<660).map { ($0, Int64(90 - ($0 - 600))) })
    let minutes = Minutes.quiet(900, failed: incident)
    let report = Monitor().report(on: minutes, currentMinute: 659)
    let persistence = report.metrics[failed].persistence
    #expect(persistence.longest == .init(start: 600, minutes: 60))
    #expect(report.severity == .severe)
    // The baseline of the last minute is that of the quiet minutes alone.
    let current = report.metrics[failed].current
    #expect(current.sampleSize == 600)
    #expect(abs(current.mean - 0.02) < 1e-12)
    let parity = Monitor(MonitorParameters(form: .parity)).report(on: minutes, currentMinute: 659)
    #expect(try #require(parity.metrics[failed].persistence.longest).minutes < 60)
  }

  @Test("a minute with two rates above their limits counts once")
  func anyMetricCountsOnce() {
    let report = Monitor().report(
      on: Minutes.quiet(200, failed: [150: 70, 151: 70], denied: [151: 90]), currentMinute: 199)
    #expect(report.metrics.map(\.persistence.minutesAbove) == [2, 1, 0])
    #expect(report.anyMetric.minutesAbove == 2)
  }

  @Test("runs that only the incident's own minutes separate are joined")
  func joinsRuns() {
    // In the middle the rate is lower; judged by all other minutes it would split the incident.
    let incident = Dictionary(
      uniqueKeysWithValues: (600..<620).map { ($0, Int64($0 == 610 ? 20 : 90)) })
    let report = Monitor().report(on: Minutes.quiet(620, failed: incident), currentMinute: 619)
    #expect(report.metrics[failed].persistence.current == .init(start: 600, minutes: 20))
  }

  @Test("a minute of few payments gets no verdict and stays out of the baseline")
  func tinyVolume() {
    var minutes = Minutes.quiet(200)
    // One failed payment: a rate of 100 % without meaning.
    minutes += (200..<220).map {
      MinuteCounts(minute: $0, total: 1, failed: 1, denied: 0, reversed: 0)
    }
    let report = Monitor().report(on: minutes, currentMinute: 219)
    #expect(
      report.metrics[failed].current.verdict == .notEnoughData(.smallVolume(have: 1, need: 20)))
    #expect(report.metrics[failed].persistence.minutesAbove == 0)
    #expect(report.metrics[failed].current.sampleSize == 200)
    #expect(report.metrics[failed].maximum == .init(minute: 2, rate: 0.03))
    #expect(!report.isAnomalous)
    let careless = Monitor(MonitorParameters(minimumVolume: 1))
      .report(on: minutes.dropLast(19), currentMinute: 200)
    #expect(careless.metrics[failed].current.isAnomalous)
    // Where every minute is small, that is the reason, not the sample size.
    let alone = Monitor().report(on: Array(minutes.suffix(5)), currentMinute: 219)
    #expect(
      alone.metrics[failed].current.verdict == .notEnoughData(.smallVolume(have: 1, need: 20)))
    // A minute of few payments also ends a run.
    let parted =
      Minutes.quiet(220, failed: [217: 80, 218: 80, 219: 80], missing: [218])
      + [MinuteCounts(minute: 218, total: 19, failed: 19, denied: 0, reversed: 0)]
    #expect(
      Monitor().report(on: parted, currentMinute: 219).metrics[failed].persistence.current
        == .init(start: 219, minutes: 1))
  }

  @Test("without enough data the monitor says so instead of giving a verdict")
  func smallSample() {
    let minutes = Minutes.quiet(30, failed: [29: 90])
    let report = Monitor().report(on: minutes, currentMinute: 29)
    #expect(
      report.metrics[failed].current.verdict == .notEnoughData(.smallSample(have: 29, need: 30)))
    #expect(report.metrics[failed].persistence.current == nil)
    #expect(
      Monitor().report(
        on: minutes + [MinuteCounts(minute: -1, total: 100, failed: 2, denied: 0, reversed: 0)],
        currentMinute: 29
      )
      .metrics[failed].current.isAnomalous)
  }

  @Test("an unobserved current minute is reported and ends the run")
  func currentMinuteMissing() {
    let incident: [Int: Int64] = [97: 80, 98: 80, 99: 80]
    for form in [MonitorParameters.Form.parity, .leaveOneOut] {
      let report = Monitor(MonitorParameters(form: form))
        .report(on: Minutes.quiet(100, failed: incident), currentMinute: 100)
      #expect(report.metrics[failed].current.verdict == .notEnoughData(.missingValue))
      #expect(report.metrics[failed].current.sampleSize == 100)
      #expect(report.metrics[failed].persistence.current == nil)
      #expect(report.metrics[failed].persistence.longest == .init(start: 97, minutes: 3))
      #expect(report.missingSteps == 1)
    }
    let nothing = Monitor().report(on: [], currentMinute: 5)
    #expect(nothing.metrics.allSatisfy { $0.current.verdict == .notEnoughData(.missingValue) })
    #expect(nothing.firstMinute == nil)
    #expect(nothing.missingSteps == 0)
  }

  @Test("in a series without spread the distance alone decides")
  func zeroSpread() throws {
    func report(_ failures: Int64) -> MonitorReport {
      let minutes =
        (0..<100).map { MinuteCounts(minute: $0, total: 1000, failed: 0, denied: 0, reversed: 0) }
        + [
          MinuteCounts(minute: 100, total: 1000, failed: failures, denied: 0, reversed: 0)
        ]
      return Monitor().report(on: minutes, currentMinute: 100)
    }
    #expect(!report(0).isAnomalous)
    #expect(!report(10).isAnomalous)
    #expect(report(11).metrics[failed].current.verdict == .anomalous(z: .infinity))
    #expect(report(11).metrics[failed].current.z == nil)
  }

  @Test("failed payments followed by denied ones are one incident")
  func anyMetric() {
    let failures = Dictionary(uniqueKeysWithValues: (600..<630).map { ($0, Int64(70)) })
    let denials = Dictionary(uniqueKeysWithValues: (630..<661).map { ($0, Int64(90)) })
    let report = Monitor().report(
      on: Minutes.quiet(661, failed: failures, denied: denials), currentMinute: 660)
    #expect(report.metrics[0].persistence.longest == .init(start: 600, minutes: 30))
    #expect(report.metrics[0].persistence.severity == nil)
    #expect(report.metrics[0].persistence.worstSeverity == .warning)
    #expect(report.metrics[1].persistence.current == .init(start: 630, minutes: 31))
    #expect(report.metrics[1].persistence.severity == .warning)
    #expect(report.anyMetric.current == .init(start: 600, minutes: 61))
    #expect(report.anyMetric.minutesAbove == 61)
    #expect(report.severity == .severe)
  }

  @Test("later minutes and the order of rows do not matter")
  func asOf() {
    let minutes = Minutes.quiet(200, failed: [120: 90, 121: 90, 150: 90])
    let report = Monitor().report(on: minutes.reversed(), currentMinute: 121)
    #expect(report == Monitor().report(on: Array(minutes[...121]), currentMinute: 121))
    #expect(report.metrics[failed].persistence.current == .init(start: 120, minutes: 2))
    #expect(report.observedSteps == 122)
  }

  @Test("minutes are summed into longer steps that end with the current minute")
  func steps() {
    // One payment a minute: no rate by the minute, but one by the hour.
    let minutes = (0..<60 * 40 + 30).map { minute in
      MinuteCounts(
        minute: minute, total: 1, failed: minute >= 60 * 38 + 30 || minute % 20 == 0 ? 1 : 0,
        denied: 0, reversed: 0)
    }
    let now = 60 * 40 + 29
    let report = Monitor(MonitorParameters(stepMinutes: 60)).report(on: minutes, currentMinute: now)
    #expect(report.observedSteps == 41)
    #expect(report.metrics[failed].current.value == 1)
    #expect(
      report.metrics[failed].persistence.current == .init(start: 60 * 38 + 30, minutes: 120))
    #expect(report.metrics[failed].persistence.minutesAbove == 120)
    #expect(report.severity == .severe)
  }

  @Test("the monitor shows the rates of the window with its gaps")
  func ratesOfTheWindow() {
    let report = Monitor().report(on: Minutes.quiet(5, missing: [2]), currentMinute: 5)
    #expect(report.metrics[failed].rates == [0.01, 0.02, nil, 0.01, 0.02, nil])
    #expect(report.firstMinute == 0)
  }
}

@Suite("Severity ladder")
struct SeverityTests {
  @Test(
    "the severity ladder counts in minutes",
    arguments: [
      (0, nil), (14, nil), (15, Severity.info), (29, .info), (30, .warning),
      (44, .warning), (45, .critical), (59, .critical), (60, .severe), (600, .severe),
    ])
  func ladder(minutes: Int, severity: Severity?) {
    #expect(SeverityLadder().severity(minutes: minutes) == severity)
  }

  @Test("severities are ordered")
  func order() {
    #expect(Severity.allCases.sorted() == Severity.allCases)
    #expect(Severity.info < .severe)
  }
}
