internal import PayopsCore
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
    let steps = DataTable(steps).records
    let unit =
      unit ?? (steps.contains { $0["event_count"] != nil } ? .share : .count(of: "events"))
    func short(_ value: String?) -> String? {
      value.flatMap(Double.init).map { unit.text($0, currency: currency) }
    }
    func evidence(_ value: String?) -> String? {
      value.flatMap(Double.init).map { $0.grouped(digits: 1) }
    }
    let limit = evidenceLimit.map { $0.grouped(digits: 1) }
    let table = DataTable(
      columns: [.init(name: "step (UTC)", isNumeric: true)]
        + ["observed", "of", "expected", "from", "to", "evidence", "sum", "limit"].map {
          .init(name: $0, isNumeric: true)
        } + [.init(name: "verdict")],
      rows: steps.map { row in
        [
          row["metric_minute"].map { String($0.prefix(16).dropFirst(5)) },
          short(row["observed_value"]),
          row["event_count"].flatMap(Double.init).map { Int($0).grouped },
          short(row["expected_value"]), short(row["lower_value"]), short(row["upper_value"]),
          evidence(row["evidence"]), evidence(row["evidence_sum"]), limit, row["verdict"],
        ]
      })
    return text + layout.render(table) + legend.map { line($0, indent: 2) }.joined()
  }

  /// What the columns of the table mean, and when the alert fires.
  private var legend: [String] {
    var lines = [
      "from, to: what is normal. evidence: how strongly the step speaks against chance, in powers"
        + " of ten: 2 is one in a hundred, below 0 speaks for chance. sum: the evidence of the steps"
        + " so far, never below 0, at most 5 a step."
    ]
    if let evidenceLimit {
      lines.append(
        "limit: the sum at which the alert fires without waiting, \(evidenceLimit.grouped(digits: 1))"
          + " (fast_evidence of the metric); the sum stops there.")
    }
    let rungs = zip(Severity.allCases, ladderMinutes).map { "\($1) min \($0.rawValue)" }
    if !rungs.isEmpty {
      lines.append("By the time that it lasts: " + rungs.joined(separator: ", ") + ".")
    }
    return lines
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
      "evidence_limit": evidenceLimit.map { .number("\($0)") } ?? .null,
      "base_currency": .string(currency),
    ])
  }
}
