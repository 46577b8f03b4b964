/// What kind of day a point of a series falls on; the caller's calendar knows.
package enum DayKind: String, Sendable, Codable, CaseIterable {
  /// A day on which banks work.
  case business
  /// A Saturday or Sunday, or whatever the calendar calls a weekend.
  case weekend
  /// A day off on what would else be a business day.
  case holiday
}
