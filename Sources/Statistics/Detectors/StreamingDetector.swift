/// A detector that judges the points of a series one after another, each by those before it.
///
/// Its whole state is a small value that can be encoded, and decoded to continue where it stopped.
package protocol StreamingDetector: Sendable, Codable {
  /// Judges the next point, then learns from it if it is fit for the baseline.
  ///
  /// - Parameter point: the next point
  /// - Returns: the judgement, based on the points before
  mutating func judge(_ point: SeriesPoint) -> DetectorJudgement

  /// Whether another detector is of the same kind and has the same parameters; what was learned
  /// does not count.
  ///
  /// - Parameter other: another detector
  /// - Returns: whether the two would judge alike if they had seen the same points
  func isConfigured(as other: any StreamingDetector) -> Bool
}

extension StreamingDetector {
  /// Judges points one after another.
  ///
  /// - Parameter points: n points in the order of time
  /// - Returns: n judgements
  package mutating func judgeAll(_ points: some Sequence<SeriesPoint>) -> [DetectorJudgement] {
    points.map { judge($0) }
  }
}
