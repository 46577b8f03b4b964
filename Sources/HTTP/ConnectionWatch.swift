internal import Foundation
internal import Synchronization

/// Ends connections whose client takes too long: a client that sends a byte a second is never idle.
final class ConnectionWatch: Sendable {
  // A source may be cancelled from any thread.
  private struct Timer: @unchecked Sendable {
    let source: any DispatchSourceTimer
  }

  private struct State {
    var limits: [Int32: ContinuousClock.Instant] = [:]
    var timer: Timer?
    var overdue = 0
  }

  private let state = Mutex(State())

  /// Sets until when a connection must get further; adds a new connection.
  ///
  /// - Parameters:
  ///   - descriptor: the socket of the connection
  ///   - time: how long from now
  func expect(_ descriptor: Int32, within time: Duration) {
    state.withLock { $0.limits[descriptor] = .now + time }
  }

  /// Forgets a connection, before its socket is closed.
  func forget(_ descriptor: Int32) {
    _ = state.withLock { $0.limits.removeValue(forKey: descriptor) }
  }

  /// How many connections were ended.
  var overdue: Int { state.withLock { $0.overdue } }

  /// Ends the connections whose time is over.
  ///
  /// The lock is held while sockets are shut down, so that none of them is closed, and its number
  /// given to another file, at the same moment.
  func endOverdue(now: ContinuousClock.Instant = .now) {
    state.withLock { state in
      for (descriptor, limit) in state.limits where limit < now {
        shutdown(descriptor, Int32(SHUT_RDWR))
        state.limits[descriptor] = nil
        state.overdue += 1
      }
    }
  }

  /// Looks at the connections twice a second from now on.
  func start() {
    let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    timer.schedule(deadline: .now() + 0.5, repeating: 0.5, leeway: .milliseconds(200))
    timer.setEventHandler { [weak self] in self?.endOverdue() }
    timer.resume()
    let held = Timer(source: timer)
    state.withLock { $0.timer = held }
  }

  /// Looks no longer.
  func stop() {
    state.withLock { state in
      state.timer?.source.cancel()
      state.timer = nil
    }
  }
}
