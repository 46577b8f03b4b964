import Detection
import PayopsCore
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
    "time-column", "COLUMN", "column of the time (default: timestamp, else the first)")
  static let valueColumn = Option.text(
    "value-column", "COLUMN", "column of the value (default: value, else the second)")

  func compare(_ invocation: Invocation, with columns: [String]) throws -> ExitCode {
    guard invocation[Self.out] == nil, invocation[Self.threshold] == nil else {
      throw Fault.usage(
        "--out and --threshold are of scores, not of --against",
        hint: "write the verdicts with --format csv")
    }
    let path = try invocation.required(Self.file)
    let comparison = try FileComparison(
      of: path, time: invocation[Self.timeColumn], value: invocation[Self.valueColumn],
      against: columns)
    let console = invocation.console
    let code: ExitCode = invocation[Self.failOnAnomaly] && comparison.hasFindings ? .finding : .ok
    if console.isJSON, invocation.format == nil {
      try console.write(comparison.json.lines)
      return code
    }
    try console.write(comparison.rows, as: invocation.format)
    if !invocation.isForPrograms { try console.write("\n" + comparison.summary) }
    return code
  }
}
