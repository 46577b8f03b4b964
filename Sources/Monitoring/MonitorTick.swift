internal import Foundation
package import MariaDBClient
package import PayopsCore
internal import Statistics

/// One tick of the monitor: judges every minute since the last one and moves alerts.
///
/// A minute is judged once, whoever ticks: the row of `monitor_state` is locked, and verdicts,
/// detectors, alerts and notices change with it in one transaction. Missed minutes are made up for in
/// order, in transactions of at most ``chunkMinutes``.
package struct MonitorTick: Sendable {
  /// What a tick came to.
  package struct Report: Sendable, Equatable {
    /// How many minutes were judged.
    package var minutes = 0
    /// How many steps of series.
    package var steps = 0
    /// How many of these departed from what was expected.
    package var anomalous = 0
    /// How many alerts were raised or became graver.
    package var raised = 0
    /// How many were ended.
    package var resolved = 0
    /// How many metrics could not be judged; each has an alert metric_failed.
    package var failed = 0
    /// The last minute that was judged; nil when there was none to judge.
    package var lastMinute: CivilInstant?
  }

  /// The most minutes of one transaction.
  static let chunkMinutes = 720
  /// How many minutes the rollups are given to hold what happened.
  static let lagMinutes = 1
  /// How many days a first tick learns from.
  static let warmUpDays = 14

  private let connection: Connection

  /// Ticks over a connection.
  package init(_ connection: Connection) { self.connection = connection }

  /// Judges what is new.
  ///
  /// - Parameter at: the moment that counts as now; nil for that of the database (`as_of()`)
  /// - Throws: ``MonitoringError`` for a metric that cannot be judged or a moment that has not come,
  ///   `DatabaseError`
  package func run(at: CivilInstant? = nil) async throws -> Report {
    let metrics = try await MetricDefinition.readAll(on: connection)
    let clock = try await connection.query("SELECT as_of() AS now").rows.first?["now"]
    let present = clock.flatMap { CivilInstant($0) } ?? CivilInstant(secondsSinceEpoch: 0)
    if let at, at > present {
      throw MonitoringError(
        .future, "\(at) has not come, the clock of the database says \(present)",
        hint: "nothing would be watched until then; leave --at out")
    }
    let now = at ?? present
    let target = now.minutesSinceEpoch - 1 - Self.lagMinutes
    var report = Report()
    while true {
      let before = report
      let isDone = try await connection.transaction { connection in
        try connection.judgeChunk(metrics, upTo: target, isLive: at == nil, report: before)
      }
      report = isDone.report
      if isDone.last { return report }
    }
  }
}

