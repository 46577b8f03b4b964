#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How rare a size is among all sizes before it, also beyond the greatest of them.
///
/// Kept are the k greatest sizes u₁ ≥ … ≥ u_k of n. Beyond u_k the tail is taken for a power law whose
/// index is the mean of ln(uᵢ/u_k) (Hill 1975): P(U > u) = (k/n) (u/u_k)^(−1/ξ). So the answer depends
/// on ranks and ratios alone, not on the unit or the shape of the bulk.
package struct TailRarity: Sendable, Equatable, Codable {
  /// k, how many sizes are kept.
  package let capacity: Int
  /// n, how many sizes were added.
  package private(set) var count = 0
  // Greatest first.
  private var greatest: [Double] = []

  /// Makes an empty sample.
  ///
  /// - Parameter capacity: k, 2 or more
  package init(capacity: Int = 40) {
    self.capacity = max(2, capacity)
  }

  /// The probability of a size above u.
  ///
  /// - Parameter size: u, 0 or more
  /// - Returns: 0 to 1; of sizes outside the tail, at most a twentieth of all, the share of the tail
  package func probability(above size: Double) -> Double {
    let used = min(greatest.count, max(2, count / 20))
    guard count > 0, used >= 2, size > 0 else { return 1 }
    let edge = greatest[used - 1]
    guard size > edge else {
      // Not in the tail: how common it is does not matter.
      return Double(used) / Double(count)
    }
    guard edge > 0 else { return 1 / Double(count + 1) }
    return Double(used) / Double(count) * pow(size / edge, -1 / index(used, edge))
  }

  /// The size above which only a share lies.
  ///
  /// - Parameter probability: above 0 and below 1
  /// - Returns: the size; infinity while nothing is known
  package func size(at probability: Double) -> Double {
    let used = min(greatest.count, max(2, count / 20))
    guard used >= 2 else { return .infinity }
    let edge = greatest[used - 1]
    guard edge > 0 else { return .infinity }
    return edge * pow(Double(used) / Double(count) / probability, index(used, edge))
  }

  /// Adds a size.
  ///
  /// - Parameter size: finite, 0 or more
  package mutating func add(_ size: Double) {
    count += 1
    guard greatest.count < capacity || size > (greatest.last ?? 0) else { return }
    var low = 0
    var high = greatest.count
    while low < high {
      let middle = (low + high) / 2
      if greatest[middle] >= size { low = middle + 1 } else { high = middle }
    }
    greatest.insert(size, at: low)
    if greatest.count > capacity { greatest.removeLast() }
  }

  // A few pseudo-observations of an ordinary tail keep ties from making every new size impossible.
  private func index(_ used: Int, _ edge: Double) -> Double {
    var sum = CompensatedSum()
    for size in greatest[..<used] { sum.add(log(size / edge)) }
    return (sum.value + 4 * 0.25) / (Double(used) + 4)
  }
}
