/// Additive Holt–Winters exponential smoothing (Holt 1957, Winters 1960; notation of Hyndman and
/// Athanasopoulos, "Forecasting: Principles and Practice", 8.3), with level l, trend b and season s
/// of period m:
///
///     forecast  f = l + b + s[t − m],  e = x − f
///     l ← l + b + α e;  b ← b + α β e;  s[t − m] ← s[t − m] + (1 − α) γ e
///
/// (the error-correction form). The first two periods start it: b = (mean₂ − mean₁)/m, s the mean
/// departure from that line. The spread is the root of the exponentially weighted mean squared
/// error of its forecasts.
package struct HoltWintersModel: BaselineModel {
  /// The smoothing of level (α), trend (β) and season (γ), each 0 to 1.
  package let smoothing: Smoothing
  /// m, the number of points of a period; 1 for no season.
  package let period: Int
  /// k, the number of standard deviations.
  package let sigmas: Double
  private var start: [Double] = []
  private var level = 0.0
  private var trend = 0.0
  private var season: [Double] = []
  private var phase = 0
  private var squaredError: DecayingMoments

  /// The smoothing parameters.
  package struct Smoothing: Sendable, Equatable, Codable {
    /// α, of the level.
    package var level: Double
    /// β, of the trend.
    package var trend: Double
    /// γ, of the season.
    package var season: Double
    /// The weight of a new squared error.
    package var error: Double

    /// Names the parameters.
    ///
    /// - Parameters:
    ///   - level: α
    ///   - trend: β
    ///   - season: γ
    ///   - error: weight of a new squared error, above 0
    package init(
      level: Double, trend: Double, season: Double, error: Double = 0.01
    ) {
      self.level = level
      self.trend = trend
      self.season = season
      self.error = error
    }
  }

  /// Makes an untrained model.
  ///
  /// - Parameters:
  ///   - period: m, 1 or more
  ///   - smoothing: α, β, γ
  ///   - sigmas: k
  package init(period: Int, smoothing: Smoothing, sigmas: Double) {
    self.period = max(1, period)
    self.smoothing = smoothing
    self.sigmas = sigmas
    squaredError = DecayingMoments(weight: smoothing.error)
  }

  package var sampleSize: Int { squaredError.count }
  package var untrained: HoltWintersModel {
    HoltWintersModel(period: period, smoothing: smoothing, sigmas: sigmas)
  }

  package func assess(_ point: SeriesPoint) -> Assessment? {
    guard squaredError.count > 0 else { return nil }
    return Assessment(
      point.value, expected: forecast, spread: squaredError.mean.squareRoot(), sigmas: sigmas)
  }

  package mutating func absorb(_ point: SeriesPoint) {
    guard !season.isEmpty else {
      start.append(point.value)
      if start.count == 2 * period { begin() }
      return
    }
    let error = point.value - forecast
    squaredError.add(error * error)
    advance(error)
  }

  /// Advances the season; until it is known, the value one period ago replaces it.
  package mutating func pass(_ point: SeriesPoint) {
    if !season.isEmpty {
      advance(0)
    } else if let last = start.count >= period ? start[start.count - period] : start.last {
      start.append(last)
      if start.count == 2 * period { begin() }
    }
  }

  /// Moves the level by the median departure; season and spread stay.
  package mutating func rebase(on points: [SeriesPoint]) {
    // The points have just been passed: the last of them belongs to the previous phase.
    var departures = SortedWindow(capacity: points.count)
    for (index, point) in points.enumerated() {
      let place = ((phase - points.count + index) % period + period) % period
      departures.add(point.value - level - season[place])
    }
    level += departures.median ?? 0
  }

  private var forecast: Double { level + trend + season[phase] }

  private mutating func advance(_ error: Double) {
    level += trend + smoothing.level * error
    trend += smoothing.level * smoothing.trend * error
    season[phase] += (1 - smoothing.level) * smoothing.season * error
    phase = (phase + 1) % period
  }

  private mutating func begin() {
    let length = Double(period)
    let first = CompensatedSum(start[..<period]).value / length
    let second = CompensatedSum(start[period...]).value / length
    trend = (second - first) / length
    let centre = (length * 2 - 1) / 2
    func line(_ index: Int) -> Double {
      first + (second - first) / 2 + (Double(index) - centre) * trend
    }
    season = (0..<period).map { place in
      ((start[place] - line(place)) + (start[place + period] - line(place + period))) / 2
    }
    level = line(2 * period - 1)
    start = []
  }
}
