import Foundation
import Statistics
import Testing

/// Each streaming model against its definition, recomputed from the whole history for every point.
@Suite("Streaming equals batch")
struct ReferenceTests {
  /// The expectation and bounds of the next value by a definition.
  private struct Expected {
    var expected: Double
    var score: Double
    var isOutside: Bool
  }

  /// Runs a model as guarded detector and compares each judgement with a definition over the values
  /// that were accepted before.
  private func compare(
    _ model: some BaselineModel, seed: Int, count: Int = 250,
    _ definition: (_ accepted: [Double], _ candidate: Double) -> Expected?
  ) {
    var random = SplitMix(seed: UInt64(seed) &+ 99)
    var accepted: [Double] = []
    var detector = GuardedDetector(
      model, guards: DetectorGuards(minimumSample: 25, acceptAfter: 1_000_000))
    var found = 0
    for _ in 0..<count {
      var value = 1e4 + 3 * StreamingDetectorTests.normal(&random)
      if Int.random(in: 0..<30, using: &random) == 0 { value += 80 }
      let expected = definition(accepted, value)
      let judgement = detector.judge(SeriesPoint(value))
      guard judgement.verdict == .normal || judgement.isAnomalous, let expected else {
        accepted.append(value)
        continue
      }
      #expect(abs((judgement.expected ?? .nan) - expected.expected) < 1e-7)
      #expect(
        abs((judgement.score ?? .nan) - expected.score) < 1e-6 * max(1, abs(expected.score)))
      #expect(judgement.isAnomalous == expected.isOutside)
      if expected.isOutside { found += 1 } else { accepted.append(value) }
    }
    #expect(found > 0 && accepted.count > 100)
  }

  @Test("mean and deviation equal their definition, with a window and without", arguments: 0..<4)
  func mean(seed: Int) {
    for window in [0, 40] {
      compare(MeanModel(sigmas: 3, window: window), seed: seed) { accepted, value in
        let moments = RunningMoments(window == 0 ? accepted : accepted.suffix(window))
        guard let deviation = moments.sampleStandardDeviation else { return nil }
        let z = (value - moments.mean) / deviation
        return Expected(expected: moments.mean, score: z, isOutside: abs(z) > 3)
      }
    }
  }

  @Test("the parity form equals the detector of whole series")
  func parity() {
    let points = StreamingDetectorTests.series(seed: 3).map(\.value).filter(\.isFinite)
    var detector = GuardedDetector(
      MeanModel(sigmas: 3, window: 0, includesCandidate: true),
      guards: DetectorGuards(minimumSample: 2, direction: .above))
    for (index, value) in points.enumerated() {
      let judgement = detector.judge(SeriesPoint(value))
      guard index > 2 else { continue }
      let whole = SigmaDetector(form: .parity).judge(at: index, in: Array(points[...index]))
      #expect(judgement.isAnomalous == whole.isAnomalous)
      #expect(abs((judgement.expected ?? 0) - whole.mean) < 1e-9)
    }
  }

  @Test("median and MAD equal their definition", arguments: 0..<4)
  func robust(seed: Int) {
    compare(RobustModel(threshold: 3.5, window: 31), seed: seed) { accepted, value in
      guard accepted.count > 1 else { return nil }
      let last = Array(accepted.suffix(31))
      let median = WindowTests.median(last)
      let deviation = WindowTests.median(last.map { abs($0 - median) })
      let z = 0.6745 * (value - median) / deviation
      return Expected(expected: median, score: z, isOutside: abs(z) > 3.5)
    }
  }

  @Test("Tukey's fences equal their definition", arguments: 0..<4)
  func tukey(seed: Int) {
    compare(TukeyModel(fence: 1.5, quantile: 0.25, window: 33), seed: seed) { accepted, value in
      guard accepted.count > 3 else { return nil }
      let last = accepted.suffix(33).sorted()
      func quantile(_ share: Double) -> Double {
        let place = share * Double(last.count - 1)
        let low = Int(place)
        return last[low] + (place - Double(low)) * (last[min(low + 1, last.count - 1)] - last[low])
      }
      let (q1, q3) = (quantile(0.25), quantile(0.75))
      let beyond = max(0, value - q3) + min(0, value - q1)
      return Expected(
        expected: quantile(0.5), score: beyond / (q3 - q1),
        isOutside: value < q1 - 1.5 * (q3 - q1) || value > q3 + 1.5 * (q3 - q1))
    }
  }

  @Test(
    "exponentially weighted mean and variance equal the sums over their weights", arguments: 0..<4)
  func ewma(seed: Int) {
    let weight = 0.05
    compare(EWMAModel(weight: weight, sigmas: 4), seed: seed) { accepted, value in
      guard accepted.count > 1 else { return nil }
      // The weight of the i-th of n values: its own share times what later values leave of it.
      let shares = accepted.indices.map { max(1 / Double($0 + 1), weight) }
      var weights: [Double] = []
      var left = 1.0
      for share in shares.reversed() {
        weights.insert(share * left, at: 0)
        left *= 1 - share
      }
      let mean = CompensatedSum(zip(weights, accepted).map { $0 * $1 }).value
      let variance = CompensatedSum(
        zip(weights, accepted).map { $0 * ($1 - mean) * ($1 - mean) }
      ).value
      let unbiased = variance / (1 - CompensatedSum(weights.map { $0 * $0 }).value)
      let z = (value - mean) / unbiased.squareRoot()
      return Expected(expected: mean, score: z, isOutside: abs(z) > 4)
    }
  }

  @Test("the autoregressive forecast equals a direct solution of the Yule–Walker equations")
  func autoregressive() {
    let order = 4
    var random = SplitMix(seed: 12)
    var model = AutoregressiveModel(order: order, weight: 0.02, sigmas: 3)
    var values: [Double] = []
    var means: [Double] = []
    for index in 0..<150 {
      let past = values.suffix(2)
      let carried = past.count == 2 ? 0.6 * (past.last ?? 0) - 0.3 * (past.first ?? 0) : 0
      let value = carried + StreamingDetectorTests.normal(&random)
      values.append(value)
      model.absorb(SeriesPoint(value))
      let weights = Self.weights(index + 1, 0.02)
      means.append(zip(weights, values).map { $0 * $1 }.reduce(0, +))
      guard index >= 2 * order + 2 else { continue }
      let pairWeights = Self.weights(index + 1 - order, 0.02)
      let covariances = (0...order).map { lag in
        (order...index).map { t in
          pairWeights[t - order] * (values[t] - means[t]) * (values[t - lag] - means[t])
        }.reduce(0, +)
      }
      let direct = LevinsonTests.solve(
        (0..<order).map { row in (0..<order).map { covariances[abs(row - $0)] } },
        Array(covariances[1...]))
      let centre = means[index]
      let forecast =
        centre + (0..<order).map { direct[$0] * (values[index - $0] - centre) }.reduce(0, +)
      #expect(abs((model.forecast ?? .nan) - forecast) < 1e-6 * max(1, abs(forecast)))
    }
  }

  private static func weights(_ count: Int, _ weight: Double) -> [Double] {
    var weights: [Double] = []
    var left = 1.0
    for index in (0..<count).reversed() {
      let share = max(1 / Double(index + 1), weight)
      weights.append(share * left)
      left *= 1 - share
    }
    return weights.reversed()
  }

  @Test("Holt–Winters equals the component form of the textbook", arguments: 0..<3)
  func holtWinters(seed: Int) {
    let period = 6
    var random = SplitMix(seed: UInt64(seed) &+ 31)
    let values = (0..<200).map { index in
      50 + 0.2 * Double(index) + [5.0, -3, 1, 0, -7, 4][index % period]
        + StreamingDetectorTests.normal(&random)
    }
    var model = HoltWintersModel(
      period: period, smoothing: .init(level: 0.3, trend: 0.1, season: 0.2), sigmas: 3)
    for value in values[..<(2 * period)] { model.absorb(SeriesPoint(value)) }
    // The start: a straight line through the means of two periods, and mean departures from it.
    let first = values[..<period].reduce(0, +) / 6
    let second = values[period..<(2 * period)].reduce(0, +) / 6
    var trend = (second - first) / 6
    func line(_ index: Int) -> Double { first + (Double(index) - 2.5) * trend }
    var seasons = (0..<period).map {
      (values[$0] - line($0) + values[$0 + period] - line($0 + period)) / 2
    }
    var level = line(11)
    for index in 12..<200 {
      let season = seasons[index % period]
      let forecast = level + trend + season
      if index > 12 {
        let expected = model.assess(SeriesPoint(values[index]))?.expected ?? .nan
        #expect(abs(expected - forecast) < 1e-9)
      }
      // α (y − s) + (1 − α)(l + b); β* (l − l₋) + (1 − β*) b; γ (y − l₋ − b₋) + (1 − γ) s with γ
      // scaled by 1 − α, as the error-correction form has it.
      let next = 0.3 * (values[index] - season) + 0.7 * (level + trend)
      let scaled = 0.2 * 0.7
      seasons[index % period] =
        scaled * (values[index] - level - trend) + (1 - scaled) * season
      trend = 0.1 * (next - level) + 0.9 * trend
      level = next
      model.absorb(SeriesPoint(values[index]))
    }
  }

  @Test("the tabular CUSUM and the EWMA chart equal their definitions", arguments: 0..<3)
  func charts(seed: Int) {
    var random = SplitMix(seed: UInt64(seed) &+ 41)
    let phase = PhaseOne(mean: 10, standardDeviation: 2)
    var cusum = CUSUMModel(allowance: 0.5, limit: 5, phase: phase)
    var chart = EWMAChartModel(weight: 0.2, width: 2.86, phase: phase)
    var values: [Double] = []
    for index in 0..<120 {
      let value = 10 + 2 * StreamingDetectorTests.normal(&random) + (index > 80 ? 3 : 0)
      values.append(value)
      // C⁺ is the greatest sum of z − k over the last points, or 0.
      let z = values.map { ($0 - 10) / 2 }
      let above = (0...index).map { from in z[from...].reduce(0) { $0 + $1 - 0.5 } }.max() ?? 0
      let below = (0...index).map { from in z[from...].reduce(0) { $0 - $1 - 0.5 } }.max() ?? 0
      let assessment = cusum.assess(SeriesPoint(value))
      #expect(assessment?.isOutside == (max(above, below) > 5))
      cusum.absorb(SeriesPoint(value))
      #expect(abs(cusum.above - max(0, above)) < 1e-9 && abs(cusum.below - max(0, below)) < 1e-9)

      let smoothed =
        values.enumerated().map { 0.2 * pow(0.8, Double(index - $0)) * ($1 - 10) }.reduce(0, +)
      let width = 2 * (0.2 / 1.8 * (1 - pow(0.8, Double(2 * (index + 1))))).squareRoot()
      let judged = chart.assess(SeriesPoint(value))
      #expect(abs((judged?.score ?? .nan) - smoothed / width) < 1e-9)
      // The bounds are those of the point: at them the chart is at its limit.
      if let upper = judged?.upper {
        let edge = chart.assess(SeriesPoint(upper))
        #expect(abs((edge?.score ?? 0) - 2.86) < 1e-9)
      }
      chart.absorb(SeriesPoint(value))
    }
  }

  @Test("the bounds of a rate equal sums of beta-binomial probabilities")
  func rate() {
    var model = RateModel(tail: 0.001, weight: 0, isOverdispersed: false, shift: 0)
    let history = [(3, 100), (0, 40), (5, 160), (2, 100)]
    for (k, n) in history {
      model.absorb(SeriesPoint(Double(k) / Double(n), volume: Double(n)))
    }
    // 10 of 400 before: rate 10.5/401; correlation 1/402, so α + β = 401.
    #expect(abs(model.rate - 10.5 / 401) < 1e-15)
    let distribution = BetaBinomial(trials: 50, alpha: 10.5, beta: 390.5)
    for k in 0...12 {
      let assessment = model.assess(SeriesPoint(Double(k) / 50, volume: 50))
      let above = (k...50).map { exp(distribution.logProbability($0)) }.reduce(0, +)
      #expect(abs((assessment?.tails?.above ?? 0) / above - 1) < 1e-9)
      #expect(assessment?.isOutside == (above < 0.001))
      #expect(assessment?.upper == Double(distribution.upperLimit(0.001)) / 50)
    }
    // One failure in two payments is 50 %, and no reason to worry.
    #expect(model.assess(SeriesPoint(0.5, volume: 2))?.isOutside == false)
    #expect(model.assess(SeriesPoint(0.5, volume: 20))?.isOutside == true)
    #expect(model.assess(SeriesPoint(0.5)) == nil)
  }

  @Test("the correlation beyond chance equals its sums over all forecasts", arguments: 0..<3)
  func overdispersion(seed: Int) {
    var model = RateModel(tail: 0.00135, weight: 0, shift: 0)
    var history: [(k: Double, n: Double)] = []
    for point in StreamingDetectorTests.series(seed: seed, isRate: true) {
      guard let n = point.volume, n > 0 else { continue }
      model.absorb(point)
      history.append(((point.value * n).rounded(), n))
    }
    var excess = 0.0
    var degrees = 0.0
    for index in history.indices.dropFirst() {
      let events = history[..<index].map(\.k).reduce(0, +)
      let trials = history[..<index].map(\.n).reduce(0, +)
      let rate = (events + 0.5) / (trials + 1)
      let (k, n) = history[index]
      // The variance of a forecast: that of the count and that of the rate as estimated.
      let variance = n * rate * (1 - rate) * (1 + n / (trials + 2))
      guard n > 1 else { continue }
      excess += min(25, (k - n * rate) * (k - n * rate) / variance) - 1
      degrees += n - 1
    }
    #expect(abs(model.overdispersion - max(0, min(0.9, excess / degrees))) < 1e-10)
    #expect(model.overdispersion > 0, "some points have five times the rate")
  }

  @Test(
    "the probability of an idle run equals a count of the transitions of ended runs",
    arguments: 0..<4)
  func idleRuns(seed: Int) {
    var random = SplitMix(seed: UInt64(seed) &+ 61)
    var model = IdleRunModel(.noData, limit: 0.01, minimumRun: 3)
    var steps: [Bool] = []
    for _ in 0..<300 {
      let isIdle =
        Int.random(in: 0..<100, using: &random) < (steps.last == true ? 60 : 15)
      let run = steps.reversed().prefix { $0 }.count
      let ended = Array(steps.dropLast(run))
      var (busy, busyIdle, idle, idleIdle) = (0, 0, 0, 0)
      for index in ended.indices {
        if index > 0, ended[index - 1] {
          idle += 1
          idleIdle += ended[index] ? 1 : 0
        } else {
          busy += 1
          busyIdle += ended[index] ? 1 : 0
        }
      }
      let start = Double(busyIdle + 1) / Double(busy + 2)
      let stay = Double(idleIdle + 1) / Double(idle + 2)
      let expected = isIdle ? start * pow(stay, Double(run)) : 1
      let assessment = model.assess(SeriesPoint(isIdle ? 0 : 3))
      #expect(abs((assessment?.score ?? .nan) - log10(expected)) < 1e-9)
      let longest = ended.split(separator: false).map(\.count).max() ?? 0
      #expect(
        assessment?.isOutside
          == (isIdle && run + 1 >= 3 && run + 1 > longest && expected < 0.01))
      model.absorb(SeriesPoint(isIdle ? 0 : 3))
      steps.append(isIdle)
    }
  }

  @Test("the seasonal baseline without forgetting equals shrunk means of slots", arguments: 0..<3)
  func seasonal(seed: Int) {
    var model = SeasonalModel(
      sigmas: 3, shrinkage: 3, weight: 1e-9, shift: 0, levelWeight: 0)
    let points = StreamingDetectorTests.series(seed: seed).filter { $0.value.isFinite }
    for (index, point) in points.enumerated() {
      guard index > 2, let slot = point.slot else {
        model.absorb(point)
        continue
      }
      let before = points[..<index]
      func shrunk(_ values: [Double], _ parent: Double) -> Double {
        let n = Double(values.count)
        return n == 0 ? parent : (values.reduce(0, +) + 3 * parent) / (n + 3)
      }
      let overall = before.map(\.value).reduce(0, +) / Double(index)
      let hour = before.filter {
        $0.slot?.hour == slot.hour && $0.slot?.dayKind == slot.dayKind
      }
      let same = before.filter { $0.slot == slot }
      let expected = shrunk(same.map(\.value), shrunk(hour.map(\.value), overall))
      #expect(abs((model.assess(point)?.expected ?? .nan) - expected) < 1e-8)
      model.absorb(point)
    }
  }
}

