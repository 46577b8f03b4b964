/// What became of a notice.
package enum NoticeOutcome: Sendable, Equatable {
  /// The receiver has it.
  case delivered
  /// It is tried again after some seconds.
  case retry(afterSeconds: Double, reason: String)
  /// It is given up.
  case failed(reason: String)
}
