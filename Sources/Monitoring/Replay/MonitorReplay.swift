package import MariaDBClient
package import PayopsCore

/// Runs history through the metrics as they are defined now, to see what they would have found; it
/// raises no alerts and notifies nobody.
package struct MonitorReplay: Sendable {
  /// An alert that would have been raised.
  package struct Finding: Sendable, Equatable {
    /// The metric.
    package let metric: String
    /// The source of the metric's counts.
    package let source: String
    /// The dimension of the metric.
    package let dimension: String
    /// The member of it.
    package let member: String
    /// The first minute of the incident.
    package let since: CivilInstant
    /// When the alert would have been raised: the minute after the step that caused it.
    package let detectedAt: CivilInstant
    /// When it would have been resolved; nil while still open at the end of the period.
    package var endedAt: CivilInstant?
    /// The most severe severity that it reached.
    package var severity: Severity
  }

  /// How many minutes are read at once.
  static let chunkMinutes = 7 * 1440

  private let connection: Connection

  /// Replays over a connection.
  package init(_ connection: Connection) { self.connection = connection }

  /// Runs the minutes of a period through the metrics.
  ///
  /// - Parameters:
  ///   - from: the first minute that counts
  ///   - to: the minute after the last one
  ///   - warmUpDays: how many days before the period the detectors learn from
  /// - Returns: the alerts that would have been raised, in order of detection
  /// - Throws: ``MonitoringError``, `DatabaseError`
  package func run(
    from: CivilInstant, to: CivilInstant, warmUpDays: Int = MonitorTick.warmUpDays
  ) async throws -> [Finding] {
    let metrics = try await MetricDefinition.readAll(on: connection).map { try $0.metric.get() }
    let (first, end) = (from.minutesSinceEpoch, to.minutesSinceEpoch - 1)
    guard first <= end else { return [] }
    return try await connection.transaction { connection in
      try connection.findings(
        metrics, learningFrom: first - warmUpDays * 1440, reportingFrom: first, to: end)
    }
  }
}

extension Connection {
  fileprivate func findings(
    _ metrics: [MetricDefinition], learningFrom start: Int, reportingFrom first: Int, to end: Int
  ) throws -> [MonitorReplay.Finding] {
    let holidays = try holidays(of: metrics)
    let confirmed = try confirmedIncidents()
    var findings: [MonitorReplay.Finding] = []
    for metric in metrics {
      var watch = SeriesWatch([metric])
      var open: [String: Int] = [:]
      var next = start
      while next <= end {
        let bound = next < first ? first - 1 : end
        let last = min(next + MonitorReplay.chunkMinutes - 1, bound)
        let from = SeriesWatch.readFrom(metric, first: next)
        let steps = watch.advance(
          metric, counts: try counts(of: metric, in: from...last), over: next...last,
          raisesAlerts: next >= first, slot: { metric.slot($0, holidays: holidays) },
          isExcluded: { member, minute in
            confirmed["\(metric.alertRule)/\(member)"]?.contains { $0.contains(minute) } ?? false
          })
        for step in steps {
          let after = CivilInstant(minutesSinceEpoch: step.step.minute + metric.stepMinutes)
          switch step.step.change {
          case .raise(let severity, let since):
            if let index = open[step.member] {
              findings[index].severity = severity
            } else {
              open[step.member] = findings.count
              findings.append(
                MonitorReplay.Finding(
                  metric: metric.name, source: metric.source, dimension: metric.dimension,
                  member: step.member, since: CivilInstant(minutesSinceEpoch: since),
                  detectedAt: after, endedAt: nil,
                  severity: severity))
            }
          case .resolve:
            if let index = open.removeValue(forKey: step.member) { findings[index].endedAt = after }
          case nil: break
          }
        }
        next = last + 1
      }
    }
    return findings.sorted { ($0.detectedAt, $0.metric) < ($1.detectedAt, $1.metric) }
  }
}
