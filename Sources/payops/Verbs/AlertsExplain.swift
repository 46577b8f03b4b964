import MariaDBClient
import Monitoring
import Tabular

/// `payops alerts explain`.
struct AlertsExplain: Verb {
  let name = "explain"
  let summary = "recompute why an alert of the monitor fired"
  let discussion = """
    Decides anew from what was stored when it fired: the counts, what the detector knew,
    and the metric as it was; and from the verdicts that monitor_series keeps. Says
    "reproduced", or what is different; then also exits with 1. Counts that are others
    today, such as by payments that came late, are listed.
    """
  let positionals = [AlertsCommand.number]
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let number = try AlertsCommand.number(of: invocation)
    let explanation: AlertExplanation
    do {
      explanation = try await invocation.withConnection { connection in
        try await AlertExplanation.read(number, on: connection)
      }
    } catch let error as DatabaseError where error.errno == 30655 {
      throw Failure(
        "alert \(number) is not there, or none of the monitor",
        hint: "see `payops alerts list --all --rule 'monitor_*'`", exitCode: .usage)
    }
    let console = invocation.console
    if console.isJSON {
      try console.write(Self.json(explanation).lines)
    } else if let format = invocation.format, format != .table {
      try console.write(DataTable(explanation.steps), as: format)
    } else {
      try console.write(Self.page(explanation, number: number, for: console))
    }
    return explanation.isReproduced ? .ok : .finding
  }

  private static func page(
    _ explanation: AlertExplanation, number: Int64, for console: Console
  ) -> String {
    let width = console.width ?? AlertsCommand.usualWidth
    func line(_ text: String, indent: Int) -> String {
      String(repeating: " ", count: indent)
        + text.filled(indent: indent + 2, width: width, column: indent)
    }
    var text =
      console.style.bold("alert \(number)")
      + "  \(explanation.rule) \(explanation.subject.printable): "
      + (explanation.isReproduced ? "reproduced" : "differs") + "\n"
    for change in explanation.changes {
      text += line(
        "\(change.severity) since \(change.since) UTC, known at \(change.until) UTC", indent: 2)
      text += line(
        "from the counts: " + (change.difference.map { "differs: \($0)" } ?? "reproduced"),
        indent: 4)
      text += line("from the verdicts: \(change.verdicts)", indent: 4)
      for count in change.changedCounts { text += line("counted \(count)", indent: 4) }
    }
    func short(_ value: String?, _ isShare: Bool) -> String? {
      value.flatMap(Double.init).map { number in
        isShare ? "\((number * 1000).rounded() / 10) %" : "\((number * 10).rounded() / 10)"
      }
    }
    let steps = DataTable(explanation.steps).records
    let isShare = steps.contains { $0["event_count"] != nil }
    let table = DataTable(
      columns: [.init(name: "step (UTC)", isNumeric: true)]
        + ["observed", "of", "expected", "from", "to", "evidence", "sum"].map {
          .init(name: $0, isNumeric: true)
        } + [.init(name: "verdict")],
      rows: steps.map { row in
        [
          row["metric_minute"].map { String($0.prefix(16).dropFirst(5)) },
          short(row["observed_value"], isShare),
          row["event_count"].flatMap(Double.init).map { "\(Int($0))" },
          short(row["expected_value"], isShare), short(row["lower_value"], isShare),
          short(row["upper_value"], isShare), short(row["evidence"], false),
          short(row["evidence_sum"], false), row["verdict"],
        ]
      })
    return text
      + TableRenderer(width: width, isUnicode: console.isUnicode, style: console.style)
      .render(table)
  }

  private static func json(_ explanation: AlertExplanation) -> JSON {
    .pairs([
      "rule": .string(explanation.rule), "subject": .string(explanation.subject),
      "is_reproduced": .bool(explanation.isReproduced),
      "changes": .array(
        explanation.changes.map { change in
          .pairs([
            "evidence_number": .integer(change.number), "severity": .string(change.severity),
            "since_minute": .string(change.since), "until_minute": .string(change.until),
            "is_reproduced": .bool(change.isReproduced),
            "difference": change.difference.map(JSON.string) ?? .null,
            "verdicts": .string(change.verdicts),
            "changed_counts": .array(change.changedCounts.map(JSON.string)),
          ])
        }),
      "steps": .rows(of: DataTable(explanation.steps)),
    ])
  }
}
