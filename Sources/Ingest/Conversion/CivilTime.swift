internal import PayopsCore

/// A date and time of day without a time zone, and its seconds since 1970-01-01 00:00.
struct CivilTime: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour = 0
  var minute = 0
  var second = 0
  var microsecond = 0

  /// Whether such a day and time of day exist; leap seconds do not.
  var isValid: Bool {
    (1000...9999).contains(year) && date.exists && (0...23).contains(hour)
      && (0...59).contains(minute) && (0...59).contains(second)
  }

  private var date: CivilDate { CivilDate(year: year, month: month, day: day) }

  /// Seconds since 1970-01-01 00:00 in the same, unnamed zone.
  var seconds: Int64 {
    Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
  }

  /// Makes a time from its parts.
  init(year: Int = 1970, month: Int = 1, day: Int = 1) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Makes a time from seconds since 1970-01-01 00:00.
  init(seconds: Int64, microsecond: Int = 0) {
    let instant = CivilInstant(secondsSinceEpoch: Int(seconds))
    let (date, rest) = (instant.date, instant.secondOfDay)
    (year, month, day) = (date.year, date.month, date.day)
    hour = rest / 3600
    minute = rest / 60 % 60
    second = rest % 60
    self.microsecond = microsecond
  }
}
