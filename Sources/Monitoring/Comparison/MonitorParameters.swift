/// How the monitor judges.
package struct MonitorParameters: Sendable, Equatable {
  /// What a minute is compared with.
  package enum Form: String, Sendable {
    /// The whole series with the minute itself inside, without guards; see
    /// `SigmaDetector.Form.parity`.
    case parity
    /// All other minutes of the window, without the rest of the same incident, with guards.
    case leaveOneOut = "leave_one_out"
  }

  /// What a minute is compared with.
  package var form: Form
  /// How many standard deviations above the mean the limit lies.
  package var sigmas: Double
  /// The least number of minutes in a baseline (leave-one-out).
  package var minimumSample: Int
  /// The least number of payments behind a rate; minutes with fewer are neither judged nor part of
  /// a baseline (leave-one-out).
  package var minimumVolume: Int
  /// When the baseline has no spread: how far above its mean a rate must lie to be anomalous, as a
  /// share from 0 to 1 (leave-one-out).
  package var minimumEffect: Double
  /// How many minutes are added up before a rate is taken, 1 or more.
  package var stepMinutes: Int

  /// Makes parameters.
  ///
  /// - Parameters:
  ///   - form: what a minute is compared with
  ///   - sigmas: k of mean + k · standard deviation
  ///   - minimumSample: least number of minutes in a baseline
  ///   - minimumVolume: least number of payments behind a rate
  ///   - minimumEffect: least distance from the mean of a baseline without spread
  ///   - stepMinutes: minutes added up before a rate is taken; below 1 counts as 1
  package init(
    form: Form = .leaveOneOut, sigmas: Double = 3, minimumSample: Int = 30,
    minimumVolume: Int = 20, minimumEffect: Double = 0.01, stepMinutes: Int = 1
  ) {
    self.form = form
    self.sigmas = sigmas
    self.minimumSample = minimumSample
    self.minimumVolume = minimumVolume
    self.minimumEffect = minimumEffect
    self.stepMinutes = max(1, stepMinutes)
  }
}
