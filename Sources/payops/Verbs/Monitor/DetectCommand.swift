import Detection
import Foundation
import PayopsCore
import Tabular

/// `payops detect`: scores how surprising each point of a series in a file is, or judges the counts of a
/// period by those of others.
struct DetectCommand: Verb {
  static let file = Positional(
    name: "FILE", help: "CSV file with a header, plain or gzip; - reads standard input",
    completion: .file)
  static let out = Option.path("out", "FILE", "write the scores there (default: standard output)")
  static let threshold = Option<Double>(
    "threshold", placeholder: "T", help: "count scores from T on as anomalies (default 0.5)",
    expectation: "a number above 0 and below 1"
  ) { text in Double(text).flatMap { $0 > 0 && $0 < 1 ? $0 : nil } }
  static let failOnAnomaly = Flag("fail-on-anomaly", help: "exit with 1 when there is an anomaly")

  let name = "detect"
  let summary = "score the points of a series in a CSV file"
  let discussion = """
    Reads a series, oldest point first: two columns of the file, those called timestamp and
    value where there are such, else the first two. Writes
    timestamp,value,anomaly_score,label. The score is from 0 (nothing new) to 1 and says how
    rare a point is by the points before it alone: no training, no labels, one configuration
    for any series. One incident gives one alarm. The label is that of the input, or 0. A
    point without a value scores 0.

      payops detect latency.csv --out scores.csv
      payops detect latency.csv --out scores.csv --json --fail-on-anomaly
      payops detect sales.csv --value-column amount

    With --against the counts of a period, one row for each hour or other part of it, are
    judged by other periods in the same file, each scaled to the level of this one. The
    bounds are those beyond which a row is found by itself. Meant is that one in a hundred
    of the rows found is a false one; a row beside one that was found joins it at 1 in 20.

      payops detect sales.csv --value-column today --against yesterday,avg_last_week

    No database is needed.
    """
  let positionals = [file]
  let options =
    [
      out.declaration, threshold.declaration, against.declaration, timeColumn.declaration,
      valueColumn.declaration, failOnAnomaly.declaration,
    ] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    if let columns = invocation[Self.against] { return try compare(invocation, with: columns) }
    guard invocation.format == nil, invocation.console.choice.isUsual else {
      throw Fault.usage(
        "--format and the options of tables need --against: the scores are CSV",
        hint: "name the columns to compare with, such as --against yesterday")
    }
    let console = invocation.console
    let path = try invocation.required(Self.file)
    let threshold = invocation[Self.threshold] ?? SeriesScores.usualThreshold
    let (time, value) = (invocation[Self.timeColumn], invocation[Self.valueColumn])
    let scores: SeriesScores
    if let out = invocation[Self.out] {
      let file = try PartialFile(for: URL(filePath: out))
      do {
        scores = try SeriesScores(of: path, time: time, value: value, threshold: threshold) {
          bytes in
          try bytes.withUnsafeBytes { try file.write($0) }
        }
        try file.finish()
      } catch {
        file.discard()
        throw error
      }
      try console.write(console.isJSON ? scores.json(out: out).lines : scores.text(out: out))
    } else {
      guard !console.isJSON else {
        throw Fault.usage(
          "--json without --out: the scores are CSV", hint: "add --out FILE for the scores")
      }
      scores = try SeriesScores(of: path, time: time, value: value, threshold: threshold) {
        bytes in
        try console.write(String(decoding: bytes, as: UTF8.self))
      }
    }
    return invocation[Self.failOnAnomaly] && scores.hasAnomaly ? .finding : .ok
  }
}
