import PayopsCore

/// The number of payments in each hour of the period; they add up to the total exactly.
struct DemandPlan: Sendable {
  /// First second of the period.
  let startSecond: Int
  /// First second after the period.
  let endSecond: Int
  let curve: DemandCurve
  let incidents: [Incident]
  /// Payments by hour, without the planted ones.
  let counts: [Int]

  var firstHour: Int { curve.firstHour }
  var hourCount: Int { counts.count }

  /// Spreads a number of payments over a period.
  init(
    startSecond: Int, endSecond: Int, total: Int, seed: UInt64, incidents: [Incident],
    normal: NormalTable, growth: Double = 1
  ) {
    self.startSecond = startSecond
    self.endSecond = endSecond
    self.incidents = incidents
    let firstHour = startSecond / 3600
    let hourCount = (endSecond + 3599) / 3600 - firstHour
    curve = DemandCurve(firstHour: firstHour, hourCount: hourCount, growth: growth)

    var weights = [Double](repeating: 0, count: hourCount)
    for position in 0..<hourCount {
      weights[position] = DemandPlan.minuteWeights(
        position: position, curve: curve, startSecond: startSecond, endSecond: endSecond,
        incidents: incidents
      ).reduce(0, +)
    }
    let expected = Double(total) / max(weights.reduce(0, +), .leastNormalMagnitude)
    var random = SeededRandom(seed: seed, stream: "demand")
    for position in 0..<hourCount {
      let mean = weights[position] * expected
      let business = 1 + 0.03 * normal.variate(random.next())
      let chance = 1 + normal.variate(random.next()) / max(mean, 1).squareRoot()
      weights[position] *= max(business, 0) * max(chance, 0)
    }
    counts = DemandPlan.share(total, by: weights)
  }

  /// Shares a whole number by weights; the parts add up to it.
  static func share(_ total: Int, by weights: [Double]) -> [Int] {
    let sum = weights.reduce(0, +)
    guard sum > 0 else {
      return weights.indices.map { $0 == 0 ? total : 0 }
    }
    var running = 0.0
    var given = 0
    return weights.indices.map { position in
      running += weights[position]
      let upTo =
        position == weights.count - 1
        ? total : min(total, max(given, Int((running / sum * Double(total)).rounded())))
      defer { given = upTo }
      return upTo - given
    }
  }

  /// Demand of the 60 minutes of an hour; 0 outside the period.
  func minuteWeights(position: Int) -> [Double] {
    DemandPlan.minuteWeights(
      position: position, curve: curve, startSecond: startSecond, endSecond: endSecond,
      incidents: incidents)
  }

  private static func minuteWeights(
    position: Int, curve: DemandCurve, startSecond: Int, endSecond: Int, incidents: [Incident]
  ) -> [Double] {
    let hourSecond = (curve.firstHour + position) * 3600
    let drops = incidents.filter {
      $0.kind == .volumeDrop && $0.startSecond < hourSecond + 3600 && $0.endSecond >= hourSecond
    }
    return (0..<60).map { minute in
      let second = hourSecond + minute * 60
      guard second >= startSecond, second < endSecond else { return 0 }
      let weight = curve.weight(position: position, minute: minute)
      return drops.reduce(weight) { $1.contains(second) ? $0 * (1 - $1.magnitude) : $0 }
    }
  }
}
