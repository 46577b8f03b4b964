/// The mean and standard deviation that a control chart compares with: given, or learned from the
/// first points and then frozen, so that a slow drift cannot move them.
package struct PhaseOne: Sendable, Equatable, Codable {
  /// The number of points to learn from.
  package let length: Int
  private let given: Bool
  private var moments = RunningMoments()
  private let givenMean: Double
  private let givenDeviation: Double

  /// Learns from the first points.
  ///
  /// - Parameter length: the number of points, 2 or more
  package init(length: Int) {
    self.length = max(2, length)
    (given, givenMean, givenDeviation) = (false, 0, 0)
  }

  /// Takes known values.
  ///
  /// - Parameters:
  ///   - mean: the target, in the unit of the series
  ///   - standardDeviation: the spread of single points about it, 0 or more
  package init(mean: Double, standardDeviation: Double) {
    length = 2
    (given, givenMean, givenDeviation) = (true, mean, standardDeviation)
  }

  /// The same phase before any point.
  package var untrained: PhaseOne {
    given
      ? PhaseOne(mean: givenMean, standardDeviation: givenDeviation) : PhaseOne(length: length)
  }

  /// Whether points are still learned from.
  package var isLearning: Bool { !given && moments.count < length }

  /// How many points were learned from; a given target counts as a full sample.
  package var sampleSize: Int { given ? Int.max : moments.count }

  /// The mean, in the unit of the series.
  package var mean: Double { given ? givenMean : moments.mean }

  /// The standard deviation of single points.
  package var standardDeviation: Double {
    given ? givenDeviation : moments.sampleStandardDeviation ?? 0
  }

  /// Learns from a point.
  ///
  /// - Parameter value: a finite value
  package mutating func add(_ value: Double) { moments.add(value) }
}
