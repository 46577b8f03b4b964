/// What a sender did.
package struct SendReport: Sendable, Equatable {
  /// Notices that receivers have taken.
  package var delivered = 0
  /// Notices that are tried again later.
  package var retried = 0
  /// Notices that were given up.
  package var failed = 0
  /// Notices that took so long that another sender has them.
  package var lost = 0
  /// Whether it stopped for its time was over, with notices that may be due.
  package var isCutShort = false
  /// Why notices were given up or are tried again, each reason once.
  package var reasons: [String] = []

  /// Nothing yet.
  package init() {}
}
