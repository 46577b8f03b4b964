/// The outcome of an attempt to deliver.
package enum DeliveryOutcome: Sendable, Equatable {
  /// The receiver has it.
  case delivered
  /// It may succeed later.
  ///
  /// - Parameter after: how long the receiver asks to wait, at most ``RetryAfter/cap``; nil when it
  ///   does not ask.
  case retry(after: Duration?, DeliveryFailure)
  /// It cannot succeed unless somebody changes the configuration or the receiver.
  case failed(DeliveryFailure)

  /// Why it failed; nil when it succeeded.
  package var failure: DeliveryFailure? {
    switch self {
    case .delivered: nil
    case .retry(_, let failure), .failed(let failure): failure
    }
  }
}
