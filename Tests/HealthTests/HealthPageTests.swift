import MariaDBClient
import PayopsCore
import Tabular
import Testing

@testable import Health

@Suite("Health page")
struct HealthPageTests {
  private static func summary(_ factor: Double) -> HealthSummary {
    let course: [Double?] = (0..<14).map { Double($0 % 5) }
    func headline(_ name: String, _ unit: String, _ value: Double?) -> HealthSummary.Headline {
      HealthSummary.Headline(
        name: name, unit: unit, value: value, changePct: -12.5,
        changePoints: unit == "ratio" ? -2.3 : nil, course: course)
    }
    return HealthSummary(
      asOf: "2026-01-15 12:00", currency: "EUR", weekday: "Thursday",
      headlines: [
        headline("total_count", "count", 232 * factor),
        headline("total_amount", "amount", 96_171.8 * factor),
        headline("success_rate", "ratio", 0.9526), headline("reversal_rate", "ratio", nil),
        headline("technical_decline_rate", "ratio", 0.0087),
        headline("mean_duration_ms", "ms", 295),
      ],
      backlog: ["< 1 h", "1-4 h", "4-24 h", "1-2 d", "2-5 d", "> 5 d"].map {
        HealthSummary.AgingBucket(label: $0, count: Int64(16 * factor), amount: 26_290 * factor)
      },
      settlement: ["ACH", "SEPA_INST"].map {
        let all = Int64(100 * factor)
        return HealthSummary.RailCompliance(
          rail: $0, due: all, onTime: all * 9 / 10, late: all / 20, failed: all * 3 / 100,
          overdue: all * 2 / 100, share: 0.9, course: course)
      },
      exposure: HealthSummary.Exposure(
        total: 138_930 * factor, open: 31_147 * factor, unsettled: 107_783 * factor,
        course: course),
      incidents: [
        HealthSummary.Incident(
          id: 7, rule: "monitor_denied_rate_by_scheme", subject: "denied_rate_by_scheme/mastercard",
          severity: .critical, state: "acknowledged", raisedAt: "2026-01-15 11:00:00",
          ageSeconds: 3600, cause: "bank 4711 of the acquirer with a very long name")
      ],
      monitoredUntil: "2026-01-15 11:59:00",
      jobs: .init(
        isScheduled: true, troubled: "create_backup,monitor_tick,send_notifications,verify_backups",
        failedRuns: 3),
      backups: .init(newestVerified: "payops-20260115-030000-000042", ageSeconds: 99, failed: 1))
  }

  @Test(
    "no line is wider than the terminal, whatever the figures are",
    arguments: [60, 80, 100, 115, 116, 120, 160, 187, 200, 250], [1.0, 1000, 1_000_000])
  func width(_ width: Int, _ factor: Double) {
    let text = HealthPage(summary: Self.summary(factor), layout: PageLayout(width: width)).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.filter { $0.displayWidth > width }.isEmpty, "\(text)")
    #expect(lines.filter { $0.hasSuffix(" ") }.isEmpty, "\(text)")
    for part in ["TODAY SO FAR", "BACKLOG BY AGE", "SETTLEMENT SLA", "EXPOSURE", "OPEN INCIDENTS"] {
      #expect(text.contains(part))
    }
    #expect(text.contains("denied_rate_by_scheme/mastercard"))
  }

  @Test("blocks stand side by side where there is room, so that the page is lower")
  func columns() {
    let heights = [80, 120, 200].map { width in
      HealthPage(summary: Self.summary(1), layout: PageLayout(width: width)).text
        .split(separator: "\n", omittingEmptySubsequences: false).count
    }
    #expect(heights[0] > heights[1] && heights[1] > heights[2], "\(heights)")
  }

  @Test("changes of rates are in points, others in percent; parts of what is due add up")
  func figures() {
    let text = HealthPage(summary: Self.summary(1), layout: PageLayout(width: 80)).text
    #expect(text.contains(/success rate +95\.26 % +-2\.30 points/), "\(text)")
    #expect(text.contains(/payments +232 +-12\.5 %/), "\(text)")
    #expect(text.contains(/ACH +100 +90 +5 +3 +2 +90\.00 %/), "\(text)")
  }

  @Test("colours change nothing but colours")
  func colours() {
    let plain = HealthPage(summary: Self.summary(1), layout: PageLayout(width: 120)).text
    let colored = HealthPage(
      summary: Self.summary(1), layout: PageLayout(width: 120, style: Style(isOn: true))
    ).text
    #expect(colored != plain)
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }
}
