internal import Foundation
internal import Ingest
internal import PayopsCore
internal import Statistics
package import Tabular

/// A period of a file, compared with other columns of the same file.
package struct FileComparison {
  private let table: ComparisonTable
  private let comparison: PeriodComparison

  /// Whether anything was found.
  package var hasFindings: Bool { !comparison.incidents.isEmpty }

  /// Reads a file and compares.
  ///
  /// - Parameters:
  ///   - path: the file; - for standard input
  ///   - time: column of the time; nil for the first
  ///   - value: column of the value; nil for the second
  ///   - columns: columns to compare with
  package init(of path: String, time: String?, value: String?, against columns: [String]) throws {
    table = try ComparisonTable(
      path == "-" ? .standardInput : .file(path: path),
      name: path == "-" ? "standard input" : path, time: time, value: value, others: columns)
    comparison = PeriodComparison(table.values, against: table.others)
  }

  private func rounded(_ value: Double?, _ format: String = "%.1f") -> String? {
    value.map {
      $0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : String(format: format, $0)
    }
  }

  /// A row for each part of the period.
  package var rows: DataTable {
    DataTable(
      columns: [
        DataTable.Column(name: "time"), DataTable.Column(name: "observed", isNumeric: true),
        DataTable.Column(name: "expected", isNumeric: true),
        DataTable.Column(name: "lower", isNumeric: true),
        DataTable.Column(name: "upper", isNumeric: true),
        DataTable.Column(name: "probability", isNumeric: true),
        DataTable.Column(name: "verdict"), DataTable.Column(name: "reason"),
      ],
      rows: zip(table.times, comparison.rows).map { time, row in
        var (verdict, reason): (String, String?) = ("normal", nil)
        switch row.verdict {
        case .normal: break
        case .low: verdict = "low"
        case .high: verdict = "high"
        case .notEnoughData(let why): (verdict, reason) = ("no_verdict", why)
        }
        if !row.resembles.isEmpty {
          reason = "as " + row.resembles.map { table.otherColumns[$0] }.joined(separator: ", ")
        }
        return [
          time, rounded(row.observed, "%g"), row.expected.map { String(format: "%.1f", $0) },
          row.lower.map(String.init), row.upper.map(String.init),
          row.probability.map { String(format: "%.2g", $0) }, verdict, reason,
        ]
      })
  }

  private func total(_ rows: ArraySlice<PeriodComparison.Row>) -> (
    observed: Double, expected: Double
  ) {
    (
      CompensatedSum(rows.compactMap(\.observed)).value,
      CompensatedSum(rows.compactMap(\.expected)).value
    )
  }

  /// The level of the period relative to each other column, and the incidents, for people.
  package var summary: String {
    var text = "level of \(table.valueColumn): "
    text += zip(table.otherColumns, comparison.levels)
      .map { String(format: "%.2f x ", $1) + $0 }.joined(separator: ", ")
    text += "\n"
    for incident in comparison.incidents {
      let sum = total(comparison.rows[incident])
      let word = comparison.rows[incident.lowerBound].verdict == .low ? "low" : "high"
      text += "\(word) from \(table.times[incident.lowerBound])"
      text += " to \(table.times[incident.upperBound - 1]):"
      text +=
        " \(rounded(sum.observed) ?? "") of \(rounded(sum.expected.rounded()) ?? "") expected\n"
    }
    if comparison.incidents.isEmpty { text += "nothing found\n" }
    return text
  }

  /// The comparison as JSON.
  package var json: JSON {
    func number(_ value: Double) -> JSON { .number(String(format: "%.6g", value)) }
    return .pairs([
      "value_column": .string(table.valueColumn),
      "against": .array(
        zip(table.otherColumns, comparison.levels).map {
          .pairs(["column": .string($0), "level": number($1)])
        }),
      "dispersion": number(comparison.dispersion),
      "parameters": .pairs([
        "false_share": number(PeriodComparison.falseShare),
        "joining": number(PeriodComparison.joining),
        "minimum_expected": number(PeriodComparison.minimumExpected),
        "minimum_rows": .integer(PeriodComparison.minimumRows),
      ]),
      "incidents": .array(
        comparison.incidents.map { incident in
          let sum = total(comparison.rows[incident])
          return .pairs([
            "verdict": .string(
              comparison.rows[incident.lowerBound].verdict == .low ? "low" : "high"),
            "from": .string(table.times[incident.lowerBound]),
            "to": .string(table.times[incident.upperBound - 1]),
            "observed": number(sum.observed), "expected": number(sum.expected),
          ])
        }),
      "rows": .rows(of: rows),
    ])
  }
}
