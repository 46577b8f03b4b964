internal import Foundation
package import MariaDBClient
package import PayopsCore
internal import Statistics

/// One tick of the monitor: judges every minute since the last tick, and raises and resolves
/// alerts.
///
/// Each minute is judged once, even when several ticks run: a tick locks the row of `monitor_state`
/// and changes verdicts, detectors, alerts and notifications in one transaction with it. Missed
/// minutes are caught up in order, in transactions of at most ``chunkMinutes``.
///
/// A metric that is new, or whose definition has changed, first learns from the days before, one
/// day per transaction. The learned state is saved, so that the next tick continues the work of one
/// that was killed, and two ticks at once share the work.
///
/// All transactions are READ COMMITTED: a tick locks rows of the monitor and of alerts, and nothing
/// that payments need.
package struct MonitorTick: Sendable {
  /// What a tick did.
  package struct Report: Sendable, Equatable {
    /// How many minutes were judged, or, at the very first tick, learned from.
    package var minutes = 0
    /// How many steps of series were judged.
    package var steps = 0
    /// How many of these were anomalous.
    package var anomalous = 0
    /// How many alerts were raised or became more severe.
    package var raised = 0
    /// How many alerts were resolved.
    package var resolved = 0
    /// How many metrics could not be judged; each has an alert metric_failed.
    package var failed = 0
    /// The last minute that was judged; nil when no minute was.
    package var lastMinute: CivilInstant?
  }

  /// A metric of the catalogue, or why it cannot be judged.
  typealias Entry = (name: String, metric: Result<MetricDefinition, any Error>)

  /// The most minutes of one transaction.
  static let chunkMinutes = 720
  /// How many minutes of the past one transaction learns from.
  static let learningMinutes = 1440
  /// How many minutes the rollups get to include the latest payments.
  static let lagMinutes = 1
  /// How many days a metric learns from before it is judged.
  static let warmUpDays = 14
  /// The most attempts of a transaction that fails with a deadlock or lock wait timeout.
  static let attempts = 5

  private let connection: Connection

  /// Makes a tick over a connection.
  package init(_ connection: Connection) { self.connection = connection }

  /// Judges the new minutes.
  ///
  /// - Parameter at: the moment that counts as now; nil for that of the database (`as_of()`)
  /// - Throws: ``MonitoringError`` for a moment in the future, `DatabaseError`
  package func run(at: CivilInstant? = nil) async throws -> Report {
    let metrics = try await MetricDefinition.readAll(on: connection)
    let clock = try await connection.query("SELECT as_of() AS now").rows.first?["now"]
    let present = clock.flatMap { CivilInstant($0) } ?? CivilInstant(secondsSinceEpoch: 0)
    if let at, at > present {
      throw MonitoringError(
        .future, "\(at) is in the future: the clock of the database says \(present)",
        hint: "no minute would be judged until then; omit --at")
    }
    let now = at ?? present
    let target = now.minutesSinceEpoch - 1 - Self.lagMinutes
    var progress = Progress(metrics)
    if try await transaction({ try $0.beginMonitor(at: target, isLive: at == nil) }) {
      progress.report.minutes = Self.warmUpDays * 1440
      progress.report.lastMinute = CivilInstant(minutesSinceEpoch: target)
    }
    while true {
      let before = progress
      let learned = try await transaction { try $0.learnChunk(metrics, before) }
      progress = learned.progress
      if learned.hasMore { continue }
      let progressBefore = progress
      let judged = try await transaction { connection in
        try connection.judgeChunk(metrics, upTo: target, isLive: at == nil, progressBefore)
      }
      progress = judged.progress
      if judged.isDone {
        progress.report.failed = progress.failed.count
        return progress.report
      }
    }
  }

  private func transaction<T: Sendable>(
    _ body: @Sendable (isolated Connection) throws -> T
  ) async throws -> T {
    try await connection.transaction(attempts: Self.attempts, body)
  }
}

extension Connection {
  /// Locks the state of the monitor; the very first tick creates it.
  ///
  /// - Returns: whether this is the first tick
  fileprivate func beginMonitor(at target: Int, isLive: Bool) throws -> Bool {
    _ = try queryAll("CALL check_job_fence()")
    // The first tick judges nothing: it learns from the days up to now.
    let inserted = try execute(
      "INSERT INTO monitor_state (state_id, last_minute, ticked_at) VALUES (1, ?, UTC_TIMESTAMP(3))"
        + " ON DUPLICATE KEY UPDATE state_id = state_id",
      [.text(Self.text(target))])
    guard inserted == 1 else { return false }
    if isLive { _ = try queryAll("CALL sample_gauges(?)", [.text(Self.text(target))]) }
    return true
  }

  /// Locks the row of the monitor: only the tick that holds the lock judges.
  ///
  /// - Returns: the last minute that was judged
  func lockMonitor() throws -> Int {
    _ = try queryAll("CALL check_job_fence()")
    return try query(
      "SELECT last_minute FROM monitor_state WHERE state_id = 1 FOR UPDATE"
    ).rows.first?["last_minute"].flatMap({ CivilInstant($0) })?.minutesSinceEpoch ?? Int.max
  }

