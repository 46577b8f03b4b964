import Statistics

/// Judges the rates of each minute of a window and how long they stay above their limits.
package struct Monitor: Sendable {
  /// How to judge.
  package let parameters: MonitorParameters

  /// Makes a monitor.
  ///
  /// - Parameter parameters: how to judge
  package init(_ parameters: MonitorParameters = MonitorParameters()) {
    self.parameters = parameters
  }

  /// Judges a window.
  ///
  /// - Parameters:
  ///   - minutes: the counts of the window, in any order; a missing minute was not observed
  ///   - currentMinute: the minute that counts as now, observed or not; later ones are left out
  /// - Returns: verdicts and persistence
  package func report(on minutes: [MinuteCounts], currentMinute: Int) -> MonitorReport {
    let grid = MinuteGrid(currentMinute: currentMinute, stepMinutes: parameters.stepMinutes)
    let steps = grid.steps(of: minutes).filter { $0.total > 0 }
    let series = RateMetric.allCases.map { metric in
      (
        metric: metric,
        rates: RateSeries(
          steps.map { counts in
            RateSeries.Point(
              step: grid.step(of: counts.minute),
              rate: Double(metric.count(in: counts)) / Double(counts.total),
              volume: Double(counts.total))
          }, parameters: parameters)
      )
    }
    let length = steps.first.map { 1 - grid.step(of: $0.minute) } ?? 0
    return MonitorReport(
      parameters: parameters, currentMinute: currentMinute, firstMinute: steps.first?.minute,
      observedSteps: steps.count, missingSteps: length - steps.count,
      metrics: series.map { report(on: $0.rates, of: $0.metric, grid: grid, length: length) },
      anyMetric: Persistence(series.flatMap(\.rates.observations), grid: grid))
  }

  private func report(
    on series: RateSeries, of metric: RateMetric, grid: MinuteGrid, length: Int
  ) -> MonitorReport.MetricReport {
    let current = zip(series.points, series.judgements).first { point, _ in
      point.step == grid.currentStep
    }
    var rates = [Double?](repeating: nil, count: length)
    var peak: RateSeries.Point?
    for (point, judgement) in zip(series.points, series.judgements) {
      rates[length - 1 + point.step] = point.rate
      if case .notEnoughData = judgement.verdict { continue }
      if point.rate > peak?.rate ?? -1 { peak = point }
    }
    return MonitorReport.MetricReport(
      metric: metric, current: current?.1 ?? series.judgementOfMissingStep,
      persistence: Persistence(series.observations, grid: grid),
      maximum: peak.map {
        MonitorReport.Peak(minute: grid.firstMinute(of: $0.step), rate: $0.rate)
      }, rates: rates)
  }
}
