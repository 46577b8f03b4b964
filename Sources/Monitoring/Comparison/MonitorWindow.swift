package import PayopsCore

/// The minutes that the monitor judges, in the time of the payments.
package struct MonitorWindow: Sendable, Equatable {
  /// The source that stands for this database's own payments.
  package static let liveSource = "live"

  /// `live`, or the source of an import.
  package var source: String
  /// The first instant; nil for no limit, see ``hours``.
  package var from: CivilInstant?
  /// The instant after the last minute; nil for the end of the data.
  package var to: CivilInstant?
  /// The instant whose minute counts as now; nil for the last observed minute.
  package var at: CivilInstant?
  /// The length of the window that ends with the current minute; nil for no limit.
  package var hours: Int?

  /// Names a window.
  ///
  /// - Parameters:
  ///   - source: `live`, or the source of an import
  ///   - from: the first instant
  ///   - to: the instant after the last minute
  ///   - at: the instant whose minute counts as now
  ///   - hours: the length of the window; when neither this nor `from` is given, 24 for `live` and
  ///     no limit for an import
  package init(
    source: String = liveSource, from: CivilInstant? = nil, to: CivilInstant? = nil,
    at: CivilInstant? = nil, hours: Int? = nil
  ) {
    self.source = source
    self.from = from
    self.to = to
    self.at = at
    self.hours = hours ?? (source == Self.liveSource && from == nil ? 24 : nil)
  }
}

extension CivilInstant {
  /// The instant at which a minute begins.
  ///
  /// - Parameter minute: whole minutes since 1970-01-01 00:00 UTC
  package init(minutesSinceEpoch minute: Int) {
    self.init(secondsSinceEpoch: minute * 60)
  }

  /// Whole minutes since 1970-01-01 00:00 UTC.
  package var minutesSinceEpoch: Int { truncatedToMinute.secondsSinceEpoch / 60 }
}
