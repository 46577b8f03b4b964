internal import Synchronization

/// Tells a blocked transfer that nobody waits for it any more.
final class CancellationFlag: Sendable {
  private let raised = Atomic(false)

  /// Whether the transfer shall end.
  var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Ends the transfer.
  func raise() { raised.store(true, ordering: .relaxed) }
}
