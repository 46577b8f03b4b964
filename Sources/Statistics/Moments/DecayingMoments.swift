/// Mean and variance in which old values fade: exact for the first 1/λ values, exponentially
/// weighted from then on.
///
/// With weight w = max(1/n, λ) for the n-th value x: d = x − m; m ← m + w d;
/// v ← (1 − w)(v + w d²) (Welford's recurrence with the weights of Finch, "Incremental
/// calculation of weighted mean and variance", 2009).
package struct DecayingMoments: Sendable, Equatable, Codable {
  /// λ, the weight of a new value once there are many, above 0 and up to 1.
  package let weight: Double
  /// How many values were added.
  package private(set) var count = 0
  /// The weighted mean; 0 without values.
  package private(set) var mean = 0.0
  /// The weighted variance as a population (no small-sample correction).
  package private(set) var populationVariance = 0.0
  private var squaredWeights = 0.0

  /// Makes empty moments.
  ///
  /// - Parameter weight: λ, above 0 and up to 1
  package init(weight: Double) {
    self.weight = weight
  }

  /// The number of equally weighted values that would be as informative: 1 / Σ wᵢ² (Kish 1965).
  package var effectiveCount: Double { squaredWeights > 0 ? 1 / squaredWeights : 0 }

  /// The unbiased variance, populationVariance / (1 − Σ wᵢ²); nil below two values.
  package var sampleVariance: Double? {
    count > 1 && squaredWeights < 1 ? populationVariance / (1 - squaredWeights) : nil
  }

  /// Adds a value.
  ///
  /// - Parameter value: a finite value
  package mutating func add(_ value: Double) {
    count += 1
    let share = max(1 / Double(count), weight)
    let departure = value - mean
    mean += share * departure
    populationVariance = (1 - share) * (populationVariance + share * departure * departure)
    squaredWeights = (1 - share) * (1 - share) * squaredWeights + share * share
  }

  /// Moves all values by the same amount.
  ///
  /// - Parameter amount: a finite amount
  package mutating func shift(by amount: Double) { mean += amount }
}
