package import PayopsCore

/// When what goes on in a series is grave enough to be told.
///
/// Two ways lead there: the ladder waits until it has lasted, and the fast lane fires as soon as the
/// evidence against chance is overwhelming.
package struct SeverityLadder: Sendable, Equatable {
  /// Minutes after which it is INFO, WARNING, CRITICAL and SEVERE, none below the one before.
  package let minutes: [Int]
  /// Quiet minutes after which it is over.
  package let clearMinutes: Int
  /// Evidence, in powers of ten, at which the fast lane fires; nil for never.
  package let fastEvidence: Double?
  /// The severity of what fires so.
  package let fastSeverity: Severity

  /// Describes a ladder.
  package init(
    minutes: [Int] = [15, 30, 45, 60], clearMinutes: Int = 10, fastEvidence: Double? = 8,
    fastSeverity: Severity = .critical
  ) {
    self.minutes = minutes
    self.clearMinutes = clearMinutes
    self.fastEvidence = fastEvidence
    self.fastSeverity = fastSeverity
  }

  /// The severity of what has lasted for some minutes; nil below the first step.
  func severity(minutes lasted: Int) -> Severity? {
    zip(minutes, Severity.allCases).reversed().first { lasted >= $0.0 }?.1
  }
}
