import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops monitor tick`: judges what is new and moves alerts.
struct MonitorTickCommand: DatabaseVerb {
  let name = "tick"
  let summary = "judge what is new, raise and end alerts"
  let discussion = """
    Judges the metrics of the table monitor_metrics, each minute once, missed minutes in
    order. The first tick learns from 14 days and notifies nobody. Notices go through the
    outbox with the alerts; `payops notify send` delivers them. What is seen is in the
    view monitor_series. The job monitor_tick runs it every minute.

      payops monitor tick
      payops monitor tick --at "2026-11-22 12:00"
    """
  let options = [MonitorCommand.at.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let at = invocation[MonitorCommand.at]
    let report = try await invocation.withConnection { connection in
      try await MonitorTick(connection).run(at: at)
    }
    let console = invocation.console
    try console.write(report.text + "\n", json: report.json)
    if report.failed > 0 {
      console.note(
        "\(report.failed) metrics cannot be judged: see `payops alerts list --rule metric_failed`")
    }
    return .ok
  }
}
