/// How grave an incident is, by the minutes that it has lasted.
package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
  /// Below 15 minutes.
  case healthy = "HEALTHY"
  /// From 15 minutes.
  case info = "INFO"
  /// From 30 minutes.
  case warning = "WARNING"
  /// From 45 minutes.
  case critical = "CRITICAL"
  /// From 60 minutes.
  case severe = "SEVERE"

  /// Finds the severity of an incident.
  ///
  /// - Parameter minutes: how long it has lasted
  package init(minutes: Int) {
    self = Self.allCases.last { minutes >= $0.leastMinutes } ?? .healthy
  }

  /// The least number of minutes of this severity.
  package var leastMinutes: Int {
    switch self {
    case .healthy: 0
    case .info: 15
    case .warning: 30
    case .critical: 45
    case .severe: 60
    }
  }

  /// Whether a severity is less grave than another.
  package static func < (left: Severity, right: Severity) -> Bool {
    left.leastMinutes < right.leastMinutes
  }
}
