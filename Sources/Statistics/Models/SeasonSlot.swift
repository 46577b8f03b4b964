/// The place of a point in the week: business days by weekday and hour, weekends and holidays by
/// hour alone, since they are too few to distinguish.
package struct SeasonSlot: Sendable, Hashable, Codable {
  /// The kind of day.
  package let dayKind: DayKind
  /// The weekday, 0 (Monday) to 6; 0 on holidays, which fall on any weekday.
  package let weekday: Int
  /// The hour of the day, 0 to 23.
  package let hour: Int

  /// Names a slot.
  ///
  /// - Parameters:
  ///   - dayKind: the kind of day, as the caller's calendar has it
  ///   - weekday: 0 (Monday) to 6; others are brought into this range
  ///   - hour: 0 to 23; others are brought into this range
  package init(dayKind: DayKind, weekday: Int, hour: Int) {
    self.dayKind = dayKind
    self.weekday = dayKind == .holiday ? 0 : ((weekday % 7) + 7) % 7
    self.hour = ((hour % 24) + 24) % 24
  }

  /// The index among all ``count`` slots.
  package var index: Int {
    let day =
      switch dayKind {
      case .business: weekday
      case .weekend: 7 + weekday
      case .holiday: 14
      }
    return day * 24 + hour
  }

  /// The index of the slot of its hour on any day of its kind, 0 ..< 72.
  package var hourIndex: Int {
    switch dayKind {
    case .business: hour
    case .weekend: 24 + hour
    case .holiday: 48 + hour
    }
  }

  /// The number of slots.
  package static let count = 15 * 24
}
