/// The last values of a series in the order of time and in the order of size.
///
/// A new value costs a binary search and one move of memory of the window's size.
package struct SortedWindow: Sendable, Equatable, Codable {
  /// The greatest number of values, 1 or more.
  package let capacity: Int
  private var ring: [Double] = []
  private var oldest = 0
  /// The values by size, least first.
  package private(set) var sorted: [Double] = []

  /// Makes an empty window.
  ///
  /// - Parameter capacity: the greatest number of values; below 1 counts as 1
  package init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// How many values the window holds.
  package var count: Int { sorted.count }

  /// Adds a value; the oldest leaves a window that is full.
  ///
  /// - Parameter value: a finite value
  package mutating func add(_ value: Double) {
    if ring.count < capacity {
      ring.append(value)
    } else {
      sorted.remove(at: Self.position(of: ring[oldest], in: sorted))
      ring[oldest] = value
      oldest = (oldest + 1) % capacity
    }
    sorted.insert(value, at: Self.position(of: value, in: sorted))
  }

  /// Finds a quantile by linear interpolation between neighbours (type 7 of Hyndman and Fan 1996,
  /// SQL's PERCENTILE_CONT).
  ///
  /// - Parameter share: from 0 to 1
  /// - Returns: the quantile; nil when the window is empty or `share` out of range
  package func quantile(_ share: Double) -> Double? {
    guard !sorted.isEmpty, share >= 0, share <= 1 else { return nil }
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }

  /// The median; nil when the window is empty.
  package var median: Double? { quantile(0.5) }

  /// Finds the median of the absolute distances from a centre, walking outward from it once.
  ///
  /// - Parameter centre: a finite number
  /// - Returns: the median absolute deviation; nil when the window is empty
  package func medianAbsoluteDeviation(from centre: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    var right = Self.position(of: centre, in: sorted)
    var left = right - 1
    // Of an even number the two middle distances are averaged.
    let upperRank = sorted.count / 2
    var before = 0.0
    for rank in 0...upperRank {
      let below = left >= 0 ? centre - sorted[left] : .infinity
      let above = right < sorted.count ? sorted[right] - centre : .infinity
      let distance = min(below, above)
      if below <= above { left -= 1 } else { right += 1 }
      if rank == upperRank {
        return sorted.count % 2 == 1 ? distance : before + (distance - before) / 2
      }
      before = distance
    }
    return nil
  }

  /// The mean of the absolute distances from a centre.
  ///
  /// - Parameter centre: a finite number
  /// - Returns: the mean absolute deviation; nil when the window is empty
  package func meanAbsoluteDeviation(from centre: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    return CompensatedSum(sorted.lazy.map { abs($0 - centre) }).value / Double(sorted.count)
  }

  /// The first position whose value is not less.
  private static func position(of value: Double, in sorted: [Double]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
