import Health
import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops monitor replay`: what the metrics as they are now would have told of a period.
struct MonitorReplayCommand: Verb {
  static let warmUp = Option.integer(
    "warm-up", "DAYS", in: 0...3660, "days before the period to learn from (default 14)")

  let name = "replay"
  let summary = "run history through the metrics, telling nobody"
  let discussion = """
    Prints what would have been told between --from and --to, and changes nothing: for
    tuning the metrics of the table monitor_metrics. Where payments were generated, the
    findings are compared with the incidents that were planted. Minutes of dimensions are
    kept for the days of the setting detail_days only.

      payops monitor replay --from 2026-11-01 --to 2026-11-15
    """
  let options = [
    MonitorCommand.from.declaration, MonitorCommand.to.declaration, warmUp.declaration,
    OutputFormat.option.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let from = invocation[MonitorCommand.from], let to = invocation[MonitorCommand.to],
      from < to
    else {
      throw Fault.usage(
        "--from and --to must name a period", hint: "such as --from 2026-11-01 --to 2026-11-15")
    }
    let days = invocation[Self.warmUp] ?? 14
    let (findings, planted): ([MonitorReplay.Finding], [AnswerKeyScore.Incident])
    do {
      (findings, planted) = try await invocation.withConnection { connection in
        let findings = try await MonitorReplay(connection).run(
          from: from, to: to, warmUpDays: days)
        return (findings, try await connection.plantedIncidents(from: from, to: to))
      }
    } catch let error as MonitoringError {
      throw Fault(.invalidData, error.description, hint: error.hint)
    }
    let score = AnswerKeyScore(findings, incidents: planted)
    let console = invocation.console
    if console.isJSON {
      try console.write(Self.json(findings, score).lines)
      return .ok
    }
    try console.write(Self.table(findings, score), as: invocation.format)
    guard invocation.format == nil, !planted.isEmpty else { return .ok }
    try console.write(Self.table(score), as: .table)
    func share(_ value: Double?) -> String {
      value.map { "\(($0 * 1000).rounded() / 10) %" } ?? "-"
    }
    try console.write(
      "recall \(share(score.recall)), precision \(share(score.precision))"
        + " of \(score.findingCount) findings")
    return .ok
  }

  private static func table(
    _ findings: [MonitorReplay.Finding], _ score: AnswerKeyScore
  ) -> DataTable {
    DataTable(
      columns: [
        "metric", "member", "since", "detected_at", "ended_at", "severity", "belongs_to",
      ].map { DataTable.Column(name: $0) },
      rows: findings.map { finding in
        [
          finding.metric, finding.member, finding.since.description,
          finding.detectedAt.description, finding.endedAt?.description, finding.severity.rawValue,
          score.incidents.first { $0.explains(finding) }?.label,
        ]
      })
  }

  private static func table(_ score: AnswerKeyScore) -> DataTable {
    DataTable(
      columns: [
        DataTable.Column(name: "planted"), DataTable.Column(name: "place"),
        DataTable.Column(name: "from"), DataTable.Column(name: "to"),
        DataTable.Column(name: "minutes_to_detect", isNumeric: true),
        DataTable.Column(name: "by"),
      ],
      rows: score.incidents.map { incident in
        [
          incident.label, "\(incident.dimension)=\(incident.member)",
          incident.start.description, incident.end.description,
          incident.secondsToDetect.map { String(($0 + 59) / 60) },
          incident.firstFinding.map { "\($0.metric) \($0.member)" },
        ]
      })
  }

  private static func json(_ findings: [MonitorReplay.Finding], _ score: AnswerKeyScore) -> JSON {
    .pairs([
      "findings": .rows(of: table(findings, score)), "planted": .rows(of: table(score)),
      "recall": score.recall.map { .number(String($0)) } ?? .null,
      "precision": score.precision.map { .number(String($0)) } ?? .null,
    ])
  }
}
