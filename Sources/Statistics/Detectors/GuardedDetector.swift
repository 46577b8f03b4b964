/// A model with the guards that all detectors share.
///
/// A point outside the bounds, whichever side is of interest, and a point of a confirmed incident
/// do not enter the baseline. So that no detector stays stuck, a level that lasts is accepted after
/// ``DetectorGuards/acceptAfter`` points: each point outside counts one up, each point inside one
/// down.
package struct GuardedDetector<Model: BaselineModel>: StreamingDetector, Equatable {
  /// The conditions of a verdict.
  package let guards: DetectorGuards
  /// What was learned.
  package private(set) var model: Model
  /// The points outside the bounds that may become a new level, fewer than
  /// ``DetectorGuards/acceptAfter``.
  package private(set) var pending: [SeriesPoint] = []

  /// Makes a detector.
  ///
  /// - Parameters:
  ///   - model: the model, trained or not
  ///   - guards: the conditions of a verdict
  package init(_ model: Model, guards: DetectorGuards = DetectorGuards()) {
    self.model = model
    self.guards = guards
  }

  package mutating func judge(_ point: SeriesPoint) -> DetectorJudgement {
    let assessment = assess(point)
    let sample = model.sampleSize
    let (verdict, isOutside) = verdict(on: point, assessment)
    learn(point, verdict, isOutside: isOutside)
    func finite(_ bound: Double?) -> Double? { bound.flatMap { $0.isFinite ? $0 : nil } }
    return DetectorJudgement(
      value: point.value, expected: finite(assessment?.expected), lower: finite(assessment?.lower),
      upper: finite(assessment?.upper), score: assessment?.score,
      pValue: assessment?.pValue(guards.direction), sampleSize: sample, verdict: verdict,
      evidence: assessment?.evidence)
  }

  package func isConfigured(as other: any StreamingDetector) -> Bool {
    guard let other = other as? Self else { return false }
    return guards == other.guards && model.untrained == other.model.untrained
  }

  private func assess(_ point: SeriesPoint) -> Assessment? {
    guard point.value.isFinite || model.judgesMissing, !isTooSmall(point) else { return nil }
    return model.assess(point)
  }

  private func verdict(
    on point: SeriesPoint, _ assessment: Assessment?
  ) -> (DetectorJudgement.Verdict, isOutside: Bool) {
    guard point.value.isFinite || model.judgesMissing else {
      return (.notEnoughData(.missingValue), false)
    }
    if isTooSmall(point) {
      let need = max(guards.minimumVolume, model.leastVolume)
      return (.notEnoughData(.smallVolume(have: point.volume ?? 0, need: need)), false)
    }
    let need = model.needsBaseline ? max(guards.minimumSample, model.leastSample) : 0
    guard let assessment, model.sampleSize >= need else {
      return (.notEnoughData(.smallSample(have: model.sampleSize, need: need)), false)
    }
    guard assessment.isOutside, abs(assessment.effect) > guards.minimumEffect else {
      return (.normal, false)
    }
    return (guards.direction.includes(assessment.score) ? .anomalous : .normal, true)
  }

  private func isTooSmall(_ point: SeriesPoint) -> Bool {
    let volume = point.volume ?? (model.leastVolume > 0 ? 0 : .infinity)
    return volume < max(guards.minimumVolume, model.leastVolume)
  }

  private mutating func learn(
    _ point: SeriesPoint, _ verdict: DetectorJudgement.Verdict, isOutside: Bool
  ) {
    guard point.value.isFinite || model.judgesMissing, !point.isExcluded, !isTooSmall(point) else {
      model.pass(SeriesPoint(.nan, slot: point.slot, isExcluded: point.isExcluded))
      return
    }
    guard isOutside, !model.learnsAnomalies else {
      model.absorb(point)
      if verdict == .normal, !pending.isEmpty { pending.removeFirst() }
      return
    }
    model.pass(point)
    pending.append(point)
    guard pending.count >= guards.acceptAfter else { return }
    model.rebase(on: pending)
    pending = []
  }
}
