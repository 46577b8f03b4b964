import PayopsCore

/// A planted operational incident.
struct Incident: Sendable, Equatable {
  let kind: IncidentKind
  /// First second; at a full minute.
  let startSecond: Int
  /// Last second.
  let endSecond: Int
  /// Position of the acquirer, scheme, channel or rail that is hit.
  let member: UInt8
  /// Added rate, factor or share, by kind.
  let magnitude: Double

  /// Whether a second is within the incident.
  func contains(_ second: Int) -> Bool { second >= startSecond && second <= endSecond }

  /// Strength at a second: latency creeps up, everything else holds at once.
  func strength(at second: Int) -> Double {
    guard kind == .latencyCreep else { return magnitude }
    let progress = Double(second - startSecond) / Double(max(1, endSecond - startSecond))
    return 1 + (magnitude - 1) * progress
  }

  /// Dimension that is hit.
  var dimension: String {
    switch kind {
    case .acquirerOutage: Dimension.acquirer.rawValue
    case .latencyCreep: Dimension.channel.rawValue
    case .declineSpike: Dimension.cardScheme.rawValue
    case .settlementStall: "rail"
    case .duplicatePosting, .volumeDrop: Dimension.all.rawValue
    }
  }

  /// Member of the dimension that is hit.
  var memberName: String {
    switch kind {
    case .acquirerOutage: Acquirer.names.text(Int(member))
    case .latencyCreep: Channel.names.text(Int(member))
    case .declineSpike: CardScheme.names.text(Int(member))
    case .settlementStall: Rail.codes[Int(member)]
    case .duplicatePosting, .volumeDrop: "all"
    }
  }

  /// Draws the incidents of a run.
  ///
  /// They lie in the last two thirds of the period, so that a history precedes them, and apart from
  /// each other as far as there is room.
  static func plan(
    parameters: SimulationParameters, startSecond: Int, endSecond: Int
  ) -> [Incident] {
    var random = SeededRandom(seed: parameters.seed, stream: "incidents")
    let lastSecond = parameters.recentIncidents ? endSecond : endSecond - 86_400
    let firstSecond = startSecond + (endSecond - startSecond) / 3
    var planned: [Incident] = []
    for kind in IncidentKind.allCases {
      for _ in 0..<parameters.count(of: kind) {
        let minutes = duration(of: kind, using: &random)
        let member = member(of: kind, using: &random)
        let magnitude = magnitude(of: kind, using: &random)
        let room = lastSecond - minutes * 60 - firstSecond
        guard room > 0 else { continue }
        var start = firstSecond
        for _ in 0..<64 {
          start = (firstSecond + random.below(room)) / 86_400 * 86_400
          // Between 08:00 and 17:00 UTC, when there is enough traffic to notice them.
          start += 8 * 3600 + random.below(9 * 60) * 60
          let isInside = start >= firstSecond && start + minutes * 60 <= lastSecond
          let isApart = planned.allSatisfy {
            start > $0.endSecond + 43_200 || start + minutes * 60 + 43_200 < $0.startSecond
          }
          if isInside, isApart { break }
        }
        start = max(firstSecond, min(start, lastSecond - minutes * 60)) / 60 * 60
        planned.append(
          Incident(
            kind: kind, startSecond: start, endSecond: start + minutes * 60 - 1, member: member,
            magnitude: magnitude))
      }
    }
    if parameters.hasOpenIncident {
      planned += recent(parameters, startSecond: startSecond, endSecond: endSecond)
    }
    return planned.sorted {
      ($0.startSecond, $0.kind.rawValue) < ($1.startSecond, $1.kind.rawValue)
    }
  }

  /// An outage of an acquirer at noon of a day before, and one of another that lasts to the end.
  ///
  /// At night card payments are few, and some acquirers have none. So the open outage begins early
  /// enough to cover the card payments of an average hour. Every payment in it fails, since two that
  /// happen to pass would end its alert.
  private static func recent(
    _ parameters: SimulationParameters, startSecond: Int, endSecond: Int
  ) -> [Incident] {
    var random = SeededRandom(seed: parameters.seed, stream: "recent incidents")
    let first = UInt8(random.below(3))
    let second = (first + 1 + UInt8(random.below(2))) % 3
    let noon = (endSecond - 18 * 3600) / 86_400 * 86_400 + 12 * 3600
    let past = noon <= endSecond - 6 * 3600 ? noon : noon - 86_400
    let hours = 24
    let curve = DemandCurve(
      firstHour: endSecond / 3600 - hours, hourCount: hours + 1,
      flows: Flow.all.filter { $0.type == .cardPayment })
    let hourly = curve.totals.prefix(hours).reduce(0, +) / Double(hours)
    var start = endSecond / 60 * 60
    var demand = 0.0
    while demand < hourly * 60, start > endSecond - 12 * 3600 {
      start -= 60
      let hour = start / 3600 - curve.firstHour
      demand += curve.weight(position: hour, minute: start / 60 % 60)
    }
    let outages = [
      (past, past + 45 * 60 - 1, first, 0.85), (start, endSecond - 1, second, 1),
    ]
    return outages.filter { $0.0 > startSecond }.map {
      Incident(
        kind: .acquirerOutage, startSecond: $0.0, endSecond: $0.1, member: $0.2, magnitude: $0.3)
    }
  }

  private static func duration(of kind: IncidentKind, using random: inout SeededRandom) -> Int {
    switch kind {
    case .acquirerOutage: random.within(25...60)
    case .latencyCreep: random.within(180...300)
    case .declineSpike: random.within(40...90)
    case .settlementStall: random.within(1440...2160)
    case .duplicatePosting: random.within(20...45)
    case .volumeDrop: random.within(60...120)
    }
  }

  private static func member(of kind: IncidentKind, using random: inout SeededRandom) -> UInt8 {
    switch kind {
    case .acquirerOutage: UInt8(random.below(3))
    case .latencyCreep:
      [Channel.cardPresent, .ecommerce, .mobileApp][random.below(3)].rawValue
    case .declineSpike: UInt8(random.below(2))
    case .settlementStall: UInt8(random.below(4))
    case .duplicatePosting, .volumeDrop: 0
    }
  }

  private static func magnitude(of kind: IncidentKind, using random: inout SeededRandom) -> Double {
    let level = Double(random.below(101)) / 100
    return switch kind {
    case .acquirerOutage: 0.75 + 0.2 * level
    case .latencyCreep: 4 + 3 * level
    case .declineSpike: 0.3 + 0.25 * level
    case .settlementStall: 1
    case .duplicatePosting: 0.25 + 0.15 * level
    case .volumeDrop: 0.75 + 0.15 * level
    }
  }
}
