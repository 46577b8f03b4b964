/// What became of an attempt to deliver.
package enum DeliveryOutcome: Sendable, Equatable {
  /// The receiver has it.
  case delivered
  /// It may succeed later.
  ///
  /// - Parameter after: how long the receiver asked to be left alone, at most
  ///   ``RetryAfter/cap``; nil when it did not.
  case retry(after: Duration?, DeliveryFailure)
  /// It will not succeed as it is; somebody must look at it.
  case failed(DeliveryFailure)

  /// Why it did not succeed; nil when it did.
  package var failure: DeliveryFailure? {
    switch self {
    case .delivered: nil
    case .retry(_, let failure), .failed(let failure): failure
    }
  }
}
