internal import Synchronization

/// The counts of a server, which every request changes on the thread of its connection: without a
/// lock, for which all threads would wait.
final class HTTPCounters: Sendable {
  let openConnections = Atomic<Int>(0)
  let connections = Atomic<Int>(0)
  let requests = Atomic<Int>(0)
  let refused = Atomic<Int>(0)
  let active = Atomic<Int>(0)

  /// The counts at this moment.
  ///
  /// - Parameter overdue: connections that were ended, which the watch counts
  func statistics(overdue: Int) -> HTTPStatistics {
    var counts = HTTPStatistics()
    counts.openConnections = openConnections.load(ordering: .relaxed)
    counts.connections = connections.load(ordering: .relaxed)
    counts.requests = requests.load(ordering: .relaxed)
    counts.refused = refused.load(ordering: .relaxed)
    counts.active = active.load(ordering: .relaxed)
    counts.overdue = overdue
    return counts
  }
}
