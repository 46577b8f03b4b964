package import Statistics

/// All series of the watched metrics.
package struct SeriesWatch: Sendable {
  /// What was counted in one minute of one series.
  package struct Count: Sendable {
    /// Whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// The member of the metric's dimension.
    package let member: String
    /// What was counted.
    package let numerator: Double
    /// The events that it is a share of; nil for a count or amount.
    package let denominator: Double?
  }

  /// A step of a series.
  package struct Step: Sendable {
    /// The metric.
    package let metric: MetricDefinition
    /// The member of its dimension.
    package let member: String
    /// What was counted.
    package let input: SeriesTrack.Input
    /// The result of the step.
    package let step: SeriesTrack.Step
  }

  /// The metrics.
  package let metrics: [MetricDefinition]
  /// The series by metric and member.
  package private(set) var tracks: [String: [String: SeriesTrack]] = [:]
  /// The metrics with a series that could not be restored: they have another detector since.
  package private(set) var unreadable: Set<String> = []

  /// Watches metrics, without any series yet.
  package init(_ metrics: [MetricDefinition]) { self.metrics = metrics }

  /// Restores an encoded series; when its metric has another detector since, the metric becomes
  /// ``unreadable``.
  package mutating func restore(_ metric: MetricDefinition, member: String, state: String) {
    guard let track = SeriesTrack(metric, state: state) else {
      unreadable.insert(metric.name)
      return
    }
    tracks[metric.name, default: [:]][member] = track
  }

  /// The first minute to read for the steps of a metric that end at `first` or later.
  package static func readFrom(_ metric: MetricDefinition, first: Int) -> Int {
    (first / metric.stepMinutes) * metric.stepMinutes
  }

  /// Judges the steps of a metric that end in some minutes.
  ///
  /// - Parameters:
  ///   - metric: the metric
  ///   - counts: what was counted, from ``readFrom(_:first:)`` on, in any order
  ///   - minutes: the minutes that are new
  ///   - raisesAlerts: whether the steps may change alerts; false while the metric only learns
  ///   - slot: the place of a minute in the week
  ///   - isExcluded: whether a minute of a member belongs to a confirmed incident
  /// - Returns: the steps in order of time, then of members, without those of shares that have no
  ///   events
  package mutating func advance(
    _ metric: MetricDefinition, counts: [Count], over minutes: ClosedRange<Int>,
    raisesAlerts: Bool, slot: (Int) -> SeasonSlot, isExcluded: (String, Int) -> Bool
  ) -> [Step] {
    let length = metric.stepMinutes
    var sums: [String: [Int: (numerator: Double, denominator: Double)]] = [:]
    for count in counts {
      let start = count.minute / length * length
      var sum = sums[count.member]?[start] ?? (0, 0)
      sum.numerator += count.numerator
      sum.denominator += count.denominator ?? 0
      sums[count.member, default: [:]][start] = sum
    }
    let members = Set(sums.keys).union(tracks[metric.name]?.keys.map { $0 } ?? []).sorted()
    var tracks = members.map { self.tracks[metric.name]?[$0] ?? SeriesTrack(metric) }
    var steps: [Step] = []
    var start = Self.readFrom(metric, first: minutes.lowerBound)
    while start + length - 1 <= minutes.upperBound {
      defer { start += length }
      let place = slot(start)
      var judged: [(index: Int, input: SeriesTrack.Input, judgement: DetectorJudgement)] = []
      for (index, member) in members.enumerated() {
        let sum = sums[member]?[start]
        if sum == nil, metric.isSampled || metric.isShare && !metric.gapIsQuiet { continue }
        let input = SeriesTrack.Input(
          minute: start, numerator: sum?.numerator,
          denominator: metric.isShare ? sum?.denominator : nil, slot: place,
          isExcluded: isExcluded(member, start))
        judged.append((index, input, tracks[index].judge(input)))
      }
      // The more series are judged, the more of them are anomalous by chance.
      let chances = FalseDiscovery(judged.map { $0.judgement.pValue ?? .nan }).adjusted
      for (each, chance) in zip(judged, chances) {
        steps.append(
          Step(
            metric: metric, member: members[each.index], input: each.input,
            step: tracks[each.index].decide(
              each.judgement, of: each.input, chance: each.judgement.pValue.map { _ in chance },
              raisesAlerts: raisesAlerts)))
      }
    }
    for (member, track) in zip(members, tracks) {
      self.tracks[metric.name, default: [:]][member] = track
    }
    return steps
  }
}
