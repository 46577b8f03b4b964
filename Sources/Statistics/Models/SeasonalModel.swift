internal import Glibc

/// A baseline for each hour of the week on business days and each hour of weekends and holidays.
///
/// The mean of a slot is shrunk towards that of its hour on such days, and this towards the overall
/// mean: m′ = (n m + κ m_parent)/(n + κ), the posterior mean of a normal mean with a normal prior
/// worth κ points (Gelman and others, "Bayesian Data Analysis", ch. 5). So a new series starts with
/// the overall level and becomes seasonal as history grows. The spread is the root of the mean
/// squared error of the forecasts made so far, by hour, shrunk in the same way.
///
/// With a level weight α the week is scaled to the present: the expectation is m times the ratio of
/// the values of the last 1/α points to their m, both faded by 1 − α a point. So a busy or quiet
/// day, as after payday, is not one long departure; a sudden change still is.
///
/// With a shift δ each value also gives evidence for a level of (1 + δ) m against m with the same
/// spread: the logarithm of the likelihood ratio, as in ``RateModel``.
package struct SeasonalModel: BaselineModel {
  /// k, the number of standard deviations.
  package let sigmas: Double
  /// κ, how many points the level above is worth.
  package let shrinkage: Double
  /// λ, the weight of a new point in its slot once there are more than 1/λ.
  package let weight: Double
  /// δ, the relative change of the level to find evidence for; 0 for none.
  package let shift: Double
  /// α, the weight of a point in the level of the present; 0 for the week alone.
  package let levelWeight: Double
  private var overall: DecayingMoments
  private var hours: [Int: DecayingMoments] = [:]
  private var slots: [Int: DecayingMoments] = [:]
  // Squared errors; only their means are used.
  private var error: DecayingMoments
  private var hourErrors: [Int: DecayingMoments] = [:]
  // The recent sum of values, and the sum that the week expected.
  private var recent = 0.0
  private var recentExpected = 0.0

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - sigmas: k
  ///   - shrinkage: κ, points, 0 or more
  ///   - weight: λ, above 0 and up to 1
  ///   - shift: δ, -1 or more
  ///   - levelWeight: α, 0 up to below 1
  package init(
    sigmas: Double, shrinkage: Double, weight: Double, shift: Double,
    levelWeight: Double
  ) {
    self.sigmas = sigmas
    self.shrinkage = shrinkage
    self.weight = weight
    self.shift = shift
    self.levelWeight = levelWeight
    // Slots of an hour and hours of a week share the memory of a slot in time.
    overall = DecayingMoments(weight: weight / 168)
    error = DecayingMoments(weight: weight / 168)
  }

  package var sampleSize: Int { error.count }
  package var untrained: SeasonalModel {
    SeasonalModel(
      sigmas: sigmas, shrinkage: shrinkage, weight: weight, shift: shift, levelWeight: levelWeight)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard error.count > 0 else { return nil }
    var variance = error.mean
    if let slot = point.slot, let own = hourErrors[slot.hourIndex] {
      variance = shrunk(own, towards: variance)
    }
    let expected = expectation(of: point.slot)
    var assessment = Assessment(
      point.value, expected: expected, spread: variance.squareRoot(), sigmas: sigmas)
    if shift != 0, variance > 0 {
      let (usual, changed) = (point.value - expected, point.value - (1 + shift) * expected)
      assessment.evidence = (usual * usual - changed * changed) / (2 * variance) / log(10)
    }
    return assessment
  }

  package mutating func absorb(_ point: SeriesPoint) {
    if overall.count > 0 {
      let usual = usual(at: point.slot)
      let miss = point.value - usual * level
      recent += levelWeight * (point.value - recent)
      recentExpected += levelWeight * (usual - recentExpected)
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

  /// Moves the whole week by the median departure, or scales it: a new level keeps the shape of the
  /// week.
  package mutating func rebase(on points: [SeriesPoint]) {
    if levelWeight > 0 {
      (recent, recentExpected) = (0, 0)
      for point in points {
        recent += point.value / Double(points.count)
        recentExpected += usual(at: point.slot) / Double(points.count)
      }
      return
    }
    var departures = SortedWindow(capacity: points.count)
    for point in points { departures.add(point.value - expectation(of: point.slot)) }
    guard let shift = departures.median else { return }
    overall.shift(by: shift)
    for key in hours.keys { hours[key]?.shift(by: shift) }
    for key in slots.keys { slots[key]?.shift(by: shift) }
  }

  private func expectation(of slot: SeasonSlot?) -> Double { usual(at: slot) * level }

  private var level: Double {
    levelWeight > 0 && recent > 0 && recentExpected > 0 ? recent / recentExpected : 1
  }

  /// The value that the week alone expects.
  private func usual(at slot: SeasonSlot?) -> Double {
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
