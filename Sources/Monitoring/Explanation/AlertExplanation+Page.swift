package import Tabular

extension AlertExplanation {
  /// The explanation as text for people.
  package func page(of number: Int64, _ layout: PageLayout) -> String {
    let width = layout.width
    func line(_ text: String, indent: Int) -> String {
      String(repeating: " ", count: indent)
        + text.filled(indent: indent + 2, width: width, column: indent)
    }
    var text =
      layout.style.bold("alert \(number)")
      + "  \(rule) \(subject.printable): "
      + (isReproduced ? "reproduced" : "differs") + "\n"
    for change in changes {
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
    let steps = DataTable(steps).records
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
      + layout.render(table)
  }

  /// The explanation as JSON.
  package var json: JSON {
    return .pairs([
      "rule": .string(rule), "subject": .string(subject),
      "is_reproduced": .bool(isReproduced),
      "changes": .array(
        changes.map { change in
          .pairs([
            "evidence_number": .integer(change.number), "severity": .string(change.severity),
            "since_minute": .string(change.since), "until_minute": .string(change.until),
            "is_reproduced": .bool(change.isReproduced),
            "difference": change.difference.map(JSON.string) ?? .null,
            "verdicts": .string(change.verdicts),
            "changed_counts": .array(change.changedCounts.map(JSON.string)),
          ])
        }),
      "steps": .rows(of: DataTable(steps)),
    ])
  }
}
