internal import Foundation
internal import MariaDBClient
internal import PayopsCore
internal import Statistics

/// How a tick learns from the past of a metric before it judges new steps.
extension Connection {
  /// How far a metric has learned.
  struct Learned: Sendable {
    /// The checksum of the definition that it learned with.
    let checksum: String
    /// The last minute that it learned from.
    let until: Int
    /// Whether learning is complete.
    let isComplete: Bool

    /// Whether a metric as it is defined now can be judged.
    func isReady(for metric: MetricDefinition) -> Bool {
      isComplete && checksum == metric.checksum
    }
  }

  /// How far each metric has learned.
  func learnedMetrics() throws -> [String: Learned] {
    var found: [String: Learned] = [:]
    let rows = try query(
      "SELECT metric_name, definition_checksum, learned_until, is_complete FROM monitor_learned"
    ).rows
    for row in rows {
      guard let name = row["metric_name"],
        let until = row["learned_until"].flatMap({ CivilInstant($0) })
      else { continue }
      found[name] = Learned(
        checksum: row["definition_checksum"] ?? "", until: until.minutesSinceEpoch,
        isComplete: row.integer("is_complete") == 1)
    }
    return found
  }

  /// Learns from one more day for the first metric whose learning is incomplete.
  ///
  /// - Returns: the progress, and whether there may be more to learn
  func learnChunk(
    _ catalogue: [MonitorTick.Entry], _ progress: MonitorTick.Progress
  ) throws -> (progress: MonitorTick.Progress, hasMore: Bool) {
    var progress = progress
    let end = try lockMonitor()
    let metrics = catalogue.compactMap { try? $0.metric.get() }
    let learned = try learnedMetrics()
    let watched = Set(
      try query("SELECT DISTINCT metric_name FROM monitor_tracks").rows
        .compactMap { $0["metric_name"] })
    for metric in metrics where !progress.failed.contains(metric.name) {
      let known = learned[metric.name]
      if known?.isReady(for: metric) == true { continue }
      if known == nil, watched.contains(metric.name) {
        // Learned by a version that kept no record of it.
        try note(metric, until: end, isComplete: true)
        continue
      }
      do {
        let steps = try learn(metric, known: known, to: end)
        progress.count(steps)
      } catch let error as DatabaseError where error.errno == 30671 {
        progress.add(metric.name, error.description)
      }
      return (progress, true)
    }
    return (progress, false)
  }

  /// Learns the next day of a metric.
  private func learn(
    _ metric: MetricDefinition, known: Learned?, to end: Int
  ) throws -> [SeriesWatch.Step] {
    var watch = SeriesWatch([metric])
    let begin = end - MonitorTick.warmUpDays * 1440 + 1
    var first = begin
    if let known, known.checksum == metric.checksum, begin - 1...end ~= known.until,
      !known.isComplete
    {
      try restore(&watch)
      first = known.until + 1
    }
    if first == begin || !watch.unreadable.isEmpty {
      // From the beginning: the metric is new, or its definition has changed.
      first = begin
      watch = SeriesWatch([metric])
      try execute("DELETE FROM monitor_tracks WHERE metric_name = ?", [.text(metric.name)])
    }
    let last = min(first + MonitorTick.learningMinutes - 1, end)
    let steps = try SeriesReading([metric], on: self)
      .advance(&watch, metric, over: first...last, raisesAlerts: false, on: self)
    try save(steps, replaces: false)
    try save(watch, lastMinute: last)
    try note(metric, until: last, isComplete: last == end)
    return steps
  }

  /// Deletes the learned state of metrics, which cannot be read, so that they learn again.
  func resetLearning(_ metrics: Set<String>, _ progress: inout MonitorTick.Progress) throws {
    for name in metrics.sorted() {
      guard progress.relearned.insert(name).inserted else {
        progress.add(name, "the learned state of metric \(name) cannot be read")
        continue
      }
      try execute("DELETE FROM monitor_tracks WHERE metric_name = ?", [.text(name)])
      try execute("DELETE FROM monitor_learned WHERE metric_name = ?", [.text(name)])
    }
  }

  private func note(_ metric: MetricDefinition, until: Int, isComplete: Bool) throws {
    try execute(
      """
      INSERT INTO monitor_learned (
        metric_name, definition_checksum, learned_until, is_complete, learned_at
      ) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))
      ON DUPLICATE KEY UPDATE
        definition_checksum = VALUES(definition_checksum), learned_until = VALUES(learned_until),
        is_complete = VALUES(is_complete), learned_at = VALUES(learned_at)
      """,
      [
        .text(metric.name), .text(metric.checksum), .text(Self.text(until)),
        .integer(isComplete ? 1 : 0),
      ])
  }
}

/// Reads the series of metrics, with their calendars and confirmed incidents.
struct SeriesReading {
  private let holidays: [String: Set<Int>]
  private let confirmed: [String: [ClosedRange<Int>]]

  /// Reads calendars and confirmed incidents.
  init(_ metrics: [MetricDefinition], on connection: isolated Connection) throws {
    holidays = try connection.holidays(of: metrics)
    confirmed = try connection.confirmedIncidents()
  }

  /// Reads what a metric counted in some minutes and advances the steps that end in them.
  func advance(
    _ watch: inout SeriesWatch, _ metric: MetricDefinition, over minutes: ClosedRange<Int>,
    raisesAlerts: Bool, on connection: isolated Connection
  ) throws -> [SeriesWatch.Step] {
    let from = SeriesWatch.readFrom(metric, first: minutes.lowerBound)
    return watch.advance(
      metric, counts: try connection.counts(of: metric, in: from...minutes.upperBound),
      over: minutes, raisesAlerts: raisesAlerts, slot: { metric.slot($0, holidays: holidays) },
      isExcluded: { member, minute in
        confirmed["\(metric.alertRule)/\(member)"]?.contains { $0.contains(minute) } ?? false
      })
  }
}

extension MetricDefinition {
  /// Identifies what the metric counts and how it is judged: when either changes, it learns again.
  var checksum: String {
    let parts = [
      "series_source", "dimension", "numerator", "denominator", "step_minutes", "detector",
      "detector_parameters",
    ].map { columns[$0] ?? "NULL" }
    return FNV1a64.hexadecimal(of: parts.joined(separator: "\u{1F}"))
  }
}
