/// Judges whether a value of a series stands out from the rest: mean + k standard deviations.
///
/// Two forms exist. ``Form/parity`` reproduces a common but weak rule: the candidate is part of
/// its own baseline, so its z can never exceed (n − 1)/√n and at n = 10 nothing can pass 3 σ
/// ("masking"). ``Form/leaveOneOut(minimumSample:)`` judges the candidate by all other values.
package struct SigmaDetector: Sendable, Equatable {
  /// What the baseline of a candidate is.
  package enum Form: Sendable, Equatable {
    /// The whole series, candidate inside; anomalous when strictly above mean + k · sample SD. The
    /// guards ``minimumVolume`` and ``minimumEffect`` do not apply.
    case parity
    /// All values except the candidate, at least `minimumSample` of them (never fewer than two).
    case leaveOneOut(minimumSample: Int)
  }

  /// What the baseline is.
  package let form: Form
  /// How many standard deviations a candidate must exceed (k).
  package let sigmas: Double
  /// The side that is of interest; the parity form always looks above.
  package let direction: DepartureDirection
  /// The least volume (payments behind the candidate) that allows a verdict.
  package let minimumVolume: Double
  /// The least distance from the mean, in the unit of the series, that matters; a candidate must be
  /// farther away than this. Where the baseline has no spread this alone decides.
  package let minimumEffect: Double

  /// Makes a detector.
  ///
  /// - Parameters:
  ///   - form: parity or leave-one-out
  ///   - sigmas: k, the number of standard deviations
  ///   - direction: the side of interest
  ///   - minimumVolume: least volume behind a candidate
  ///   - minimumEffect: least distance from the mean, in the unit of the series
  package init(
    form: Form = .leaveOneOut(minimumSample: 30), sigmas: Double = 3,
    direction: DepartureDirection = .above, minimumVolume: Double = 0, minimumEffect: Double = 0
  ) {
    self.form = form
    self.sigmas = sigmas
    self.direction = direction
    self.minimumVolume = minimumVolume
    self.minimumEffect = minimumEffect
  }

  /// Judges one value of a series.
  ///
  /// - Parameters:
  ///   - index: the candidate's index in `series`
  ///   - series: the values; those that are not finite (a rate of nothing) are left out
  ///   - volume: how many events are behind the candidate; nil when it has no meaning
  /// - Returns: the verdict with its numbers
  package func judge(
    at index: Int, in series: [Double], volume: Double? = nil
  ) -> SigmaJudgement {
    var baseline = RunningMoments()
    for (position, value) in series.enumerated()
    where value.isFinite && (form == .parity || position != index) {
      baseline.add(value)
    }
    let candidate = series.indices.contains(index) ? series[index] : .nan
    return judge(candidate, against: baseline, volume: volume)
  }

  /// Judges each value of a series, in one pass for all of them.
  ///
  /// - Parameters:
  ///   - series: n values; those that are not finite are left out of each baseline
  ///   - volumes: n volumes, or nil when volume has no meaning
  /// - Returns: n judgements, in the order of `series`
  package func judgeAll(_ series: [Double], volumes: [Double]? = nil) -> [SigmaJudgement] {
    let finite = series.filter(\.isFinite)
    let whole = RunningMoments(finite)
    var baselines = (form == .parity ? [] : RunningMoments.leaveOneOut(of: finite)).makeIterator()
    return series.enumerated().map { index, value in
      let volume = volumes.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      guard value.isFinite else { return judge(value, against: whole, volume: volume) }
      return judge(value, against: baselines.next() ?? whole, volume: volume)
    }
  }

  /// Judges a value by a baseline that the caller has built.
  ///
  /// - Parameters:
  ///   - candidate: the value
  ///   - baseline: the moments of its baseline; the parity form expects the candidate inside
  ///   - volume: how many events are behind the candidate; nil when it has no meaning
  /// - Returns: the verdict with its numbers
  package func judge(
    _ candidate: Double, against baseline: RunningMoments, volume: Double? = nil
  ) -> SigmaJudgement {
    SigmaJudgement(
      value: candidate, mean: baseline.mean,
      standardDeviation: baseline.sampleStandardDeviation, sampleSize: baseline.count,
      sigmas: sigmas, verdict: verdict(on: candidate, baseline: baseline, volume: volume))
  }

  private func verdict(
    on candidate: Double, baseline: RunningMoments, volume: Double?
  ) -> SigmaJudgement.Verdict {
    guard candidate.isFinite else { return .notEnoughData(.missingValue) }
    guard case .leaveOneOut(let minimumSample) = form else {
      guard let deviation = baseline.sampleStandardDeviation else {
        return .notEnoughData(.smallSample(have: baseline.count, need: 2))
      }
      let isAbove = candidate > baseline.mean + sigmas * deviation
      return isAbove ? .anomalous(z: (candidate - baseline.mean) / deviation) : .normal
    }
    if let volume, volume < minimumVolume {
      return .notEnoughData(.smallVolume(have: volume, need: minimumVolume))
    }
    let needed = max(2, minimumSample)
    guard baseline.count >= needed, let deviation = baseline.sampleStandardDeviation else {
      return .notEnoughData(.smallSample(have: baseline.count, need: needed))
    }
    let distance = candidate - baseline.mean
    guard direction.includes(distance), abs(distance) > minimumEffect else { return .normal }
    // Without spread the quotient is ±infinity: above every k, decided by the effect alone.
    let z = distance / deviation
    return abs(z) > sigmas ? .anomalous(z: z) : .normal
  }
}
