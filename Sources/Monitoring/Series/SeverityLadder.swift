package import PayopsCore

/// When an incident in a series is severe enough to raise an alert.
///
/// An alert is raised in two ways: the ladder raises it once the incident has lasted long enough,
/// and the fast lane as soon as the evidence against chance is overwhelming.
package struct SeverityLadder: Sendable, Equatable {
  /// Minutes after which the incident is INFO, WARNING, CRITICAL and SEVERE, in ascending order.
  package let minutes: [Int]
  /// Quiet minutes after which the alert is resolved.
  package let clearMinutes: Int
  /// Evidence, in powers of ten, at which the fast lane fires; nil for never.
  package let fastEvidence: Double?
  /// The severity of an alert of the fast lane.
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

  /// The severity of an incident that has lasted for some minutes; nil below the first step.
  func severity(minutes lasted: Int) -> Severity? {
    zip(minutes, Severity.allCases).reversed().first { lasted >= $0.0 }?.1
  }
}
