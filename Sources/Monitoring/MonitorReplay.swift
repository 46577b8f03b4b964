package import MariaDBClient
package import PayopsCore

/// Runs history through the metrics as they are now, telling nobody: to see what they would have
/// found.
package struct MonitorReplay: Sendable {
  /// Something that would have been told.
  package struct Finding: Sendable, Equatable {
    /// The metric.
    package let metric: String
    /// Where the metric is read.
    package let source: String
    /// The dimension of the metric.
    package let dimension: String
    /// The member of it.
    package let member: String
    /// The first minute of what went on.
    package let since: CivilInstant
    /// The minute after which it would have been told.
    package let detectedAt: CivilInstant
    /// When it was over; nil when it was not, at the end of the period.
    package var endedAt: CivilInstant?
    /// The gravest severity that it reached.
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
  ///   - warmUpDays: how many days before are learned from
  /// - Returns: what would have been told, in the order of detection
  /// - Throws: ``MonitoringError``, `DatabaseError`
  package func run(
    from: CivilInstant, to: CivilInstant, warmUpDays: Int = MonitorTick.warmUpDays
  ) async throws -> [Finding] {
    let metrics = try await MetricDefinition.readAll(on: connection).map { try $0.metric.get() }
    let (first, end) = (from.minutesSinceEpoch, to.minutesSinceEpoch - 1)
    guard first <= end else { return [] }
    return try await connection.transaction { connection in
      try connection.findings(
        metrics, learningFrom: first - warmUpDays * 1440, tellingFrom: first, to: end)
    }
  }
}

extension Connection {
  fileprivate func findings(
    _ metrics: [MetricDefinition], learningFrom start: Int, tellingFrom first: Int, to end: Int
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
          tells: next >= first, slot: { metric.slot($0, holidays: holidays) },
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
