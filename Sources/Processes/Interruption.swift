internal import Dispatch
internal import Foundation
internal import Synchronization

/// Turns SIGINT and SIGTERM into the cancellation of the running task.
///
/// The first signal cancels; the second ends the process at once.
package final class Interruption: Sendable {
  private struct State {
    var signal: Int32?
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Makes one that does not listen yet.
  package init() {}

  /// The signal that arrived; nil when none did.
  package var signal: Int32? { state.withLock { $0.signal } }

  /// Starts to listen, and ignores SIGPIPE so that a broken pipe is an error of the write.
  package func listen() {
    Foundation.signal(SIGPIPE, SIG_IGN)
    let queue = DispatchQueue(label: "payops.signals")
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      // The handler keeps its own source alive for the rest of the process.
      source.setEventHandler { [self] in withExtendedLifetime(source) { receive(number) } }
      source.resume()
    }
  }

  /// Sets what the first signal does; does it at once when the signal has already arrived.
  ///
  /// - Parameter cancel: cancels the task
  package func onSignal(_ cancel: @escaping @Sendable () -> Void) {
    let isLate = state.withLock { state in
      state.cancel = cancel
      return state.signal != nil
    }
    if isLate { cancel() }
  }

  private func receive(_ number: Int32) {
    let (isSecond, cancel) = state.withLock { state in
      defer { state.signal = state.signal ?? number }
      return (state.signal != nil, state.cancel)
    }
    if isSecond { _exit(128 + number) }
    cancel?()
  }
}
