internal import Glibc

/// How rare a size is compared with all sizes before it, even beyond the greatest of them.
///
/// Keeps the k greatest sizes u₁ ≥ … ≥ u_k of n. Beyond u_k the tail is modelled as a power law
/// whose index is the mean of ln(uᵢ/u_k) (Hill 1975): P(U > u) = (k/n) (u/u_k)^(−1/ξ). So the
/// answer depends on ranks and ratios alone, not on the unit or the shape of the bulk.
///
/// It covers at least the last ``horizon`` sizes and at most twice as many, so that the tail stays
/// the same share of a long series, and old giants are forgotten.
package struct TailRarity: Sendable, Equatable, Codable {
  /// k, how many sizes are kept.
  package let capacity: Int
  /// The number of sizes after which older ones are forgotten.
  package let horizon: Int
  /// n, how many sizes are known.
  package private(set) var count = 0
  // Greatest first: of all sizes covered, and of the newer part of them.
  private var greatest: [Double] = []
  private var young: [Double] = []
  private var youngCount = 0

  /// Makes an empty sample.
  ///
  /// - Parameters:
  ///   - capacity: k, 2 or more
  ///   - horizon: the number of sizes after which older ones are forgotten, 20 k or more
  package init(capacity: Int = 40, horizon: Int = 20_000) {
    self.capacity = max(2, capacity)
    self.horizon = max(20 * self.capacity, horizon)
  }

  /// The probability of a size above u.
  ///
  /// - Parameter size: u, 0 or more
  /// - Returns: 0 to 1; 1 for every size outside the tail, which is at most a twentieth of all
  package func probability(above size: Double) -> Double {
    let used = min(greatest.count, max(2, count / 20))
    guard count > 0, used >= 2, size > 0 else { return 1 }
    let edge = greatest[used - 1]
    // Outside the tail: how common it is does not matter.
    guard size > edge else { return 1 }
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
    youngCount += 1
    insert(size, into: &greatest)
    insert(size, into: &young)
    guard youngCount == horizon else { return }
    (greatest, count) = (young, youngCount)
    (young, youngCount) = ([], 0)
  }

  private func insert(_ size: Double, into kept: inout [Double]) {
    guard kept.count < capacity || size > (kept.last ?? 0) else { return }
    var low = 0
    var high = kept.count
    while low < high {
      let middle = (low + high) / 2
      if kept[middle] >= size { low = middle + 1 } else { high = middle }
    }
    kept.insert(size, at: low)
    if kept.count > capacity { kept.removeLast() }
  }

  // A few pseudo-observations of an ordinary tail keep ties from making every new size impossible.
  private func index(_ used: Int, _ edge: Double) -> Double {
    var sum = CompensatedSum()
    for size in greatest[..<used] { sum.add(log(size / edge)) }
    return (sum.value + 4 * 0.25) / (Double(used) + 4)
  }
}
