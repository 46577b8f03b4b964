internal import Synchronization

/// Signals a blocked transfer that it is cancelled.
final class CancellationFlag: Sendable {
  private let raised = Atomic(false)

  /// Whether the transfer must end.
  var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Ends the transfer.
  func raise() { raised.store(true, ordering: .relaxed) }
}
