/// A sum whose error does not grow with the number of terms (Neumaier 1974).
package struct CompensatedSum: Sendable, Equatable, Codable {
  private var sum = 0.0
  private var lost = 0.0

  /// Makes an empty sum.
  package init() {}

  /// Makes the sum of a sequence.
  ///
  /// - Parameter terms: finite terms
  package init(_ terms: some Sequence<Double>) {
    for term in terms { add(term) }
  }

  /// Adds a term.
  ///
  /// - Parameter term: a finite term
  package mutating func add(_ term: Double) {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  /// The sum.
  package var value: Double { sum + lost }
}
