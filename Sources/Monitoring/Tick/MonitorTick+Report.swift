internal import PayopsCore
package import Tabular

extension MonitorTick.Report {
  /// The report in one line.
  package var text: String {
    guard let lastMinute else { return "no new minute" }
    return "\(minutes) minutes up to \(lastMinute) UTC: \(steps) steps of series,"
      + " \(anomalous) anomalous, \(raised) alerts raised, \(resolved) resolved"
  }

  /// The report as JSON.
  package var json: JSON {
    .pairs([
      "minutes": .integer(minutes), "steps": .integer(steps), "anomalous": .integer(anomalous),
      "raised": .integer(raised), "resolved": .integer(resolved),
      "failed_metrics": .integer(failed),
      "last_minute": lastMinute.map { .string($0.description) } ?? .null,
    ])
  }
}
