package import PayopsCore
package import Statistics

/// The monitor's report on a window, with all the numbers needed to recompute it.
package struct MonitorReport: Sendable, Equatable {
  /// The report on one rate.
  package struct MetricReport: Sendable, Equatable {
    /// The rate.
    package let metric: RateMetric
    /// The judgement of the current minute.
    package let current: SigmaJudgement
    /// How long the rate has been above its limit.
    package let persistence: Persistence
    /// The greatest rate of the window among those judged, with its first minute; nil without one.
    package let maximum: Peak?
    /// The rates of the window, one for each step from the first observed to the current one; nil
    /// where nothing was observed.
    package let rates: [Double?]
  }

  /// The greatest rate and its time.
  package struct Peak: Sendable, Equatable {
    /// The first minute of the step, as whole minutes since 1970-01-01 00:00 UTC.
    package let minute: Int
    /// The rate, from 0 to 1.
    package let rate: Double
  }

  /// The parameters of the detector.
  package let parameters: MonitorParameters
  /// The minute that counts as now, as whole minutes since 1970-01-01 00:00 UTC.
  package let currentMinute: Int
  /// The first minute observed in the window; nil when no minute was.
  package let firstMinute: Int?
  /// Steps of the window with payments.
  package let observedSteps: Int
  /// Steps from the first observed one to the current one without payments.
  package let missingSteps: Int
  /// One report for each rate, in the order of ``RateMetric``.
  package let metrics: [MetricReport]
  /// How long at least one of the rates has been above its limit: when failed follows denied
  /// without a minute between them, that is one incident.
  package let anyMetric: Persistence

  /// The severity of the incident in progress; nil below the first step of the ladder.
  package var severity: Severity? { anyMetric.severity }

  /// Whether any rate is above its limit in the current minute.
  package var isAnomalous: Bool { metrics.contains { $0.current.isAnomalous } }
}
