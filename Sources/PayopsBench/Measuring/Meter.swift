import Foundation

/// Measures a piece of work: wall time, and the processor time of all processes that take part.
///
/// Wall time alone says little on a shared machine; processor time also grows when caches are
/// shared, but far less.
struct Meter: Sendable {
  /// Other processes that do part of the work, such as the server.
  let helpers: [pid_t]

  /// Measures a body. Child processes count if the body waits for their end.
  ///
  /// - Parameter body: the work.
  /// - Returns: the time used, and the value that the body returned.
  func measure<T: Sendable>(
    _ body: @Sendable () async throws -> T
  ) async throws -> (turn: Turn, value: T) {
    let cpu = cpuSeconds
    let start = ContinuousClock.now
    let value = try await body()
    let seconds = (ContinuousClock.now - start).inSeconds
    return (Turn(seconds: seconds, cpuSeconds: max(0, cpuSeconds - cpu)), value)
  }

  private var cpuSeconds: Double {
    let own = [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0.0) { sum, who in
      var usage = rusage()
      getrusage(who.rawValue, &usage)
      return sum + usage.ru_utime.inSeconds + usage.ru_stime.inSeconds
    }
    return helpers.reduce(own) { $0 + ProcessFacts.cpuSeconds($1) }
  }
}

extension timeval {
  /// The time in seconds.
  var inSeconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
