/// The outcome of sending a notification.
package enum NoticeOutcome: Sendable, Equatable {
  /// The receiver has it.
  case delivered
  /// It is retried after some seconds.
  case retry(afterSeconds: Double, reason: String)
  /// It is given up.
  case failed(reason: String)
}
