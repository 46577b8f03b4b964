/// Judges the counts of a period, such as the hours of a day, by those of other periods of the same
/// shape: yesterday, the same day of last week, averages.
///
/// Each other period is scaled to the level of the one in question by the median of the ratios of
/// their counts, weighted by the other's. So a day with more or less of everything is not an
/// incident, and an incident of less than half a day does not move the level. The expectation of a
/// row is the median of the scaled periods; the count is negative binomial around it: φ is the
/// dispersion of the period that resembles the others least, from the median of its squared errors
/// over their variance, which is 0.4549 for a normal variable (χ², one degree of freedom); or that
/// of the row alone, by moments, where the periods disagree about it more than that.
///
/// A row is found when its two-sided probability is significant among those of all rows (Benjamini
/// and Hochberg 1995). A row beside one that was found is tested by itself, not as one of many: it
/// joins below ``joining``.
package struct PeriodComparison: Sendable, Equatable {
  /// The verdict on a row.
  package enum Verdict: Sendable, Equatable {
    /// As expected from the other periods.
    case normal
    /// Less than that.
    case low
    /// More than that.
    case high
    /// No verdict is possible, with the reason.
    case notEnoughData(String)
  }

  /// A row with the numbers that its verdict rests on.
  package struct Row: Sendable, Equatable {
    /// What was counted; nil when there is no value.
    package let observed: Double?
    /// The count expected from the other periods; nil when none has a value.
    package let expected: Double?
    /// A count below this is found by itself; nil without a verdict on low counts.
    package let lower: Int?
    /// A count above this is found by itself; nil without a verdict.
    package let upper: Int?
    /// φ of the row.
    package let dispersion: Double
    /// The probability of a count at least as far away, of both sides; nil without a verdict.
    package let probability: Double?
    /// The same among all rows: the least share of false ones at which the row would be found.
    package let corrected: Double?
    /// The verdict.
    package fileprivate(set) var verdict: Verdict
    /// For a row that is found: the indices of the other periods by which alone the count would be
    /// normal.
    package fileprivate(set) var resembles: [Int] = []
  }

  /// The share of false ones among the rows found that is allowed.
  package static let falseShare = 0.01
  /// The probability at which a row joins one beside it.
  package static let joining = 0.05
  /// The least expectation at which low counts are judged; below it, high counts are judged as if
  /// this were expected.
  package static let minimumExpected = 5.0
  /// The least rows with that count expected.
  package static let minimumRows = 8

  /// The level of the period as a multiple of each other one.
  package let levels: [Double]
  /// φ of all rows.
  package let dispersion: Double
  /// The rows.
  package private(set) var rows: [Row]

  /// Judges a period.
  ///
  /// - Parameters:
  ///   - observed: counts by row, 0 or more; nil where there is no value
  ///   - others: the other periods, one or more, each with as many rows
  package init(_ observed: [Double?], against others: [[Double?]]) {
    let levels = others.map { Self.level(of: observed, against: $0) }
    let expected = Self.expected(others, levels)
    // How well the others predict a period; of a single one all that is known is how well it
    // predicts the one in question.
    let dispersion =
      others.count > 1
      ? others.indices.compactMap { place -> Double? in
        var rest = others
        let one = rest.remove(at: place)
        return Self.dispersion(
          of: one, expected: Self.expected(rest, rest.map { Self.level(of: one, against: $0) }))
      }.max() : Self.dispersion(of: observed, expected: expected)
    self.levels = levels
    self.dispersion = dispersion ?? 0
    let count = expected.count { $0 ?? 0 >= Self.minimumExpected }
    let isEnough = dispersion != nil && count >= Self.minimumRows
    let spreads = observed.indices.map { row in
      let own = Self.disagreement(others.map { $0[row] }, levels, expected[row])
      return others.count > 1 ? max(dispersion ?? 0, own) : (dispersion ?? 0) + own
    }
    let chances = observed.indices.map { row in
      isEnough ? Self.chance(of: observed[row], expected: expected[row], spreads[row]) : nil
    }
    let corrected = FalseDiscovery(chances.map { $0 ?? .nan }).adjusted
    let alone = Self.falseShare / Double(max(1, chances.count { $0 != nil })) / 2
    rows = observed.indices.map { row in
      let (value, mean) = (observed[row], expected[row])
      let verdict: Verdict
      if chances[row] != nil, let value, let mean {
        verdict = corrected[row] > Self.falseShare ? .normal : value < mean ? .low : .high
      } else if value == nil {
        verdict = .notEnoughData("no value")
      } else if mean == nil {
        verdict = .notEnoughData("nothing to compare with")
      } else {
        verdict = .notEnoughData(isEnough ? "too few expected" : "too few rows")
      }
      let normal = mean.map { mean in
        (
          low: NegativeBinomial(mean: mean, dispersion: spreads[row]),
          high: NegativeBinomial(
            mean: max(mean, Self.minimumExpected), dispersion: spreads[row])
        )
      }
      return Row(
        observed: value, expected: mean,
        lower: isEnough && mean ?? 0 >= Self.minimumExpected ? normal?.low.lowerLimit(alone) : nil,
        upper: isEnough ? normal?.high.upperLimit(alone) : nil, dispersion: spreads[row],
        probability: chances[row], corrected: chances[row].map { _ in corrected[row] },
        verdict: verdict)
    }
    join()
    for row in rows.indices where rows[row].isFound {
      rows[row].resembles = others.indices.filter { place in
        others[place][row].map { count in
          Self.chance(of: observed[row], expected: levels[place] * count, spreads[row]) ?? 1
            > Self.joining
        } ?? false
      }
    }
  }

  /// Unbroken runs of rows that are found, all low or all high.
  package var incidents: [Range<Int>] {
    var found: [Range<Int>] = []
    for row in rows.indices where rows[row].isFound {
      if let last = found.last, last.upperBound == row, rows[row].verdict == rows[row - 1].verdict {
        found[found.count - 1] = last.lowerBound..<row + 1
      } else {
        found.append(row..<row + 1)
      }
    }
    return found
  }

  /// Lets rows join neighbours that were found, until no more join.
  private mutating func join() {
    for order in [Array(rows.indices), rows.indices.reversed()] {
      for (row, next) in zip(order, order.dropFirst()) where rows[row].isFound {
        guard rows[next].verdict == .normal, rows[next].probability ?? 1 <= Self.joining,
          let observed = rows[next].observed, let expected = rows[next].expected,
          (observed < expected) == (rows[row].verdict == .low)
        else { continue }
        rows[next].verdict = rows[row].verdict
      }
    }
  }

  /// The level of counts as a multiple of others: the weighted median of their ratios; 1 where more
  /// than half of the weight has no counts.
  private static func level(of counts: [Double?], against others: [Double?]) -> Double {
    let ratios = zip(counts, others).compactMap {
      count, other -> (ratio: Double, weight: Double)? in
      guard let count, let other, other > 0 else { return nil }
      return (count / other, other)
    }.sorted { $0.ratio < $1.ratio }
    let half = CompensatedSum(ratios.map(\.weight)).value / 2
    var sum = 0.0
    for each in ratios {
      sum += each.weight
      if sum >= half { return each.ratio > 0 ? each.ratio : 1 }
    }
    return 1
  }

  /// The median, by row, of scaled periods.
  private static func expected(_ periods: [[Double?]], _ levels: [Double]) -> [Double?] {
    (periods.first ?? []).indices.map { row in
      let scaled = zip(periods, levels).compactMap { period, level in
        period[row].map { $0 * level }
      }
      return median(scaled)
    }
  }

  /// φ from the median of squared errors; nil with too few rows.
  private static func dispersion(of counts: [Double?], expected: [Double?]) -> Double? {
    let rows = zip(counts, expected).compactMap { count, mean -> (square: Double, mean: Double)? in
      guard let count, let mean, mean >= minimumExpected else { return nil }
      return ((count - mean) * (count - mean), mean)
    }
    guard rows.count >= minimumRows else { return nil }
    func isTooSmall(_ dispersion: Double) -> Bool {
      let ratios = rows.map { $0.square / ($0.mean + dispersion * $0.mean * $0.mean) }
      return median(ratios) ?? 0 > 0.4549
    }
    var (low, high) = (0.0, 1000.0)
    guard isTooSmall(low) else { return 0 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if isTooSmall(middle) { low = middle } else { high = middle }
    }
    return high
  }

  /// φ of a row by moments, from how much the scaled periods differ there. A single one shows
  /// nothing but the chance in its own count.
  private static func disagreement(
    _ counts: [Double?], _ levels: [Double], _ expected: Double?
  ) -> Double {
    guard let expected else { return 0 }
    let scaled = zip(counts, levels).compactMap { count, level in count.map { $0 * level } }
    let squares = CompensatedSum(scaled.map { ($0 - expected) * ($0 - expected) }).value
    let level = zip(counts, levels).first { $0.0 != nil }?.1 ?? 1
    let excess =
      scaled.count > 1
      ? max(0, squares / Double(scaled.count) - expected) : level * max(expected, level)
    // A row judged by the least expectation has its error on that scale, too.
    return excess / (max(expected, minimumExpected) * max(expected, minimumExpected))
  }

  /// Twice the probability of a count at least as far on its side, at most 1; nil where the
  /// expectation is too small.
  private static func chance(
    of observed: Double?, expected: Double?, _ dispersion: Double
  ) -> Double? {
    guard let observed, let expected, max(observed, expected) >= minimumExpected else { return nil }
    if observed < expected {
      let tail = NegativeBinomial(mean: expected, dispersion: dispersion)
        .lowerTail(Int(min(1e15, observed.rounded(.up))))
      return min(1, 2 * tail)
    }
    let usual = NegativeBinomial(mean: max(expected, minimumExpected), dispersion: dispersion)
    return min(1, 2 * usual.upperTail(Int(min(1e15, observed.rounded(.down)))))
  }

  private static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension PeriodComparison.Row {
  /// Whether the row is too low or too high.
  package var isFound: Bool { verdict == .low || verdict == .high }
}
