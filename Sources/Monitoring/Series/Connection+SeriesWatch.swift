internal import Foundation
internal import MariaDBClient
internal import PayopsCore
internal import Statistics

/// The reads of ticks and replays.
extension Connection {
  /// Reads what a metric counted in some minutes.
  ///
  /// - Parameters:
  ///   - metric: the metric
  ///   - minutes: the minutes, as whole minutes since 1970-01-01 00:00 UTC
  /// - Throws: `DatabaseError`, with 30671 when the metric names no such column
  func counts(
    of metric: MetricDefinition, in minutes: ClosedRange<Int>
  ) throws -> [SeriesWatch.Count] {
    let results = try queryAll(
      "CALL read_monitor_series(?, ?, ?)",
      [
        .text(metric.name), .text(Self.text(minutes.lowerBound)),
        .text(Self.text(minutes.upperBound + 1)),
      ])
    var counts: [SeriesWatch.Count] = []
    for row in results.first?.rows ?? [] {
      guard let instant = row["metric_minute"].flatMap({ CivilInstant($0) }),
        let numerator = row["numerator"].flatMap(Double.init)
      else { continue }
      counts.append(
        SeriesWatch.Count(
          minute: instant.minutesSinceEpoch, member: row["member"] ?? "", numerator: numerator,
          denominator: row["denominator"].flatMap(Double.init)))
    }
    return counts
  }

  /// The holidays and other non-business weekdays in the calendars of some metrics.
  func holidays(of metrics: [MetricDefinition]) throws -> [String: Set<Int>] {
    var days: [String: Set<Int>] = [:]
    for calendar in Set(metrics.compactMap(\.calendar)) {
      let rows = try query(
        "SELECT calendar_date FROM calendar_days WHERE calendar_name = ? AND is_business_day = 0"
          + " AND WEEKDAY(calendar_date) < 5", [.text(calendar)]
      ).rows
      days[calendar] = Set(
        rows.compactMap { $0["calendar_date"].flatMap { CivilInstant($0 + " 00:00:00") } }
          .map(\.daysSinceEpoch))
    }
    return days
  }

  /// The minutes of incidents that people confirmed, by rule and subject.
  func confirmedIncidents() throws -> [String: [ClosedRange<Int>]] {
    var found: [String: [ClosedRange<Int>]] = [:]
    let rows = try query(
      """
      SELECT CONCAT(alert_rule, '/', alert_subject) AS k, raised_at,
        COALESCE(resolved_at, as_of()) AS ended_at
      FROM ops_alerts WHERE disposition = 'true_positive' AND alert_rule LIKE 'monitor\\_%'
      """
    ).rows
    for row in rows {
      guard let key = row["k"],
        let start = row["raised_at"].flatMap({ CivilInstant($0.prefix(19)) }),
        let end = row["ended_at"].flatMap({ CivilInstant($0.prefix(19)) }), start <= end
      else { continue }
      found[key, default: []].append(start.minutesSinceEpoch...end.minutesSinceEpoch)
    }
    return found
  }

  /// A minute in the format of SQL.
  static func text(_ minute: Int) -> String {
    CivilInstant(minutesSinceEpoch: minute).description
  }
}

extension MetricDefinition {
  /// The place of a minute in the week (UTC), holidays apart.
  func slot(_ minute: Int, holidays: [String: Set<Int>]) -> SeasonSlot {
    let instant = CivilInstant(minutesSinceEpoch: minute)
    let isHoliday = calendar.flatMap { holidays[$0]?.contains(instant.daysSinceEpoch) } ?? false
    return SeasonSlot(instant, isHoliday: isHoliday)
  }

  /// The rule of the metric's alerts.
  package var alertRule: String { "monitor_" + name }
}

extension SeasonSlot {
  /// The place of an instant in the week (UTC).
  init(_ instant: CivilInstant, isHoliday: Bool) {
    // 1970-01-01 was a Thursday.
    let weekday = ((instant.daysSinceEpoch + 3) % 7 + 7) % 7
    self.init(
      dayKind: isHoliday ? .holiday : weekday > 4 ? .weekend : .business, weekday: weekday,
      hour: instant.secondOfDay / 3600)
  }
}
