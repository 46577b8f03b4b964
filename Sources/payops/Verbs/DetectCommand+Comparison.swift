import Foundation
import Ingest
import PayopsCore
import Statistics
import Tabular

/// `payops detect --against`: judges a period by other columns of the same file.
extension DetectCommand {
  static let against = Option<[String]>(
    "against", placeholder: "COLUMNS",
    help: "judge the value by these columns, separated by commas", expectation: "names of columns"
  ) { text in
    let columns = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    return columns.allSatisfy { !$0.isEmpty } ? columns : nil
  }
  static let timeColumn = Option.text(
    "time-column", "COLUMN", "column of the time (default: the first)")
  static let valueColumn = Option.text(
    "value-column", "COLUMN", "column of the value (default: the second)")

  func compare(_ invocation: Invocation, with columns: [String]) throws -> ExitCode {
    guard invocation[Self.out] == nil, invocation[Self.threshold] == nil else {
      throw Fault.usage(
        "--out and --threshold are of scores, not of --against",
        hint: "write the verdicts with --format csv")
    }
    let path = try invocation.required(Self.file)
    let table = try ComparisonTable(
      path == "-" ? .standardInput : .file(path: path),
      name: path == "-" ? "standard input" : path, time: invocation[Self.timeColumn],
      value: invocation[Self.valueColumn], others: columns)
    let comparison = PeriodComparison(table.values, against: table.others)
    let console = invocation.console
    let isFound = !comparison.incidents.isEmpty
    let code: ExitCode = invocation[Self.failOnAnomaly] && isFound ? .finding : .ok
    let rows = Self.rows(of: comparison, table)
    if console.isJSON, invocation.format == nil {
      try console.write(Self.json(comparison, table, rows).lines)
      return code
    }
    try console.write(rows, as: invocation.format)
    if invocation.format == nil {
      try console.write(Self.summary(comparison, table))
    }
    return code
  }

  private static func rounded(_ value: Double?, _ format: String = "%.1f") -> String? {
    value.map {
      $0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : String(format: format, $0)
    }
  }

  private static func rows(of comparison: PeriodComparison, _ table: ComparisonTable) -> DataTable {
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

  private static func total(_ rows: ArraySlice<PeriodComparison.Row>) -> (
    observed: Double, expected: Double
  ) {
    (
      CompensatedSum(rows.compactMap(\.observed)).value,
      CompensatedSum(rows.compactMap(\.expected)).value
    )
  }

  private static func summary(
    _ comparison: PeriodComparison, _ table: ComparisonTable
  ) -> String {
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

  private static func json(
    _ comparison: PeriodComparison, _ table: ComparisonTable, _ rows: DataTable
  ) -> JSON {
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
