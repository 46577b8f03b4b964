/// An unbroken run of minutes that all exceed a limit, in event time.
///
/// Minutes are counted, not rows: a minute without an observation breaks the run.
package struct ExceedanceRun: Sendable, Equatable {
  /// One minute of a series.
  package struct Observation: Sendable, Equatable {
    /// The minute, as whole minutes since any fixed moment.
    package let minute: Int
    /// Whether the minute exceeds the limit.
    package let isExceeding: Bool

    /// Makes an observation.
    ///
    /// - Parameters:
    ///   - minute: whole minutes since any fixed moment
    ///   - isExceeding: whether the minute exceeds the limit
    package init(minute: Int, isExceeding: Bool) {
      self.minute = minute
      self.isExceeding = isExceeding
    }
  }

  /// The first minute of the run.
  package let start: Int
  /// The number of minutes, 1 or more.
  package let length: Int

  /// The last minute of the run.
  package var end: Int { start + length - 1 }

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - start: the first minute
  ///   - length: the number of minutes
  package init(start: Int, length: Int) {
    self.start = start
    self.length = length
  }

  /// Finds all runs.
  ///
  /// - Parameter observations: minutes in any order; a minute with several exceeds if one of them
  ///   does
  /// - Returns: the runs in the order of time
  package static func all(in observations: [Observation]) -> [ExceedanceRun] {
    var runs: [ExceedanceRun] = []
    for minute in observations.lazy.filter(\.isExceeding).map(\.minute).sorted() {
      guard let last = runs.last, minute <= last.end + 1 else {
        runs.append(ExceedanceRun(start: minute, length: 1))
        continue
      }
      runs[runs.count - 1] = ExceedanceRun(start: last.start, length: minute - last.start + 1)
    }
    return runs
  }

  /// Finds the longest run.
  ///
  /// - Parameter observations: minutes in any order
  /// - Returns: the longest run, the earliest of several equally long; nil when no minute exceeds
  package static func longest(in observations: [Observation]) -> ExceedanceRun? {
    all(in: observations).reduce(nil) { best, run in
      if let best, best.length >= run.length { best } else { run }
    }
  }

  /// Finds the run in progress.
  ///
  /// - Parameters:
  ///   - observations: minutes in any order
  ///   - minute: the minute that counts as now; the last one observed when nil
  /// - Returns: the run that includes `minute`, cut off there; nil when that minute does not exceed
  ///   or was not observed
  package static func current(
    in observations: [Observation], asOf minute: Int? = nil
  ) -> ExceedanceRun? {
    guard let now = minute ?? observations.lazy.map(\.minute).max() else { return nil }
    let past = observations.filter { $0.minute <= now }
    guard let last = all(in: past).last, last.end == now else { return nil }
    return last
  }
}
