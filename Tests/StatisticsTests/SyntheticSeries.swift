import Foundation

/// A series generated from a seed, with incidents at known places.
struct SyntheticSeries {
  /// The families of series.
  enum Family: CaseIterable {
    case noiseSpikes, heavyTails, dailyStep, weeklyOffDay, wandering, flatline, variance, drift
    case burstCounts, regularSpikes, stateChange, quietNoise, quietSeason, quietWandering
    case dailyDip, sawtooth, cumulativeStall
  }

  /// The seconds since 1970 of each value.
  private(set) var seconds: [Int] = []
  /// The values.
  private(set) var values: [Double] = []
  /// The windows of incidents, as indices; together a tenth of the series, as the benchmark has
  /// them.
  private(set) var windows: [ClosedRange<Int>] = []

  /// Makes a series.
  ///
  /// - Parameters:
  ///   - family: its shape
  ///   - seed: the same seed gives the same series
  ///   - maximumCount: the most points
  init(_ family: Family, seed: Int, maximumCount: Int = .max) {
    let number = Family.allCases.firstIndex(of: family) ?? 0
    var random = SplitMix(seed: UInt64(seed * 1009 + number * 31 + 17))
    func normal() -> Double { StreamingDetectorTests.normal(&random) }
    func uniform(_ low: Double, _ high: Double) -> Double {
      Double.random(in: low...high, using: &random)
    }
    let step = [300, 300, 1800, 3600][seed % 4]
    let count = min(maximumCount, [4000, 2500, 6000, 1800][(seed + number) % 4])
    let start = 1_393_632_000 + Int.random(in: 0..<604_800, using: &random) / step * step
    seconds = (0..<count).map { start + $0 * step }
    let isQuiet = [.quietNoise, .quietSeason, .quietWandering].contains(family)
    let incidents = isQuiet ? 0 : 1 + seed % 3
    let first = Double(count) * 0.22
    let room = (Double(count) * 0.95 - first) / Double(max(1, incidents))
    let starts = (0..<incidents).map { Int(first + room * (Double($0) + uniform(0.1, 0.8))) }
    let width = incidents > 0 ? count / 10 / incidents : 0
    windows = starts.map { max(0, $0 - width / 2)...min(count - 1, $0 + width / 2) }
    let scale = exp(uniform(-2, 6))
    let offset = scale * uniform(0, 30)
    let day = Double(86_400 / step)
    let peak = uniform(0, day)
    func season(_ index: Int) -> Double { 4 * sin((Double(index) - peak) / day * 2 * .pi) }
    func weekday(_ index: Int) -> Int { (seconds[index] / 86_400 + 3) % 7 }
    var walk = 0.0
    let length = max(12, Int(day / 4 * uniform(0.5, 1.5)))
    var total = 0.0
    let level = uniform(5, 9)
    let sign = Bool.random(using: &random) ? 1.0 : -1.0
    values = (0..<count).map { index in
      let since = starts.last { $0 <= index }.map { index - $0 }
      let isIn = (since ?? .max) < length
      var x: Double
      switch family {
      case .noiseSpikes:
        x = normal() + ((since ?? 9) < 3 ? sign * level : 0)
      case .heavyTails:
        x = exp(0.8 * normal()) + ((since ?? 9) < 4 ? 40 : 0)
      case .dailyStep:
        x = season(index) + normal() + (since == nil || !isIn ? 0 : sign * level)
      case .weeklyOffDay:
        let isWeekend = weekday(index) >= 5
        let isOff = isWeekend || (since ?? .max) < Int(day)
        x = (isOff ? 0.4 : 1) * (8 + season(index)) + 0.5 * normal()
      case .wandering:
        walk = 0.98 * walk + 0.3 * normal()
        x = walk + (isIn ? sign * level : 0)
      case .flatline:
        x = isIn ? 0.3 : 2 * sin(Double(index) / 7) + normal()
      case .variance:
        x = normal() * (isIn ? 4 : 1)
      case .drift:
        x =
          season(index) / 2 + normal()
          + (since.map { min(1, Double($0) / Double(2 * length)) * 6 * ($0 < 4 * length ? 1 : 0) }
            ?? 0)
      case .burstCounts:
        let mean = exp(1.5 + season(index) / 5 + 0.5 * normal())
        x = (mean + mean.squareRoot() * normal()).rounded().clamped()
        if (since ?? 99) < 6 { x += 120 / Double(1 + (since ?? 0)) }
      case .regularSpikes:
        x = normal() * 0.3 + (index % 48 < 2 ? 10 : 0) + (isIn ? 4 : 0)
      case .stateChange:
        let state = Double((index / 160 * 7919) % 3)
        x = state * 3 + 0.4 * normal() + (isIn ? 14 * sign : 0)
      case .quietNoise: x = exp(0.5 * normal())
      case .quietSeason: x = season(index) * (weekday(index) >= 5 ? 0.5 : 1) + normal()
      case .quietWandering:
        walk = 0.99 * walk + 0.2 * normal()
        x = walk + season(index) / 3
      case .dailyDip:
        x = 12 + season(index) + 0.7 * normal()
        if isIn { x *= 0.35 }
      case .sawtooth:
        x = Double((index + (isIn ? 13 : 0)) % 36) / 6 + 0.2 * normal() + (isIn ? 1.5 : 0)
      case .cumulativeStall:
        let hour = Double(index % Int(day)) / day
        if !isIn { total += (1 + hour) * (1 + 0.3 * normal()) }
        if index % Int(day * 2) == 0 { total = 0 }
        x = total / day * 5
      }
      return offset + scale * x
    }
  }
}

extension Double {
  fileprivate func clamped() -> Double { Swift.max(0, self) }
}
