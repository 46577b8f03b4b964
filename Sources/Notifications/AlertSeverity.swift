/// How grave an alert is, from the least to the gravest.
package enum AlertSeverity: String, Sendable, Codable, CaseIterable, Comparable {
  case info, warning, critical, severe

  /// Whether a severity is less grave than another.
  package static func < (left: AlertSeverity, right: AlertSeverity) -> Bool {
    left.rank < right.rank
  }

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .critical: 2
    case .severe: 3
    }
  }
}
