/// What kind of day a point of a series falls on; the caller's calendar knows.
package enum DayKind: String, Sendable, Codable, CaseIterable {
  /// A day on which banks work.
  case business
  /// A Saturday or Sunday, or another weekend day of the calendar.
  case weekend
  /// A day off that would otherwise be a business day.
  case holiday
}
