internal import Glibc

/// Exact predictive bounds of a rate: how likely is k of n, given the events and trials before.
///
/// With K events in N trials before (fading by λ per point) the rate is (K + ½)/(N + 1) (Jeffreys'
/// prior), and the next count is beta-binomial with intra-class correlation ρ + 1/(N + 2): the
/// second part is the uncertainty of the rate, the first how much the rate itself varies from point
/// to point beyond chance. ρ is 0 for the plain binomial, or estimated by moments:
/// ρ = Σ(e² − 1)/Σ(n − 1) over points with n > 1, e the standardized errors of the forecasts made so
/// far, at most 5 (after Williams 1982).
///
/// With a shift δ each count also gives evidence for a rate of p + δ against p, with the same
/// correlation: the logarithm of the likelihood ratio, whose cumulative sum (Page 1954) finds such
/// a change soonest for a given rate of false alarms (Lorden 1971, Moustakides 1986).
package struct RateModel: BaselineModel {
  /// The probability on each side below which a count is outside.
  package let tail: Double
  /// λ, the weight of a new point; 0 keeps all points for ever.
  package let weight: Double
  /// Whether the rate may vary from point to point beyond chance.
  package let isOverdispersed: Bool
  /// δ, the change of the rate to find evidence for; 0 for none.
  package let shift: Double
  private var events = 0.0
  private var trials = 0.0
  private var excess = 0.0
  private var degrees = 0.0
  /// How many points were learned from.
  package private(set) var sampleSize = 0

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - tail: the probability on each side, above 0 and below 0.5; 0.00135 is that of three sigma
  ///   - weight: λ, 0 up to below 1
  ///   - isOverdispersed: whether ρ is estimated
  ///   - shift: δ, above -1 and below 1
  package init(
    tail: Double, weight: Double, isOverdispersed: Bool = true, shift: Double
  ) {
    self.tail = tail
    self.weight = weight
    self.isOverdispersed = isOverdispersed
    self.shift = shift
  }

  package var leastVolume: Double { 1 }
  package var untrained: RateModel {
    RateModel(tail: tail, weight: weight, isOverdispersed: isOverdispersed, shift: shift)
  }

  /// The rate, 0 to 1.
  package var rate: Double { (events + 0.5) / (trials + 1) }

  /// ρ, the correlation of two payments of one point beyond chance, 0 to 0.9.
  package var overdispersion: Double {
    isOverdispersed && degrees > 0 ? max(0, min(0.9, excess / degrees)) : 0
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard sampleSize > 0, let (k, n) = Self.counts(point) else { return nil }
    let correlation = overdispersion + 1 / (trials + 2)
    let concentration = 1 / min(0.95, correlation) - 1
    let distribution = BetaBinomial(
      trials: n, alpha: rate * concentration, beta: (1 - rate) * concentration)
    let above = distribution.upperTail(k)
    let below = distribution.lowerTail(k)
    let departure = Double(k) - distribution.mean
    return Assessment(
      expected: rate, lower: Double(distribution.lowerLimit(tail)) / Double(n),
      upper: Double(distribution.upperLimit(tail)) / Double(n),
      score: departure / distribution.variance.squareRoot(), effect: point.value - rate,
      tails: (below: below, above: above), isOutside: above < tail || below < tail,
      evidence: shift == 0 ? nil : evidence(of: k, against: distribution, concentration))
  }

  /// log10 of the likelihood of a count after the shift over that before it.
  private func evidence(
    of events: Int, against usual: BetaBinomial, _ concentration: Double
  ) -> Double {
    let changed = max(0.001, min(0.999, rate + shift))
    let shifted = BetaBinomial(
      trials: usual.trials, alpha: changed * concentration, beta: (1 - changed) * concentration)
    return (shifted.logProbability(events) - usual.logProbability(events)) / log(10)
  }

  package mutating func absorb(_ point: SeriesPoint) {
    guard let (k, n) = Self.counts(point) else { return }
    let count = Double(n)
    // A single event says nothing about the correlation of two. One wild point counts as five
    // standard errors, or rare events would look correlated for long.
    if sampleSize > 0, n > 1 {
      let error = Double(k) - count * rate
      let variance = count * rate * (1 - rate) * (1 + count / (trials + 2))
      let square = min(25, error * error / variance)
      excess = (1 - weight) * excess + (square - 1)
      degrees = (1 - weight) * degrees + (count - 1)
    }
    events = (1 - weight) * events + Double(k)
    trials = (1 - weight) * trials + count
    sampleSize += 1
  }

  /// Events and trials of a point; nil when it has no volume.
  private static func counts(_ point: SeriesPoint) -> (events: Int, trials: Int)? {
    guard let volume = point.volume, volume >= 1, volume < 1e15, point.value.isFinite else {
      return nil
    }
    let trials = volume.rounded()
    return (Int(max(0, min(trials, (point.value * volume).rounded()))), Int(trials))
  }
}
