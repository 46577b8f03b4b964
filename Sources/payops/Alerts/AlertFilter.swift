import MariaDBClient

/// Which alerts are meant: conditions on `ops_alerts` with their values.
struct AlertFilter: Sendable {
  /// The conditions, for WHERE.
  private(set) var condition = "TRUE"
  /// The values of their placeholders.
  private(set) var values: [SQLValue] = []

  /// Adds a condition.
  ///
  /// - Parameters:
  ///   - condition: with a placeholder where there is a value
  ///   - value: the value; nil for a condition without one
  mutating func add(_ condition: String, _ value: SQLValue? = nil) {
    self.condition += " AND " + condition
    values += value.map { [$0] } ?? []
  }

  /// The filter with one more condition.
  func adding(_ condition: String, _ value: SQLValue? = nil) -> AlertFilter {
    var copy = self
    copy.add(condition, value)
    return copy
  }

  /// The condition that an alert is as grave as the value, or graver.
  static let isAsGrave =
    "FIND_IN_SET(severity, 'INFO,WARNING,CRITICAL,SEVERE')"
    + " >= FIND_IN_SET(?, 'INFO,WARNING,CRITICAL,SEVERE')"
}