  /// Judges the next minutes of every metric.
  fileprivate func judgeChunk(
    _ catalogue: [MonitorTick.Entry], upTo target: Int, isLive: Bool,
    _ progress: MonitorTick.Progress
  ) throws -> (progress: MonitorTick.Progress, isDone: Bool) {
    var progress = progress
    let last = try lockMonitor()
    guard last < target else {
      try raiseFailures(&progress)
      return (progress, true)
    }
    let end = min(target, last + MonitorTick.chunkMinutes)
    let minutes = last + 1...end
    let metrics = catalogue.compactMap { try? $0.metric.get() }
    var watch = SeriesWatch(metrics)
    try restore(&watch)
    let learned = try learnedMetrics()
    let isReady = metrics.allSatisfy { metric in
      progress.failed.contains(metric.name) || learned[metric.name]?.isReady(for: metric) == true
    }
    let unreadable = watch.unreadable.subtracting(progress.failed)
    guard isReady, unreadable.isEmpty else {
      // Somebody changed a metric, or its learned state cannot be read: it learns first.
      try resetLearning(unreadable, &progress)
      return (progress, false)
    }
    // Gauges measure the current state, so only a live tick at its last minute can sample them.
    if isLive, end == target { _ = try queryAll("CALL sample_gauges(?)", [.text(Self.text(end))]) }

    let reading = try SeriesReading(metrics, on: self)
    var steps: [SeriesWatch.Step] = []
    let before = watch.tracks
    for metric in metrics where !progress.failed.contains(metric.name) {
      // A metric that cannot be judged does not stop the others: it raises an alert of its own.
      do {
        steps += try reading.advance(&watch, metric, over: minutes, raisesAlerts: true, on: self)
      } catch let error as DatabaseError where error.errno == 30671 {
        progress.add(metric.name, error.description)
      }
    }
    // Saved first: the impact of an alert is measured against the expected values of its steps.
    try save(steps)
    // Alerts change in order of time, those of members first: they say more about the cause.
    for step in steps.sorted(by: { $0.alertOrder < $1.alertOrder }) {
      switch step.step.change {
      case .raise(let severity, let since):
        try raise(step, severity: severity, since: since)
        try keepEvidence(
          of: step, since: since, among: steps, state: before[step.metric.name]?[step.member])
        progress.report.raised += 1
      case .resolve:
        _ = try queryAll(
          "CALL end_metric_alert(?, ?, ?)",
          [.text(step.metric.name), .text(step.member), .text(Self.text(step.end))])
        progress.report.resolved += 1
      case nil: break
      }
    }
    progress.report.resolved += try resolveStale(watch, except: progress.failed)
    try raiseFailures(&progress)
    try resolveFailures(except: progress.failed)
    try save(watch, lastMinute: end)
    _ = try queryAll("CALL end_monitor_tick(?)", [.text(Self.text(end))])
    progress.report.minutes += minutes.count
    progress.count(steps)
    progress.report.lastMinute = CivilInstant(minutesSinceEpoch: end)
    return (progress, end == target)
  }

  /// Resolves alerts of series without an incident, as after a change of their metric.
  private func resolveStale(
    _ watch: SeriesWatch, except broken: Set<String>
  ) throws -> Int {
    let open = try query(
      "SELECT SUBSTRING(alert_rule, 9) AS metric, alert_subject AS member FROM ops_alerts"
        + " WHERE alert_rule LIKE 'monitor\\_%' AND alert_state <> 'resolved'"
    ).rows
    var count = 0
    for row in open {
      guard let metric = row["metric"], let member = row["member"], !broken.contains(metric),
        watch.tracks[metric]?[member]?.isRaised != true
      else { continue }
      _ = try queryAll("CALL resolve_alert(?, ?)", [.text("monitor_" + metric), .text(member)])
      count += 1
    }
    return count
  }

  private func raiseFailures(_ progress: inout MonitorTick.Progress) throws {
    for (metric, message) in progress.pendingAlerts.sorted(by: { $0.key < $1.key }) {
      _ = try queryAll(
        "CALL raise_alert('metric_failed', ?, 'WARNING', ?)",
        [.text(metric), .text(String(message.prefix(512)))])
    }
    progress.pendingAlerts = [:]
  }

  /// Resolves the alerts of metrics that can be judged again or are no longer watched.
  private func resolveFailures(except broken: Set<String>) throws {
    let open = try query(
      "SELECT alert_subject AS metric FROM ops_alerts"
        + " WHERE alert_rule = 'metric_failed' AND alert_state <> 'resolved'"
    ).rows
    for metric in open.compactMap({ $0["metric"] }) where !broken.contains(metric) {
      _ = try queryAll("CALL resolve_alert('metric_failed', ?)", [.text(metric)])
    }
  }

  private func raise(_ step: SeriesWatch.Step, severity: Severity, since: Int) throws {
    let currency = try query("SELECT base_currency() AS currency").rows.first?["currency"]
    let text = step.alertText(since: since, currency: currency ?? "")
    _ = try queryAll(
      "CALL raise_metric_alert(?, ?, ?, ?, ?, ?, ?)",
      [
        .text(step.metric.name), .text(step.member), .text(severity.rawValue),
        .text(Self.text(since)), .text(Self.text(step.end)), .text(text.seen), .text(text.bounds),
      ])
  }
}
