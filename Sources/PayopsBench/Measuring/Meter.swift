import Foundation

/// Measures a piece of work: wall time, and the processor time of everybody who takes part in it.
///
/// Wall time alone says little on a machine that others use as well; processor time grows too when
/// caches are shared, but far less.
struct Meter: Sendable {
  /// Processes that work for this one while it is measured, as the server does.
  let helpers: [pid_t]

  /// Measures a body. Child processes count when the body has waited for their end.
  ///
  /// - Parameter body: the work.
  /// - Returns: what it took, and what it returned.
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
