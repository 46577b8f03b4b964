/// What a sender did.
package struct SendReport: Sendable, Equatable {
  /// Notifications that were delivered.
  package var delivered = 0
  /// Notifications that are retried later.
  package var retried = 0
  /// Notifications that failed for good.
  package var failed = 0
  /// Notifications whose lease expired before the outcome was recorded.
  package var lost = 0
  /// Whether the sender stopped because its time was up, while notifications may still be due.
  package var isCutShort = false
  /// Why notifications failed or are retried, each reason once.
  package var reasons: [String] = []

  /// An empty report.
  package init() {}
}
