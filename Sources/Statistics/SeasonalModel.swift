/// A baseline for each hour of the week on business days and each hour of weekends and holidays.
///
/// The mean of a slot is shrunk towards that of its hour on such days, and this towards the overall
/// mean: m′ = (n m + κ m_parent)/(n + κ), the posterior mean of a normal mean with a normal prior worth
/// κ points (Gelman and others, "Bayesian Data Analysis", ch. 5). So a new series starts with the
/// overall level and becomes seasonal as history grows. The spread is the root of the mean squared
/// error of the forecasts made so far, by hour, shrunk in the same way.
package struct SeasonalModel: BaselineModel {
  /// k, the number of standard deviations.
  package let sigmas: Double
  /// κ, how many points the level above is worth.
  package let shrinkage: Double
  /// λ, the weight of a new point in its slot once there are more than 1/λ.
  package let weight: Double
  private var overall: DecayingMoments
  private var hours: [Int: DecayingMoments] = [:]
  private var slots: [Int: DecayingMoments] = [:]
  // Squared errors; only their means are used.
  private var error: DecayingMoments
  private var hourErrors: [Int: DecayingMoments] = [:]

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - sigmas: k
  ///   - shrinkage: κ, points, 0 or more
  ///   - weight: λ, above 0 and up to 1
  package init(sigmas: Double = 3, shrinkage: Double = 2, weight: Double = 0.1) {
    self.sigmas = sigmas
    self.shrinkage = shrinkage
    self.weight = weight
    // Slots of an hour and hours of a week share the memory of a slot in time.
    overall = DecayingMoments(weight: weight / 168)
    error = DecayingMoments(weight: weight / 168)
  }

  package var sampleSize: Int { error.count }
  package var untrained: SeasonalModel {
    SeasonalModel(sigmas: sigmas, shrinkage: shrinkage, weight: weight)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard error.count > 0 else { return nil }
    var variance = error.mean
    if let slot = point.slot, let own = hourErrors[slot.hourIndex] {
      variance = shrunk(own, towards: variance)
    }
    return Assessment(
      point.value, expected: expectation(of: point.slot), spread: variance.squareRoot(),
      sigmas: sigmas)
  }

  package mutating func absorb(_ point: SeriesPoint) {
    if overall.count > 0 {
      let miss = point.value - expectation(of: point.slot)
      error.add(miss * miss)
      if let slot = point.slot {
        hourErrors[slot.hourIndex, default: DecayingMoments(weight: weight / 5)].add(miss * miss)
      }
    }
    overall.add(point.value)
    guard let slot = point.slot else { return }
    hours[slot.hourIndex, default: DecayingMoments(weight: weight / 5)].add(point.value)
    slots[slot.index, default: DecayingMoments(weight: weight)].add(point.value)
  }

  /// Moves the whole week by the median departure: a new level keeps the shape of the week.
  package mutating func rebase(on points: [SeriesPoint]) {
    var departures = SortedWindow(capacity: points.count)
    for point in points { departures.add(point.value - expectation(of: point.slot)) }
    guard let shift = departures.median else { return }
    overall.shift(by: shift)
    for key in hours.keys { hours[key]?.shift(by: shift) }
    for key in slots.keys { slots[key]?.shift(by: shift) }
  }

  private func expectation(of slot: SeasonSlot?) -> Double {
    guard let slot else { return overall.mean }
    var mean = overall.mean
    if let own = hours[slot.hourIndex] { mean = shrunk(own, towards: mean) }
    if let own = slots[slot.index] { mean = shrunk(own, towards: mean) }
    return mean
  }

  private func shrunk(_ own: DecayingMoments, towards parent: Double) -> Double {
    let count = own.effectiveCount
    return parent + (count / (count + shrinkage)) * (own.mean - parent)
  }
}
