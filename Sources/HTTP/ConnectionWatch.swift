internal import Foundation
internal import Synchronization

/// Ends connections whose client takes too long: a client that sends a byte a second is never idle.
///
/// Each request moves the limit of its connection several times, on many threads at once, so a limit
/// is an atomic number; the lock is for connections that come and go.
final class ConnectionWatch: Sendable {
  /// A connection, and until when it must get further.
  final class Entry: Sendable {
    /// The socket of the connection.
    let descriptor: Int32
    /// Nanoseconds since the start of the machine.
    private let limit: Atomic<UInt64>

    init(_ descriptor: Int32, within time: Duration) {
      self.descriptor = descriptor
      limit = Atomic(Self.instant(in: time))
    }

    /// Sets until when the connection must get further.
    ///
    /// - Parameter time: how long from now
    func expect(within time: Duration) { limit.store(Self.instant(in: time), ordering: .relaxed) }

    /// Whether its time is over.
    func isOverdue(at now: UInt64) -> Bool { limit.load(ordering: .relaxed) < now }

    private static func instant(in time: Duration) -> UInt64 {
      let (seconds, attoseconds) = time.components
      return DispatchTime.now().uptimeNanoseconds &+ UInt64(max(0, seconds)) * 1_000_000_000
        &+ UInt64(max(0, attoseconds)) / 1_000_000_000
    }
  }

  // A source may be cancelled from any thread.
  private struct Timer: @unchecked Sendable {
    let source: any DispatchSourceTimer
  }

  private struct State {
    var entries: [Int32: Entry] = [:]
    var timer: Timer?
    var overdue = 0
  }

  private let state = Mutex(State())

  /// Watches a new connection.
  ///
  /// - Parameters:
  ///   - descriptor: the socket of the connection
  ///   - time: how long it may take for its first head
  func watch(_ descriptor: Int32, within time: Duration) -> Entry {
    let entry = Entry(descriptor, within: time)
    state.withLock { $0.entries[descriptor] = entry }
    return entry
  }

  /// Forgets a connection, before its socket is closed.
  func forget(_ descriptor: Int32) {
    _ = state.withLock { $0.entries.removeValue(forKey: descriptor) }
  }

  /// How many connections were ended.
  var overdue: Int { state.withLock { $0.overdue } }

  /// Ends the connections whose time is over.
  ///
  /// The lock is held while sockets are shut down, so that none of them is closed, and its number
  /// given to another file, at the same moment.
  func endOverdue() {
    let now = DispatchTime.now().uptimeNanoseconds
    state.withLock { state in
      for (descriptor, entry) in state.entries where entry.isOverdue(at: now) {
        shutdown(descriptor, Int32(SHUT_RDWR))
        state.entries[descriptor] = nil
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
