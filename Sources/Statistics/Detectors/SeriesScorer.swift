internal import Glibc

/// Scores how surprising each point of any series is, by the points before it alone.
///
/// For series of which nothing is known: no unit, no period, no labels, one configuration for all.
/// Each of five views of a point is compared with its own past: the error of an autoregressive
/// forecast, the distance from the mean of the last few points, the distance from the usual value
/// of the hour of the week, the shift between two neighbouring windows of 12 points, and the length
/// of a run of equal values. Each side of each view has its own tail (``TailRarity``), so what
/// counts is how rare a departure is for this series; skewed or coarse values need no special
/// treatment. The surprise is −log₁₀ of the least of these probabilities, the score
/// surprise / (surprise + 4).
///
/// One incident gives one alarm: after a score only a greater surprise scores, above a bar that
/// falls from the last surprise to 0 in 300 points. Cost and state do not grow with the series.
package struct SeriesScorer: Sendable, Equatable, Codable {
  /// Points with this score or more are worth a look: a departure of one in 10,000.
  package static let standardThreshold = 0.5

  private static let warmUp = 20
  private static let coolDown = 300.0
  private static let halfSurprise = 4.0
  private static let window = 12

  private var forecast = AutoregressiveModel(order: 6, weight: 0.002, sigmas: 3)
  private var recent = DecayingMoments(weight: 0.3)
  private var week = SeasonalModel(
    sigmas: 3, shrinkage: 6, weight: 0.1, shift: 0, levelWeight: 0)
  private var last: Double?
  private var run = 0
  // The last two windows, oldest first.
  private var windows: [Double] = []
  private var views = [View](repeating: View(), count: 5)
  private var count = 0
  private var bar = 0.0
  private var sinceBar = 0.0

  /// Makes a scorer that has seen nothing.
  package init() {}

  /// Scores the next point, then learns from it.
  ///
  /// - Parameters:
  ///   - value: the value; one that is not finite scores 0 and is not learned from
  ///   - seconds: when it was, seconds since 1970-01-01 00:00 in the time of the series
  /// - Returns: 0 (nothing new) up to below 1
  package mutating func score(_ value: Double, atSeconds seconds: Double) -> Double {
    guard value.isFinite, seconds.isFinite, abs(value) < 1e150 else { return 0 }
    let departures = departures(SeriesPoint(value, slot: Self.slot(atSeconds: seconds)))
    var least = 1.0
    for (index, departure) in departures.enumerated() {
      let probability = views[index].probability(of: departure)
      if count >= Self.warmUp { least = min(least, probability) }
    }
    count += 1
    sinceBar += 1
    let surprise = min(300, -log10(least))
    guard surprise > 0.5, surprise > bar * max(0, 1 - sinceBar / Self.coolDown) else { return 0 }
    bar = surprise
    sinceBar = 0
    return surprise / (surprise + Self.halfSurprise)
  }

  /// The five views of a point, each the better the nearer to 0; learns from the point.
  private mutating func departures(_ point: SeriesPoint) -> [Double] {
    let value = point.value
    run = value == last ? run + 1 : 0
    last = value
    let departures = [
      value - (forecast.forecast ?? value),
      recent.count > 0 ? value - recent.mean : 0,
      value - (week.assess(point)?.expected ?? value),
      shift(value),
      Double(run),
    ]
    forecast.absorb(point)
    recent.add(value)
    week.absorb(point)
    return departures
  }

  /// The difference of the means of the last two windows, with the new value; 0 until there are
  /// two.
  private mutating func shift(_ value: Double) -> Double {
    windows.append(value)
    guard windows.count >= 2 * Self.window else { return 0 }
    if windows.count > 2 * Self.window { windows.removeFirst() }
    let older = CompensatedSum(windows[..<Self.window]).value
    let newer = CompensatedSum(windows[Self.window...]).value
    return (newer - older) / Double(Self.window)
  }

  /// The hour of the week; Saturday and Sunday are the weekend, as no calendar is known.
  private static func slot(atSeconds seconds: Double) -> SeasonSlot {
    let hours = (seconds / 3600).rounded(.down)
    let days = (hours / 24).rounded(.down)
    // 1970-01-01 was a Thursday.
    let sinceMonday = (days + 3).truncatingRemainder(dividingBy: 7)
    let weekday = Int(sinceMonday < 0 ? sinceMonday + 7 : sinceMonday)
    return SeasonSlot(
      dayKind: weekday >= 5 ? .weekend : .business, weekday: weekday, hour: Int(hours - days * 24))
  }

  /// The departures of one kind, upward and downward apart.
  private struct View: Sendable, Equatable, Codable {
    // The departures so far that count as rarer than this are kept as if they were just so rare:
    // one giant must not hide the next.
    static let rarest = 1e-5

    var above = TailRarity()
    var below = TailRarity()

    mutating func probability(of departure: Double) -> Double {
      let size = abs(departure)
      let side = departure >= 0 ? above : below
      let probability = side.probability(above: size)
      let kept = side.count > 100 ? min(size, side.size(at: Self.rarest)) : size
      above.add(departure >= 0 ? kept : 0)
      below.add(departure >= 0 ? 0 : kept)
      return probability
    }
  }
}
