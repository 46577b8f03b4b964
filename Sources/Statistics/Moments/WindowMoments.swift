/// Mean and spread of the last values of a series, at constant cost per value.
///
/// Nothing is ever subtracted: the window is a queue of two stacks, the older half as moments of
/// all its suffixes, the newer as one sum (the two-stack queue of sliding-window aggregation,
/// Tangwongsan and others 2015). Once per window length the newer half is turned round, so the cost
/// per value is constant on average.
package struct WindowMoments: Sendable, Equatable, Codable {
  /// The greatest number of values; 0 for no limit.
  package let capacity: Int
  // Suffix moments of the older values; the last element is that of all of them.
  private var older: [RunningMoments] = []
  private var newerValues: [Double] = []
  private var newer = RunningMoments()

  /// Makes an empty window.
  ///
  /// - Parameter capacity: the greatest number of values; 0 or less for no limit
  package init(capacity: Int) {
    self.capacity = max(0, capacity)
  }

  /// How many values the window holds.
  package var count: Int { older.count + newer.count }

  /// The moments of all values in the window.
  package var moments: RunningMoments {
    guard var moments = older.last else { return newer }
    moments.merge(newer)
    return moments
  }

  /// Adds a value; the oldest leaves a window that is full.
  ///
  /// - Parameter value: a finite value
  package mutating func add(_ value: Double) {
    newer.add(value)
    guard capacity > 0 else { return }
    newerValues.append(value)
    guard count > capacity else { return }
    if older.isEmpty {
      var suffix = RunningMoments()
      for value in newerValues.reversed() {
        suffix.add(value)
        older.append(suffix)
      }
      newerValues = []
      newer = RunningMoments()
    }
    older.removeLast()
  }
}
