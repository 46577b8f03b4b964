/// Count, mean and sum of squared deviations of a sample, kept in one pass (Welford's recurrence).
///
/// Deviations are taken from the running mean, so a large common offset (timestamps, balances) does
/// not eat the digits of the spread the way a sum of squares does. Two samples add up with
/// ``merge(_:)`` (Chan, Golub and LeVeque 1979).
package struct RunningMoments: Sendable, Equatable, Codable {
  /// How many values the sample holds.
  package private(set) var count: Int
  /// The arithmetic mean; 0 for an empty sample.
  package private(set) var mean: Double
  /// The sum of squared deviations from the mean.
  package private(set) var sumOfSquares: Double

  /// Makes an empty sample.
  package init() {
    count = 0
    mean = 0
    sumOfSquares = 0
  }

  /// Makes the moments of all values of a sequence.
  ///
  /// - Parameter values: the sample, in any order
  package init(_ values: some Sequence<Double>) {
    self.init()
    for value in values { add(value) }
  }

  /// Adds one value to the sample.
  ///
  /// - Parameter value: the value, finite
  package mutating func add(_ value: Double) {
    count += 1
    let before = value - mean
    mean += before / Double(count)
    sumOfSquares += before * (value - mean)
  }

  /// Takes one value, which must have been added before, out of the sample.
  ///
  /// This subtracts, so the error is a few units in the last place of the sum of squares *before*
  /// the removal: after removing a giant, little of a small spread is left. Where that matters use
  /// ``leaveOneOut(of:)``, which never subtracts.
  ///
  /// - Parameter value: a value that is in the sample
  package mutating func remove(_ value: Double) {
    guard count > 1 else {
      self = RunningMoments()
      return
    }
    let after = value - mean
    mean -= after / Double(count - 1)
    count -= 1
    sumOfSquares = count == 1 ? 0 : max(0, sumOfSquares - after * (value - mean))
  }

  /// Adds another sample to this one.
  ///
  /// - Parameter other: the moments of a disjoint sample
  package mutating func merge(_ other: RunningMoments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count + other.count)
    let delta = other.mean - mean
    sumOfSquares +=
      other.sumOfSquares + delta * delta * (Double(count) * (Double(other.count) / total))
    mean += delta * (Double(other.count) / total)
    count += other.count
  }

  /// The variance of the sample as an estimate of its population's (divisor n − 1); nil below two
  /// values.
  package var sampleVariance: Double? {
    count > 1 ? sumOfSquares / Double(count - 1) : nil
  }

  /// The square root of ``sampleVariance``: what SQL calls STDDEV_SAMP.
  package var sampleStandardDeviation: Double? { sampleVariance?.squareRoot() }

  /// Computes for each value the moments of all the other values.
  ///
  /// Prefixes and suffixes are merged, nothing is subtracted: a constant baseline beside a giant
  /// has a spread of exactly 0.
  ///
  /// - Parameter values: the whole sample, n values
  /// - Returns: n moments; the one at index i is that of the sample without `values[i]`
  package static func leaveOneOut(of values: [Double]) -> [RunningMoments] {
    var suffixes = [RunningMoments](repeating: RunningMoments(), count: values.count + 1)
    for index in values.indices.reversed() {
      suffixes[index] = suffixes[index + 1]
      suffixes[index].add(values[index])
    }
    var prefix = RunningMoments()
    return values.indices.map { index in
      var others = prefix
      others.merge(suffixes[index + 1])
      prefix.add(values[index])
      return others
    }
  }
}
