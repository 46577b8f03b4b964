import Foundation
import Statistics
import Testing

@Suite("Negative binomial distribution")
struct NegativeBinomialTests {
  @Test(
    "negative binomial tails equal direct sums, and its limits follow from its tails",
    arguments: [(3.5, 0.0), (40, 0), (40, 1e-9), (40, 1e-7), (40, 0.02), (0.3, 2), (900, 0.3)])
  func directSum(mean: Double, dispersion: Double) {
    let distribution = NegativeBinomial(mean: mean, dispersion: dispersion)
    // Gamma-Poisson by recurrence from the probability of zero, in logarithms.
    var logs = [
      dispersion < 1e-8 ? -mean : -Foundation.log1p(dispersion * mean) / dispersion
    ]
    let odds = mean / (1 + dispersion * mean)
    for k in 0..<12_000 {
      logs.append(
        logs[k] + Foundation.log((1 + dispersion * Double(k)) / Double(k + 1) * odds))
    }
    let all = logs.map { Foundation.exp($0) }
    #expect(abs(CompensatedSum(all).value - 1) < 1e-6)
    for k in [0, 1, 2, 3, 7, 20, 39, 40, 41, 60, 120, 700, 1500] {
      let above = CompensatedSum(all[k...].reversed()).value
      let below = CompensatedSum(all[...k]).value
      #expect(abs(distribution.upperTail(k) - above) < 1e-5 * above + 1e-14, "\(k)")
      #expect(abs(distribution.lowerTail(k) - below) < 1e-5 * below + 1e-14, "\(k)")
      if all[k] > 1e-250 {
        #expect(abs(Foundation.exp(distribution.logProbability(k)) / all[k] - 1) < 1e-5, "\(k)")
      }
    }
    for tail in [0.2, 0.01, 1e-5] {
      let (low, high) = (distribution.lowerLimit(tail), distribution.upperLimit(tail))
      #expect(distribution.upperTail(high + 1) < tail)
      #expect(high == 0 || distribution.upperTail(high) >= tail)
      #expect(distribution.lowerTail(low) >= tail)
      #expect(low == 0 || distribution.lowerTail(low - 1) < tail)
    }
  }
}

@Suite("Comparison of periods")
struct PeriodComparisonTests {
  /// Counts by hour of a busy day.
  private static let profile = [
    8.0, 3, 1, 1, 0.5, 1, 3, 8, 15, 28, 45, 46, 41, 40, 40, 44, 42, 36, 30, 30, 29, 29, 25, 15,
  ]

  private static func poisson(_ mean: Double, _ random: inout SplitMix) -> Double {
    let limit = Foundation.exp(-mean)
    var product = 1.0
    var count = -1.0
    repeat {
      product *= Double.random(in: 0..<1, using: &random)
      count += 1
    } while product > limit
    return count
  }

  /// A day of a level; each hour also varies by itself, by a factor of 1 ± spread.
  private static func day(
    _ level: Double, spread: Double, _ random: inout SplitMix
  ) -> [Double?] {
    profile.map {
      poisson(level * $0 * (1 + Double.random(in: -spread...spread, using: &random)), &random)
    }
  }

  private static func average(
    _ days: Int, _ level: Double, spread: Double, _ random: inout SplitMix
  ) -> [Double?] {
    let all = (0..<days).map { _ in day(level, spread: spread, &random) }
    return profile.indices.map { hour in
      all.compactMap { $0[hour] }.reduce(0, +) / Double(days)
    }
  }

  /// A normal day and its comparisons.
  private static func file(
    spread: Double, columns: Int, _ random: inout SplitMix
  ) -> (today: [Double?], others: [[Double?]]) {
    let today = day(1, spread: spread, &random)
    let others = [
      day(1.1, spread: spread, &random), day(0.9, spread: spread, &random),
      average(7, 0.6, spread: spread, &random), average(28, 0.6, spread: spread, &random),
    ]
    return (today, Array(others.prefix(columns)))
  }

  @Test(
    "a normal day rarely has rows that are found",
    arguments: [(0.0, 4), (0.0, 2), (0.0, 1), (0.3, 4), (0.3, 2), (0.3, 1)])
  func falseAlarms(spread: Double, columns: Int) {
    var random = SplitMix(seed: 11)
    var found = 0
    for _ in 0..<300 {
      let (today, others) = Self.file(spread: spread, columns: columns, &random)
      if !PeriodComparison(today, against: others).incidents.isEmpty { found += 1 }
    }
    // One in a hundred is allowed; few hours estimate the dispersion badly, two days even worse.
    #expect(found <= 15, "\(found) of 300")
  }

  @Test("three hours without payments are found on any day, sometimes with a neighbouring hour")
  func outages() {
    var random = SplitMix(seed: 12)
    var (found, exact) = (0, 0)
    for _ in 0..<200 {
      var (today, others) = Self.file(spread: 0.2, columns: 4, &random)
      for hour in 14...16 { today[hour] = 0 }
      let comparison = PeriodComparison(today, against: others)
      if comparison.rows[14...16].allSatisfy({ $0.verdict == .low }) { found += 1 }
      if comparison.incidents == [14..<17] { exact += 1 }
    }
    #expect(found >= 198 && exact >= 165, "\(found) \(exact)")
  }