@Suite("Levinson–Durbin recursion")
struct LevinsonTests {
  @Test("the Levinson–Durbin recursion agrees with a direct solver", arguments: 1...10)
  func direct(order: Int) {
    var random = SplitMix(seed: UInt64(order))
    // Autocovariances of a random moving average are those of a real process.
    let weights = (0...12).map { _ in Double.random(in: -1...1, using: &random) }
    let covariances = (0...order).map { lag in
      (0..<max(0, 13 - lag)).map { weights[$0] * weights[$0 + lag] }.reduce(0, +)
    }
    let solution = LevinsonDurbin(covariances)
    let expected = Self.solve(
      (0..<order).map { row in (0..<order).map { covariances[abs(row - $0)] } },
      Array(covariances[1...]))
    for (one, other) in zip(solution.coefficients, expected) { #expect(abs(one - other) < 1e-8) }
    let variance =
      covariances[0] - zip(expected, covariances[1...]).map { $0 * $1 }.reduce(0, +)
    #expect(abs(solution.errorVariance - variance) < 1e-9)
  }

  @Test("the recursion finds the coefficient of an AR(1) process, and is always stable")
  func closedForm() {
    let solution = LevinsonDurbin([4, 2, 1, 0.5])
    #expect(solution.coefficients == [0.5, 0, 0] && solution.errorVariance == 3)
    #expect(LevinsonDurbin([1, 2, 3]).coefficients == [0, 0])
    #expect(LevinsonDurbin([0, 0]).coefficients == [0])
    #expect(LevinsonDurbin([]).coefficients.isEmpty)
  }

  /// Gaussian elimination with pivots.
  static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var rows = zip(matrix, right).map { $0 + [$1] }
    let size = right.count
    for column in 0..<size {
      let pivot = (column..<size).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      for row in 0..<size where row != column {
        let factor = rows[row][column] / rows[column][column]
        for index in column...size { rows[row][index] -= factor * rows[column][index] }
      }
    }
    return (0..<size).map { rows[$0][size] / rows[$0][$0] }
  }
}
