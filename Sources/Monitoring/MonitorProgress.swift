extension MonitorTick {
  /// How far a tick is.
  struct Progress: Sendable {
    /// What it came to so far.
    var report = Report()
    /// The metrics that cannot be judged, each of which has an alert of its own.
    private(set) var failed: Set<String> = []
    /// Those whose alert is yet to be raised, with what is wrong.
    var untold: [String: String] = [:]
    /// The metrics that were learned anew because what was known of them could not be read.
    var relearned: Set<String> = []

    /// Begins with the metrics whose row in the catalogue cannot be read.
    init(_ catalogue: [Entry]) {
      for (name, metric) in catalogue {
        if case .failure(let error) = metric {
          add(name, (error as? MonitoringError)?.description ?? "\(error)")
        }
      }
    }

    /// Notes a metric that turned out to be broken.
    mutating func add(_ name: String, _ message: String) {
      failed.insert(name)
      untold[name] = message
    }

    /// Counts steps.
    mutating func count(_ steps: [SeriesWatch.Step]) {
      report.steps += steps.count
      report.anomalous += steps.count { $0.step.isAnomalous }
    }
  }
}
