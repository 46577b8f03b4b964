/// A baseline that is learned point by point. ``GuardedDetector`` adds guards and accepts new
/// levels.
///
/// The work for one point depends on the window or order of the model, never on the length of the
/// series, and so does the size of the encoded state.
package protocol BaselineModel: Sendable, Equatable, Codable {
  /// How many points the baseline rests on.
  var sampleSize: Int { get }

  /// Assesses a candidate by what was learned before it.
  ///
  /// - Parameter point: the candidate, finite unless ``judgesMissing``
  /// - Returns: the assessment; nil when nothing can be said yet
  func assess(_ point: SeriesPoint) -> Assessment?

  /// Adds a point to the baseline and advances time by one step.
  ///
  /// - Parameter point: a point, finite unless ``judgesMissing``
  mutating func absorb(_ point: SeriesPoint)

  /// Advances time by one step without learning; the default does nothing.
  ///
  /// - Parameter point: the point that is not learned from; without a value when it was not
  ///   observed, belongs to an incident or stands for too few events
  mutating func pass(_ point: SeriesPoint)

  /// Accepts a new level.
  ///
  /// - Parameter points: the points that were outside, in the order of time
  mutating func rebase(on points: [SeriesPoint])

  /// The model before it has learned anything.
  var untrained: Self { get }

  /// Whether a point without a value is a finding rather than a gap.
  var judgesMissing: Bool { get }

  /// Whether points outside the bounds are learned from all the same.
  var learnsAnomalies: Bool { get }

  /// Whether there is no verdict before enough points were learned from.
  var needsBaseline: Bool { get }

  /// The least sample that the model itself needs.
  var leastSample: Int { get }

  /// The least volume that the model itself needs; 0 when it needs none.
  var leastVolume: Double { get }
}

extension BaselineModel {
  package var judgesMissing: Bool { false }
  package var learnsAnomalies: Bool { false }
  package var needsBaseline: Bool { true }
  package var leastSample: Int { 2 }
  package var leastVolume: Double { 0 }

  package mutating func pass(_ point: SeriesPoint) {}

  /// Forgets the old level and learns the new one.
  package mutating func rebase(on points: [SeriesPoint]) {
    self = untrained
    for point in points { absorb(point) }
  }
}
