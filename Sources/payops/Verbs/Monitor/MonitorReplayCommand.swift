import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops monitor replay`: which alerts the metrics as they are now would have raised in a period.
struct MonitorReplayCommand: DatabaseVerb {
  static let warmUp = Option.integer(
    "warm-up", "DAYS", in: 0...3660, "days before the period to learn from (default 14)")

  let name = "replay"
  let summary = "run history through the metrics, notifying nobody"
  let discussion = """
    Prints which alerts would have been raised between --from and --to, and changes
    nothing: for tuning the metrics of the table monitor_metrics. Where payments were generated, the
    findings are compared with the incidents that were planted. Minutes of dimensions are
    kept for the days of the setting detail_days only.

      payops monitor replay --from 2026-11-01 --to 2026-11-15
    """
  let options =
    [
      MonitorCommand.from.declaration, MonitorCommand.to.declaration, warmUp.declaration,
    ] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let from = invocation[MonitorCommand.from], let to = invocation[MonitorCommand.to],
      from < to
    else {
      throw Fault.usage(
        "--from and --to must name a period", hint: "such as --from 2026-11-01 --to 2026-11-15")
    }
    let days = invocation[Self.warmUp] ?? 14
    let (findings, planted) = try await invocation.withConnection { connection in
      let findings = try await MonitorReplay(connection).run(from: from, to: to, warmUpDays: days)
      return (findings, try await connection.plantedIncidents(from: from, to: to))
    }
    let page = ReplayPage(findings, incidents: planted)
    let console = invocation.console
    if console.isJSON {
      try console.write(page.json.lines)
      return .ok
    }
    try console.write(
      page.findings, as: invocation.format,
      empty: "no alert would have been raised from \(from) to \(to) UTC")
    guard !invocation.isForPrograms, !planted.isEmpty else { return .ok }
    // The columns chosen are those of the findings.
    if console.choice.columns.isEmpty {
      try console.write((page.findings.rows.isEmpty ? "" : "\n") + console.text(page.planted))
      console.noteOmissions()
    }
    try console.write("\n\(page.summary)\n")
    return .ok
  }
}
