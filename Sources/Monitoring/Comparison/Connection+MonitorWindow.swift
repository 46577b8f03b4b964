package import MariaDBClient
import PayopsCore

/// The counts of a window and the minute that counts as now.
package struct ObservedWindow: Sendable, Equatable {
  /// The minute that counts as now, as whole minutes since 1970-01-01 00:00 UTC.
  package let currentMinute: Int
  /// The minutes observed, in order of time.
  package let minutes: [MinuteCounts]
  /// How many whole minutes lie between the current minute and the clock of the database.
  package let ageMinutes: Int
}

extension Connection {
  /// Reads the counts of a window from the view `monitor_minute`.
  ///
  /// Unless the window names the current minute, it is the last one observed before the window's
  /// end; for live payments the clock's own minute is left out, as it is not complete.
  ///
  /// - Parameter window: which minutes
  /// - Returns: the counts
  /// - Throws: ``MonitoringError`` when an imported source does not exist or has no minute in the
  ///   period, or `DatabaseError`
  package func observe(_ window: MonitorWindow) throws -> ObservedWindow {
    let clock =
      try query("SELECT as_of() AS now").rows.first?["now"].flatMap { CivilInstant($0) }
      ?? CivilInstant(secondsSinceEpoch: 0)
    let now = clock.minutesSinceEpoch
    let current = try currentMinute(of: window, now: now)
    let earliest = [
      window.from.map { $0.roundedUpToMinute },
      window.hours.map { current - $0 * 60 + 1 },
    ].compactMap { $0 }.max()
    let last = CivilInstant(minutesSinceEpoch: current).description
    let minutes = try reduceRows(
      "SELECT metric_minute, total_count, failed_count, denied_count, reversed_count"
        + " FROM monitor_minute WHERE source_name = ? AND metric_minute >= ?"
        + " AND metric_minute <= ? ORDER BY metric_minute",
      [.text(window.source), .text(Self.text(earliest)), .text(last)],
      into: [MinuteCounts]()
    ) { minutes, row in
      guard let instant = row["metric_minute"].flatMap({ CivilInstant($0) }) else { return }
      minutes.append(
        MinuteCounts(
          minute: instant.minutesSinceEpoch, total: row.integer("total_count") ?? 0,
          failed: row.integer("failed_count") ?? 0, denied: row.integer("denied_count") ?? 0,
          reversed: row.integer("reversed_count") ?? 0))
    }
    return ObservedWindow(
      currentMinute: current, minutes: minutes, ageMinutes: max(0, now - current - 1))
  }

  private func currentMinute(of window: MonitorWindow, now: Int) throws -> Int {
    let isLive = window.source == MonitorWindow.liveSource
    if !isLive { try requireSource(window.source) }
    if let at = window.at { return at.minutesSinceEpoch }
    var end = window.to?.roundedUpToMinute
    if isLive { end = min(end ?? now, now) }
    // The last minute is usually recent: the last day is searched first, then everything.
    let earliest = window.from?.roundedUpToMinute
    for start in [end.map { max($0 - 1440, earliest ?? .min) }, earliest] {
      let found = try query(
        "SELECT MAX(metric_minute) AS last_minute FROM monitor_minute WHERE source_name = ?"
          + " AND metric_minute >= ? AND metric_minute < ?",
        [
          .text(window.source), .text(Self.text(start)),
          .text(end.map { Self.text($0) } ?? "9999-12-31 23:59:59"),
        ])
      if let last = found.rows.first?["last_minute"].flatMap({ CivilInstant($0) }) {
        return last.minutesSinceEpoch
      }
    }
    // That no live payments arrive is a finding in itself: the minute has no payments.
    if isLive, let end { return end - 1 }
    throw MonitoringError(
      .noData, "source \(window.source) has no minute in the period",
      hint: "choose another --from and --to, or leave them out")
  }

  private func requireSource(_ source: String) throws {
    guard
      try query("SELECT 1 AS x FROM monitor_minute WHERE source_name = ? LIMIT 1", [.text(source)])
        .rows.isEmpty
    else { return }
    let known = try query(
      "SELECT DISTINCT source_name FROM monitor_minute WHERE source_name <> ?"
        + " ORDER BY source_name LIMIT 10", [.text(MonitorWindow.liveSource)]
    ).rows.compactMap { $0["source_name"] }
    throw MonitoringError(
      .unknownSource, "there is no source \(source) with counts by minute",
      hint: "use " + ([MonitorWindow.liveSource] + known).joined(separator: ", ")
        + ", or import a file with payops import")
  }

  private static func text(_ minute: Int?) -> String {
    minute.map { CivilInstant(minutesSinceEpoch: $0).description } ?? "1000-01-01 00:00:00"
  }
}

extension CivilInstant {
  /// The first minute that does not begin before the instant.
  fileprivate var roundedUpToMinute: Int {
    truncatedToMinute == self ? minutesSinceEpoch : minutesSinceEpoch + 1
  }
}
