package import PayopsCore
import Statistics

/// How long a rate has been above its limit.
package struct Persistence: Sendable, Equatable {
  /// An unbroken stretch of minutes above the limit.
  package struct Run: Sendable, Equatable {
    /// The first minute, as whole minutes since 1970-01-01 00:00 UTC.
    package let start: Int
    /// How many minutes it lasts.
    package let minutes: Int
  }

  /// The run that reaches the current minute; nil when that is not above its limit.
  package let current: Run?
  /// The longest run of the window, the earliest of several; nil without a run.
  package let longest: Run?
  /// How many minutes of the window are above their limit.
  package let minutesAbove: Int

  /// The severity of the current run; nil below the first step of the ladder.
  package let severity: Severity?
  /// The severity that the longest run reached; nil below the first step of the ladder.
  package let worstSeverity: Severity?

  /// Analyses observations on a grid; a step without an observation breaks a run.
  init(
    _ observations: [ExceedanceRun.Observation], grid: MinuteGrid,
    ladder: SeverityLadder = SeverityLadder()
  ) {
    func run(_ found: ExceedanceRun?) -> Run? {
      found.map {
        Run(start: grid.firstMinute(of: $0.start), minutes: $0.length * grid.stepMinutes)
      }
    }
    current = run(ExceedanceRun.current(in: observations, asOf: grid.currentStep))
    longest = run(ExceedanceRun.longest(in: observations))
    // One of several observations of a minute suffices, so runs are counted, not observations.
    minutesAbove =
      ExceedanceRun.all(in: observations).reduce(0) { $0 + $1.length } * grid.stepMinutes
    severity = ladder.severity(minutes: current?.minutes ?? 0)
    worstSeverity = ladder.severity(minutes: longest?.minutes ?? 0)
  }
}
