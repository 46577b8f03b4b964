import PayopsCore
import Testing

@testable import Monitoring

@Suite("Findings and planted incidents")
struct AnswerKeyScoreTests {
  private func at(_ minute: Int) -> CivilInstant {
    CivilInstant(minutesSinceEpoch: 30_000_000 + minute)
  }

  private func incident(_ label: String, _ dimension: String, _ member: String)
    -> AnswerKeyScore.Incident
  {
    AnswerKeyScore.Incident(
      label: label, dimension: dimension, member: member, start: at(100), end: at(159))
  }

  private func finding(
    _ source: String, _ dimension: String = "all", _ member: String = "all", detected: Int,
    ended: Int? = 200
  ) -> MonitorReplay.Finding {
    MonitorReplay.Finding(
      metric: "m", source: source, dimension: dimension, member: member, since: at(detected - 3),
      detectedAt: at(detected), endedAt: ended.map { at($0) }, severity: .critical)
  }

  @Test("a finding matches an incident at its time in a series that the incident affects")
  func belongs() {
    let outage = incident("acquirer_outage", "acquirer", "A")
    #expect(outage.explains(finding("payments", "acquirer", "A", detected: 104)))
    #expect(outage.explains(finding("payments", "channel", "ecommerce", detected: 104)))
    #expect(outage.explains(finding("latency", detected: 191)))
    #expect(!outage.explains(finding("payments", "acquirer", "B", detected: 104)))
    #expect(!outage.explains(finding("settlements", "rail", "ACH", detected: 104)))
    #expect(!outage.explains(finding("payments", "acquirer", "A", detected: 99)))
    #expect(!outage.explains(finding("payments", detected: 193)))
    let stall = incident("settlement_stall", "rail", "ACH")
    #expect(stall.explains(finding("settlements", "rail", "ACH", detected: 150)))
    #expect(!stall.explains(finding("settlements", "rail", "WIRE", detected: 150)))
    #expect(!stall.explains(finding("payments", detected: 150)))
    let repeated = incident("duplicate_posting", "all", "all")
    #expect(repeated.explains(finding("duplicates", detected: 102)))
    #expect(!repeated.explains(finding("latency", detected: 102)))
  }

  @Test("recall counts incidents, precision counts findings, and delay the first finding")
  func score() {
    let outage = incident("acquirer_outage", "acquirer", "A")
    let creep = incident("latency_creep", "channel", "ecommerce")
    let score = AnswerKeyScore(
      [
        finding("payments", detected: 110), finding("payments", "acquirer", "A", detected: 104),
        finding("logins", detected: 104),
      ], incidents: [outage, creep])
    #expect(score.recall == 0.5)
    #expect(score.precision == 2.0 / 3)
    #expect(score.strays.map(\.source) == ["logins"])
    #expect(score.incidents.map(\.secondsToDetect) == [240, nil])
    #expect(score.incidents[0].firstFinding?.member == "A")
    #expect(AnswerKeyScore([], incidents: []).recall == nil)
    #expect(AnswerKeyScore([], incidents: []).precision == nil)
  }
}
