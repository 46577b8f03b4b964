/// Steps of one or more minutes, the last of which ends with the current minute.
struct MinuteGrid: Sendable, Equatable {
  /// The current minute, as whole minutes since 1970-01-01 00:00 UTC.
  let currentMinute: Int
  /// Minutes in a step, 1 or more.
  let stepMinutes: Int

  /// The step that holds the current minute; earlier ones are negative.
  let currentStep = 0

  /// The step of a minute that is not after the current one.
  func step(of minute: Int) -> Int { -((currentMinute - minute) / stepMinutes) }

  /// The first minute of a step.
  func firstMinute(of step: Int) -> Int { currentMinute + (step - 1) * stepMinutes + 1 }

  /// Adds up minutes to steps.
  ///
  /// - Parameter minutes: in any order; minutes after the current one are left out, equal minutes
  ///   are added
  /// - Returns: one element for each step that has an observed minute, in order of time; its
  ///   `minute` is the first of the step
  func steps(of minutes: [MinuteCounts]) -> [MinuteCounts] {
    var sums: [Int: MinuteCounts] = [:]
    for counts in minutes where counts.minute <= currentMinute {
      let step = step(of: counts.minute)
      let sum = sums[step]
      sums[step] = MinuteCounts(
        minute: firstMinute(of: step), total: (sum?.total ?? 0) + counts.total,
        failed: (sum?.failed ?? 0) + counts.failed, denied: (sum?.denied ?? 0) + counts.denied,
        reversed: (sum?.reversed ?? 0) + counts.reversed)
    }
    return sums.values.sorted { $0.minute < $1.minute }
  }
}
