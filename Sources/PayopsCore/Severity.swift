/// How severe an incident or an alert is, from the least to the most severe; the raw values are
/// those of the ENUM in the database.
package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
  case info = "INFO"
  case warning = "WARNING"
  case critical = "CRITICAL"
  case severe = "SEVERE"

  /// The word in lower case, as the receivers of notifications expect it.
  package var word: String { rawValue.lowercased() }

  /// Whether a severity is less severe than another.
  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
