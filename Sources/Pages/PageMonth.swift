/// The month of an instant, or the one before.
struct PageMonth {
  let year: Int
  let month: Int

  /// - Parameters:
  ///   - choice: `last_month` for the month before
  ///   - moment: an instant as the database writes it
  init(_ choice: String?, of moment: String) {
    let parts = moment.prefix(10).split(separator: "-").compactMap { Int($0) }
    let (year, month) = parts.count == 3 ? (parts[0], parts[1]) : (1970, 1)
    let isBefore = choice == "last_month"
    self.year = isBefore && month == 1 ? year - 1 : year
    self.month = isBefore ? (month == 1 ? 12 : month - 1) : month
  }

  /// Its first day.
  var begin: String { Self.day(year, month) }

  /// The first day after it.
  var end: String { month == 12 ? Self.day(year + 1, 1) : Self.day(year, month + 1) }

  /// Its name.
  var title: String {
    let names = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    return "\(names[(month - 1) % 12]) \(year)"
  }

  private static func day(_ year: Int, _ month: Int) -> String {
    "\(year)-\(month < 10 ? "0" : "")\(month)-01"
  }
}
