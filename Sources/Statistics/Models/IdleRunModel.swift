internal import Glibc

/// Finds that nothing arrives, or that nothing moves, for longer than chance explains.
///
/// A step is idle or busy. With s = P(idle after busy) and q = P(idle after idle), both learned, a
/// run of r idle steps has probability s q^(r − 1) (a two-state Markov chain); it is outside when
/// this is below the limit and the run is longer than any that was accepted before. The score is
/// the decimal logarithm of that probability, 0 or less.
package struct IdleRunModel: BaselineModel {
  /// What an idle step is.
  package enum Kind: String, Sendable, Codable {
    /// No data: there is no value, or it is 0 or less.
    case noData
    /// No progress: the value is that of the step before, although the volume (work outstanding) is
    /// not 0.
    case noProgress
  }

  /// What an idle step is.
  package let kind: Kind
  /// The probability below which a run is outside.
  package let limit: Double
  /// The least number of idle steps that can be outside, 1 or more.
  package let minimumRun: Int
  /// How many points were learned from.
  package private(set) var sampleSize = 0
  /// How many steps the present run has, 0 when the last one was busy.
  package private(set) var run = 0
  /// The longest run that was accepted.
  package private(set) var longest = 0
  // Whether every step of the present run may be learned from.
  private var isUsual = true
  private var last: Double?
  private var afterBusy = Transitions()
  private var afterIdle = Transitions()
  private var usual = DecayingMoments(weight: 0.01)

  private struct Transitions: Sendable, Equatable, Codable {
    var count = 0
    var idle = 0

    /// Laplace's rule of succession.
    var probability: Double { Double(idle + 1) / Double(count + 2) }
  }

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - kind: what an idle step is
  ///   - limit: the probability below which a run is outside, above 0 and below 1
  ///   - minimumRun: least number of idle steps, 1 or more
  package init(_ kind: Kind, limit: Double, minimumRun: Int) {
    self.kind = kind
    self.limit = limit
    self.minimumRun = max(1, minimumRun)
  }

  package var untrained: IdleRunModel {
    IdleRunModel(kind, limit: limit, minimumRun: minimumRun)
  }
  package var judgesMissing: Bool { kind == .noData }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    let length = isIdle(point) ? run + 1 : 0
    let probability =
      length == 0
      ? 1 : afterBusy.probability * pow(afterIdle.probability, Double(length - 1))
    return Assessment(
      expected: kind == .noData ? usual.mean : .nan, lower: -.infinity, upper: .infinity,
      score: max(-300, log10(probability)), effect: .infinity,
      tails: (below: probability, above: 1),
      isOutside: length >= minimumRun && length > longest && probability < limit)
  }

  /// A run is learned from once it has ended: an ongoing run must not make itself look likely.
  package mutating func absorb(_ point: SeriesPoint) {
    sampleSize += 1
    if point.value.isFinite { usual.add(point.value) }
    guard !isIdle(point) else {
      advance(point)
      return
    }
    if run == 0 {
      afterBusy.count += 1
    } else if isUsual {
      afterBusy.count += 1
      afterBusy.idle += 1
      afterIdle.count += run
      afterIdle.idle += run - 1
      longest = max(longest, run)
    }
    advance(point)
  }

  package mutating func pass(_ point: SeriesPoint) {
    // A point of a known incident, or that was not observed, neither prolongs a run nor ends it.
    guard point.value.isFinite || (judgesMissing && !point.isExcluded) else { return }
    isUsual = false
    advance(point)
  }

  /// Treats the long run as normal from now on.
  package mutating func rebase(on points: [SeriesPoint]) { longest = max(longest, run) }

  private mutating func advance(_ point: SeriesPoint) {
    let isIdle = isIdle(point)
    run = isIdle ? run + 1 : 0
    if !isIdle { isUsual = true }
    if point.value.isFinite { last = point.value }
  }

  private func isIdle(_ point: SeriesPoint) -> Bool {
    switch kind {
    case .noData: !point.value.isFinite || point.value <= 0
    case .noProgress: point.value == last && (point.volume ?? 1) > 0
    }
  }
}