extension Connection {
  fileprivate func judgeChunk(
    _ catalogue: [(name: String, metric: Result<MetricDefinition, any Error>)], upTo target: Int,
    isLive: Bool, report: MonitorTick.Report
  ) throws -> (report: MonitorTick.Report, last: Bool) {
    var report = report
    _ = try queryAll("CALL check_job_fence()")
    // The first tick begins before what the rollups hold, and only learns.
    let inserted = try execute(
      "INSERT INTO monitor_state (state_id, last_minute, ticked_at) VALUES (1, ?, UTC_TIMESTAMP(3))"
        + " ON DUPLICATE KEY UPDATE state_id = state_id",
      [.text(Self.text(target - MonitorTick.warmUpDays * 1440))])
    guard
      let last = try query(
        "SELECT last_minute FROM monitor_state WHERE state_id = 1 FOR UPDATE"
      ).rows.first?["last_minute"].flatMap({ CivilInstant($0) })?.minutesSinceEpoch
    else { return (report, true) }
    guard last < target else { return (report, true) }
    let isFirst = inserted == 1
    let end = isFirst ? target : min(target, last + MonitorTick.chunkMinutes)
    let minutes = last + 1...end
    // How things stand is known of now only.
    if isLive, end == target { _ = try queryAll("CALL sample_gauges(?)", [.text(Self.text(end))]) }

    let metrics = catalogue.compactMap { try? $0.metric.get() }
    var watch = SeriesWatch(metrics)
    try restore(&watch)
    let holidays = try holidays(of: metrics)
    let confirmed = try confirmedIncidents()
    var steps: [SeriesWatch.Step] = []
    var before: [String: [String: SeriesTrack]] = [:]
    report.failed = 0
    for (name, definition) in catalogue {
      // A metric that cannot be judged stops no other: it has an alert of its own.
      do {
        let metric = try definition.get()
        func advance(over minutes: ClosedRange<Int>, tells: Bool) throws -> [SeriesWatch.Step] {
          let from = SeriesWatch.readFrom(metric, first: minutes.lowerBound)
          return watch.advance(
            metric, counts: try counts(of: metric, in: from...minutes.upperBound), over: minutes,
            tells: tells, slot: { metric.slot($0, holidays: holidays) },
            isExcluded: { member, minute in
              confirmed["\(metric.alertRule)/\(member)"]?.contains { $0.contains(minute) } ?? false
            })
        }
        /// Learns day by day, so that memory does not grow with what there is to learn from.
        func learn(from minutes: ClosedRange<Int>, _ body: ([SeriesWatch.Step]) throws -> Void)
          throws
        {
          for day in stride(from: minutes.lowerBound, through: minutes.upperBound, by: 1440) {
            try body(
              try advance(over: day...min(day + 1439, minutes.upperBound), tells: false))
          }
        }
        if isFirst {
          try learn(from: minutes) { learned in
            try save(learned)
            report.steps += learned.count
            report.anomalous += learned.count { $0.step.isAnomalous }
          }
        } else {
          if watch.tracks[name] == nil {
            // New, or judged in another way since: it learns from what was, as all did at first.
            let past = minutes.lowerBound - MonitorTick.warmUpDays * 1440
            try learn(from: past...minutes.lowerBound - 1) { _ in }
          }
          before[name] = watch.tracks[name]
          steps += try advance(over: minutes, tells: true)
        }
        _ = try queryAll("CALL resolve_alert('metric_failed', ?)", [.text(name)])
      } catch let error as MonitoringError {
        try raiseFailure(of: name, error.description)
        report.failed += 1
      } catch let error as DatabaseError where error.errno == 30671 {
        try raiseFailure(of: name, error.description)
        report.failed += 1
      }
    }
    // What alerts concern is measured by what was expected.
    try save(steps)
    // Alerts move in the order of time, those of members first: they say more about the cause.
    for step in steps.sorted(by: { $0.alertOrder < $1.alertOrder }) {
      switch step.step.change {
      case .raise(let severity, let since):
        try raise(step, severity: severity, since: since)
        try keepEvidence(
          of: step, since: since, among: steps, state: before[step.metric.name]?[step.member])
        report.raised += 1
      case .resolve:
        _ = try queryAll(
          "CALL end_metric_alert(?, ?, ?)",
          [.text(step.metric.name), .text(step.member), .text(Self.text(step.end))])
        report.resolved += 1
      case nil: break
      }
    }
    let broken = catalogue.filter { (try? $0.metric.get()) == nil }.map(\.name)
    report.resolved += try resolveForgotten(watch, except: Set(broken))
    try save(watch, lastMinute: end)
    try execute(
      "UPDATE monitor_state SET last_minute = ?, ticked_at = UTC_TIMESTAMP(3) WHERE state_id = 1",
      [.text(Self.text(end))])
    report.minutes += minutes.count
    report.steps += steps.count
    report.anomalous += steps.count { $0.step.isAnomalous }
    report.lastMinute = CivilInstant(minutesSinceEpoch: end)
    return (report, end == target)
  }

  /// Ends alerts of series in which nothing goes on any more, as after a change of their metric.
  private func resolveForgotten(
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

  private func raiseFailure(of metric: String, _ message: String) throws {
    _ = try queryAll(
      "CALL raise_alert('metric_failed', ?, 'WARNING', ?)",
      [.text(metric), .text(String(message.prefix(512)))])
  }

  private func raise(_ step: SeriesWatch.Step, severity: Severity, since: Int) throws {
    _ = try queryAll(
      "CALL raise_metric_alert(?, ?, ?, ?, ?, ?)",
      [
        .text(step.metric.name), .text(step.member), .text(severity.rawValue),
        .text(Self.text(since)), .text(Self.text(step.end)), .text(step.message(since: since)),
      ])
  }
}
