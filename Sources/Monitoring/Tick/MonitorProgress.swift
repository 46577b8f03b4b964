extension MonitorTick {
  /// The progress of a tick.
  struct Progress: Sendable {
    /// The report so far.
    var report = Report()
    /// The metrics that cannot be judged, each of which has an alert of its own.
    private(set) var failed: Set<String> = []
    /// The metrics whose alert is still to be raised, with what is wrong.
    var pendingAlerts: [String: String] = [:]
    /// The metrics that learn again because their learned state could not be read.
    var relearned: Set<String> = []

    /// Starts with the metrics whose row in the catalogue cannot be read.
    init(_ catalogue: [Entry]) {
      for (name, metric) in catalogue {
        if case .failure(let error) = metric {
          add(name, (error as? MonitoringError)?.description ?? "\(error)")
        }
      }
    }

    /// Notes a metric that cannot be judged.
    mutating func add(_ name: String, _ message: String) {
      failed.insert(name)
      pendingAlerts[name] = message
    }

    /// Counts steps.
    mutating func count(_ steps: [SeriesWatch.Step]) {
      report.steps += steps.count
      report.anomalous += steps.count { $0.step.isAnomalous }
    }
  }
}
