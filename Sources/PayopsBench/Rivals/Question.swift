import PayopsCore

/// A question that a person with a BI tool asks, for both databases.
struct Question: Sendable {
  /// The kind of a column of an answer, which decides how two answers are compared.
  enum Kind: Sendable {
    /// Identifies the row.
    case key
    /// Equal to the last digit.
    case count
    /// Equal to the cent.
    case amount
    /// A quotient, equal within the rounding of its last published digit.
    case ratio(within: Double)
    /// From a histogram: within 5 percent of the exact value, below 1 ms within 1 ms.
    case percentile
  }

  /// Short name.
  let name: String
  /// The columns of the answer.
  let kinds: [Kind]
  /// For MariaDB, from published views.
  let mariaDB: String
  /// For DuckDB, from the rows themselves.
  let duckDB: String
}

/// The start of each window of the questions.
struct QuestionWindows: Sendable {
  /// The present of all questions.
  let asOf: CivilInstant
  /// The busiest account, for the question about one account.
  let account: Int
  /// Last day of the 30-day window of accounts.
  let windowEnd: CivilDate

  /// Today.
  var today: String { "\(asOf.date)" }

  /// The first day of a window of days that ends today.
  func day(_ days: Int) -> String {
    "\(CivilDate(daysSinceEpoch: asOf.daysSinceEpoch - days + 1))"
  }

  /// The first hour of a window of hours that ends with the present one.
  func hour(_ hours: Int) -> String {
    let hour = asOf.secondsSinceEpoch / 3600 * 3600
    return CivilInstant(secondsSinceEpoch: hour - (hours - 1) * 3600).description
  }

  /// The first minute of a window of minutes that ends with the present one.
  func minute(_ minutes: Int) -> String {
    let minute = asOf.secondsSinceEpoch / 60 * 60
    return CivilInstant(secondsSinceEpoch: minute - (minutes - 1) * 60).description
  }

  /// The first full hour at least 30 days ago.
  var fullHour30Days: String {
    let from = asOf.secondsSinceEpoch - 30 * 86_400
    return CivilInstant(secondsSinceEpoch: (from + 3599) / 3600 * 3600).description
  }

  /// The present minute.
  var asOfMinute: String { asOf.truncatedToMinute.description }

  /// The first day of the window of accounts.
  var windowStart: CivilDate { CivilDate(daysSinceEpoch: windowEnd.daysSinceEpoch - 29) }

  /// The day after the window of accounts.
  var windowAfter: CivilDate { CivilDate(daysSinceEpoch: windowEnd.daysSinceEpoch + 1) }
}
