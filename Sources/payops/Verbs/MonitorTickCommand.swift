import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops monitor tick`: judges what is new and moves alerts.
struct MonitorTickCommand: Verb {
  let name = "tick"
  let summary = "judge what is new, raise and end alerts"
  let discussion = """
    Judges the metrics of the table monitor_metrics, each minute once, missed minutes in
    order. The first tick learns from 14 days and tells nothing. Notices go through the
    outbox with the alerts; `payops notify send` delivers them. What is seen is in the
    view monitor_series. The job monitor_tick runs it every minute.

      payops monitor tick
      payops monitor tick --at "2026-11-22 12:00"
    """
  let options = [MonitorCommand.at.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let at = invocation[MonitorCommand.at]
    let report: MonitorTick.Report
    do {
      report = try await invocation.withConnection { connection in
        try await MonitorTick(connection).run(at: at)
      }
    } catch let error as MonitoringError {
      throw Fault(.invalidData, error.description, hint: error.hint)
    }
    let console = invocation.console
    let last = report.lastMinute?.description
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "minutes": .integer(report.minutes), "steps": .integer(report.steps),
          "anomalous": .integer(report.anomalous), "raised": .integer(report.raised),
          "resolved": .integer(report.resolved), "failed_metrics": .integer(report.failed),
          "last_minute": last.map(JSON.string) ?? .null,
        ]).lines)
    } else if let last {
      try console.write(
        "\(report.minutes) minutes up to \(last) UTC: \(report.steps) steps of series,"
          + " \(report.anomalous) anomalous, \(report.raised) alerts raised,"
          + " \(report.resolved) ended")
    } else {
      try console.write("no new minute")
    }
    if report.failed > 0 {
      console.note(
        "\(report.failed) metrics cannot be judged: see `payops alerts list --rule metric_failed`")
    }
    return .ok
  }
}
