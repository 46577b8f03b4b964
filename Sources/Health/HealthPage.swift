import Foundation
import PayopsCore
package import Tabular

/// A ``HealthSummary`` as one screen of text, 80 columns wide.
package struct HealthPage {
  package let summary: HealthSummary
  package let style: Style
  package let isUnicode: Bool

  package init(summary: HealthSummary, style: Style, isUnicode: Bool) {
    self.summary = summary
    self.style = style
    self.isUnicode = isUnicode
  }

  /// The page with its line ends.
  package var text: String {
    let title = style.bold("payops") + "  payment operations as of \(summary.asOf) UTC"
    return
      ([title, ""] + today + [""] + backlog + [""] + settlement + [""] + exposure + [""] + incidents
      + [""] + upkeep)
      .joined(separator: "\n") + "\n"
  }

  private var today: [String] {
    let against = "vs last \(summary.weekday.prefix(3))"
    let head =
      Self.left("TODAY SO FAR", 28) + Self.right("value", 18) + Self.right(against, 14) + "   "
      + "last \(HealthSummary.courseDays) days"
    return [style.bold(head)]
      + summary.headlines.map { headline in
        Self.left(title(of: headline), 28) + Self.right(Self.value(headline), 18)
          + change(headline) + "   " + spark(headline.course)
      }
  }

  private var backlog: [String] {
    let width = 60 / max(1, summary.backlog.count)
    func line(_ label: String, _ cell: (HealthSummary.AgingBucket) -> String) -> String {
      Self.left(label, 18)
        + summary.backlog.map { Self.right(cell($0), width) }.joined()
    }
    return [
      style.bold(line("BACKLOG BY AGE") { $0.label }),
      line("open payments") { Self.grouped(Double($0.count), digits: 0) },
      line("amount, \(summary.currency)") { Self.grouped($0.amount, digits: 0) },
      Self.left("shape", 18) + spark(summary.backlog.map { Double($0.count) }),
    ]
  }

  private var settlement: [String] {
    let head =
      Self.left("SETTLEMENT SLA, 7 DAYS", 24) + Self.right("due", 10) + Self.right("in time", 10)
      + Self.right("overdue", 10) + Self.right("share", 9) + "   by due date"
    return [style.bold(head)]
      + summary.settlement.map { rail in
        Self.left(rail.rail, 24) + Self.right(Self.grouped(Double(rail.due), digits: 0), 10)
          + Self.right(Self.grouped(Double(rail.onTime), digits: 0), 10)
          + Self.right(Self.grouped(Double(rail.overdue), digits: 0), 10)
          + Self.right(rail.share.map(Self.percent) ?? "-", 9) + "   "
          + spark(Array(rail.course.suffix(14)))
      }
  }

  private var exposure: [String] {
    let exposure = summary.exposure
    let head = "EXPOSURE"
    let figures =
      "\(summary.currency) \(Self.grouped(exposure.total, digits: 0)) = open payments "
      + "\(Self.grouped(exposure.open, digits: 0)) + unsettled "
      + Self.grouped(exposure.unsettled, digits: 0)
    return [
      style.bold(head) + "  " + figures,
      Self.left("still open by day of origin", 28) + spark(exposure.course),
    ]
  }

  /// The most incidents that the page names; the others are counted.
  private static let shownIncidents = 8

  private var incidents: [String] {
    let until =
      summary.monitoredUntil.map { "monitored up to \($0.prefix(16)) UTC" }
      ?? "not monitored yet: see `payops monitor tick`"
    let head = style.bold("OPEN INCIDENTS") + "  \(summary.incidents.count), \(until)"
    let shown = summary.incidents.prefix(Self.shownIncidents).map { incident in
      let severity = Self.left(incident.severity.rawValue, 10)
      let words =
        "\(incident.rule) \(incident.subject)"
        + (incident.cause.map { ", mostly \($0)" } ?? "")
      return (incident.severity >= .critical ? style.red(severity) : style.yellow(severity))
        + Self.left("\(incident.id)", 7) + Self.left(incident.state, 14)
        + Self.left(Check.age(Int(max(0, incident.ageSeconds))), 9)
        + words.printable.truncated(toWidth: 40, mark: "~")
    }
    let rest = summary.incidents.count - shown.count
    return [head] + shown + (rest > 0 ? [style.dim("and \(rest) more: payops alerts list")] : [])
  }

  private var upkeep: [String] {
    let jobs = summary.jobs
    let scheduler = jobs.isScheduled ? "a scheduler is at work" : "no scheduler is at work"
    let trouble = jobs.troubled.map { "late or failing: \($0)" } ?? "none is late or failing"
    let backups = summary.backups
    let proved =
      backups.newestVerified.map { id in
        "\(id) is verified" + (backups.ageSeconds.map { ", \(Check.age(Int($0))) old" } ?? "")
      } ?? "none is verified"
    let failed = backups.failed > 0 ? "; \(backups.failed) FAILED their verification" : ""
    return [
      style.bold("JOBS") + "     \(scheduler); \(trouble)",
      style.bold("BACKUPS") + "  \(proved)\(failed)",
    ]
  }

  private func title(of headline: HealthSummary.Headline) -> String {
    switch headline.name {
    case "total_count": "payments"
    case "total_amount": "amount, \(summary.currency)"
    case "mean_duration_ms": "mean duration, ms"
    default: headline.name.replacing("_", with: " ")
    }
  }

  private func change(_ headline: HealthSummary.Headline) -> String {
    guard let pct = headline.changePct else { return Self.right("-", 14) }
    let text = Self.right(String(format: "%+.1f %%", pct), 14)
    return abs(pct) < 20 ? text : style.yellow(text)
  }

  private func spark(_ values: [Double?]) -> String {
    style.cyan(Sparkline.draw(values, isUnicode: isUnicode))
  }

  private static func value(_ headline: HealthSummary.Headline) -> String {
    guard let value = headline.value else { return "-" }
    return switch headline.unit {
    case "ratio": percent(value)
    case "amount": grouped(value, digits: 2)
    case "ms": grouped(value, digits: 1)
    default: grouped(value, digits: 0)
    }
  }

  package static func percent(_ ratio: Double) -> String { String(format: "%.2f %%", ratio * 100) }

  /// A number with a comma between thousands.
  package static func grouped(_ value: Double, digits: Int) -> String {
    let text = String(format: "%.\(digits)f", abs(value))
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let whole = Array(parts[0])
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    if parts.count > 1 { result += "." + parts[1] }
    return (value < 0 ? "-" : "") + result
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
