internal import PayopsCore
package import Tabular

/// The findings of a replay beside the planted incidents, for people and as JSON.
package struct ReplayPage {
  /// The findings.
  package let findings: DataTable
  /// The planted incidents, each with its time to detection.
  package let planted: DataTable
  private let score: AnswerKeyScore

  /// Compares findings with planted incidents.
  package init(_ found: [MonitorReplay.Finding], incidents: [AnswerKeyScore.Incident]) {
    let score = AnswerKeyScore(found, incidents: incidents)
    self.score = score
    findings = DataTable(
      columns: [
        "metric", "member", "since", "detected_at", "ended_at", "severity", "belongs_to",
      ].map { DataTable.Column(name: $0) },
      rows: found.map { finding in
        [
          finding.metric, finding.member, finding.since.description,
          finding.detectedAt.description, finding.endedAt?.description, finding.severity.rawValue,
          score.incidents.first { $0.explains(finding) }?.label,
        ]
      })
    planted = DataTable(
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

  /// Recall and precision in one line.
  package var summary: String {
    func share(_ value: Double?) -> String {
      value.map { "\(($0 * 1000).rounded() / 10) %" } ?? "-"
    }
    return "recall \(share(score.recall)), precision \(share(score.precision))"
      + " of \(score.findingCount) findings"
  }

  /// Findings, planted incidents, recall and precision.
  package var json: JSON {
    .pairs([
      "findings": .rows(of: findings), "planted": .rows(of: planted),
      "recall": score.recall.map { .number(String($0)) } ?? .null,
      "precision": score.precision.map { .number(String($0)) } ?? .null,
    ])
  }
}
