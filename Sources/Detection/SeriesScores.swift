internal import Ingest
internal import PayopsCore
internal import Statistics
package import Tabular

/// The scores of the points of a series in a file, and the anomalies among them.
package struct SeriesScores: Sendable {
  /// The default score at or above which a point is an anomaly.
  package static let usualThreshold = SeriesScorer.standardThreshold

  /// The score at or above which a point is an anomaly.
  package let threshold: Double
  private var points = 0
  private var missing = 0
  private var anomalies: [(timestamp: String, score: Double)] = []
  private var greatest: (timestamp: String, score: Double)?

  /// Whether a point is an anomaly.
  package var hasAnomaly: Bool { !anomalies.isEmpty }

  /// Scores each point of a file by those before it.
  ///
  /// - Parameters:
  ///   - path: the file; - for standard input
  ///   - time: the column of the time; nil for `timestamp`, else the first one
  ///   - value: the column of the value; nil for `value`, else the next one
  ///   - threshold: the score at or above which a point is an anomaly
  ///   - sink: receives the scores as CSV
  package init(
    of path: String, time: String? = nil, value: String? = nil, threshold: Double,
    to sink: ([UInt8]) throws -> Void
  ) throws {
    self.threshold = threshold
    let reader = try SeriesReader(
      path == "-" ? .standardInput : .file(path: path),
      name: path == "-" ? "standard input" : path, time: time, value: value)
    var scorer = SeriesScorer()
    var writer = CSVWriter()
    writer.write(["timestamp", "value", "anomaly_score", "label"])
    while let record = try reader.next() {
      let score = scorer.score(
        record.value ?? .nan, atSeconds: Double(record.time.secondsSinceEpoch))
      writer.write([record.timestamp, record.text, "\(score)", record.label ?? "0"])
      if writer.bytes.count > 1 << 16 { try sink(writer.take()) }
      points += 1
      if record.value == nil { missing += 1 }
      if score >= threshold { anomalies.append((record.timestamp, score)) }
      if score > greatest?.score ?? 0 { greatest = (record.timestamp, score) }
    }
    try sink(writer.take())
  }

  /// The result, for people.
  ///
  /// - Parameter out: the file that holds the scores
  package func text(out: String) -> String {
    var text = "\(points.grouped) points in \(out),"
    text += " \(anomalies.count.grouped) with a score of \(threshold) or more\n"
    if let greatest {
      let score = (greatest.score * 1000).rounded() / 1000
      text += "greatest score \(score) at \(greatest.timestamp)\n"
    }
    if missing > 0 { text += "\(missing.grouped) points have no value\n" }
    return text
  }

  /// The result as JSON.
  ///
  /// - Parameter out: the file that holds the scores
  package func json(out: String) -> JSON {
    .pairs([
      "file": .string(out), "points": .integer(points), "missing": .integer(missing),
      "threshold": .number("\(threshold)"),
      "anomalies": .array(
        anomalies.map {
          .pairs(["timestamp": .string($0.timestamp), "score": .number("\($0.score)")])
        }),
    ])
  }
}