  @Test("a whole day at another level is not an incident", arguments: [0.25, 0.5, 3.0])
  func scaled(factor: Double) {
    var random = SplitMix(seed: 13)
    for _ in 0..<50 {
      let (_, others) = Self.file(spread: 0, columns: 4, &random)
      let today = Self.profile.map { Double?(($0 * 4 * factor).rounded()) }
      let comparison = PeriodComparison(today, against: others)
      #expect(comparison.incidents.isEmpty)
      #expect(abs(comparison.levels[0] / (4 * factor / 1.1) - 1) < 0.4)
    }
  }

  @Test("a day without payments is low throughout, and so is one mostly without")
  func nothingAtAll() {
    var random = SplitMix(seed: 14)
    let (today, others) = Self.file(spread: 0, columns: 4, &random)
    let dark = PeriodComparison(today.map { _ in 0 }, against: others)
    #expect(dark.rows[10...20].allSatisfy { $0.verdict == .low })
    let half = PeriodComparison(
      today.indices.map { $0 >= 12 ? 0 : today[$0] }, against: others)
    #expect(half.rows[12...20].allSatisfy { $0.verdict == .low })
  }

  @Test("varying hours need a larger departure, and one odd day does not hide an outage")
  func disagreement() {
    var random = SplitMix(seed: 15)
    var (today, others) = Self.file(spread: 0, columns: 4, &random)
    today[10] = 4
    #expect(PeriodComparison(today, against: others).rows[10].verdict == .low)
    for (place, count) in [4.0, 80, 5, 50].enumerated() { others[place][10] = count }
    #expect(PeriodComparison(today, against: others).rows[10].verdict == .normal)

    for hour in 14...16 {
      today[hour] = 0
      others[0][hour] = 0
    }
    let comparison = PeriodComparison(today, against: others)
    #expect(comparison.incidents.contains(14..<17))
    #expect(comparison.rows[15].resembles == [0])
  }

  @Test("the probability of a row is twice the direct sum of its tail")
  func directSum() {
    var random = SplitMix(seed: 17)
    for _ in 0..<20 {
      let (today, others) = Self.file(spread: 0.2, columns: 4, &random)
      for row in PeriodComparison(today, against: others).rows {
        guard let value = row.observed, let mean = row.expected, let chance = row.probability else {
          continue
        }
        // As r and p of the textbook, by recurrence from 0.
        let usual = value < mean ? mean : max(mean, PeriodComparison.minimumExpected)
        let spread = max(row.dispersion, 1e-7)
        var mass = Foundation.pow(1 + spread * usual, -1 / spread)
        var below = 0.0
        for k in 0..<Int(value) {
          below += mass
          mass *= (1 / spread + Double(k)) / Double(k + 1) * (spread * usual / (1 + spread * usual))
        }
        let tail = value < mean ? below + mass : 1 - below
        #expect(abs(chance - min(1, 2 * tail)) < 1e-4, "\(value) of \(mean)")
      }
    }
  }

  @Test("a row is found by itself beyond its bounds; too few counts give no verdict")
  func bounds() {
    var random = SplitMix(seed: 16)
    for _ in 0..<100 {
      let (today, others) = Self.file(spread: 0.3, columns: 3, &random)
      var changed = today
      let hour = Int.random(in: 9...22, using: &random)
      changed[hour] = Double(Int.random(in: 0...120, using: &random))
      for row in PeriodComparison(changed, against: others).rows {
        guard let lower = row.lower, let upper = row.upper, let value = row.observed else {
          continue
        }
        if value < Double(lower) { #expect(row.verdict == .low) }
        if value > Double(upper) { #expect(row.verdict == .high) }
        #expect(Double(lower) <= row.expected ?? 0 && Double(upper) >= row.expected ?? 0)
      }
    }
    let short = PeriodComparison([50, 50, 0], against: [[50, 50, 50], [51, 49, 50]])
    #expect(short.rows.allSatisfy { $0.verdict == .notEnoughData("too few rows") })
    var (today, others) = Self.file(spread: 0, columns: 2, &random)
    today[11] = nil
    others[0][12] = nil
    others[0][13] = nil
    others[1][13] = nil
    let gaps = PeriodComparison(today, against: others)
    #expect(gaps.rows[11].verdict == .notEnoughData("no value"))
    #expect(gaps.rows[12].verdict == .normal)
    #expect(gaps.rows[13].verdict == .notEnoughData("nothing to compare with"))
    #expect(gaps.rows[4].verdict == .notEnoughData("too few expected"))
  }

  @Test("a day without periods to compare it with gets no verdict")
  func nothingToCompare() {
    for others in [[[nil, nil]], [[nil, nil], [nil, nil]]] as [[[Double?]]] {
      let comparison = PeriodComparison([nil, 7], against: others)
      #expect(comparison.dispersion == 0)
      #expect(comparison.incidents.isEmpty)
    }
  }
}
