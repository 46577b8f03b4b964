import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops monitor`: judges the rates of failed, denied and reversed payments by the minute.
struct MonitorCommand: Verb {
  static let source = Option.text(
    "source", "NAME", "live (default), or the source of an import such as minute-status-counts")
  static let parity = Flag(
    "parity", help: "plain mean + 3 sigma of the whole window, the minute itself inside")
  static let hours = Option.integer(
    "hours", "N", in: 1...87_600,
    "look at the last N hours (default 24 for live, all for an import)")
  static let from = Option.date("from", "start of the window, included")
  static let to = Option.date("to", "end of the window, not included")
  static let at = Option.date("at", "the minute that counts as now (default: the last one)")
  static let sigma = Option<Double>(
    "sigma", placeholder: "K", help: "standard deviations above the mean (default 3)",
    expectation: "a number above 0 and up to 100, such as 3 or 2.5"
  ) { text in Double(text).flatMap { $0 > 0 && $0 <= 100 ? $0 : nil } }
  static let minimumSample = Option.count(
    "minimum-sample", "N", "least minutes to compare with (default 30)")
  static let minimumVolume = Option.count(
    "minimum-volume", "N", "least payments in a minute that is judged (default 20)")
  static let step = Option.integer(
    "step", "N", in: 1...1440, "add up N minutes before taking rates (default 1)")
  static let failOnAnomaly = Flag(
    "fail-on-anomaly", help: "exit with 1 when a rate is above its limit now")

  let name = "monitor"
  let summary = "judge the failed, denied and reversed rates by the minute"
  let discussion = """
    Compares the rates of the current minute with mean + 3 sigma of the other minutes of the
    window, and measures for how long rates have been above their limits: 15 minutes are
    INFO, 30 WARNING, 45 CRITICAL, 60 SEVERE. A minute that is missing ends a run. A minute
    with few payments, or with too few others to compare with, gets no verdict.

      payops monitor --hours 6
      payops monitor --source minute-status-counts --parity --json
      payops monitor --step 60 --hours 720 --fail-on-anomaly

    Live payments are read from the rollups: `payops refresh` brings them up to date.
    The verbs below watch the metrics of the table monitor_metrics instead.
    """
  let options = [
    source.declaration, hours.declaration, from.declaration, to.declaration, at.declaration,
    parity.declaration, sigma.declaration, minimumSample.declaration, minimumVolume.declaration,
    step.declaration, failOnAnomaly.declaration,
  ]
  let connects = true
  let subverbs: [any Verb] = [MonitorTickCommand(), MonitorReplayCommand()]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let window = try window(invocation)
    let parameters = parameters(invocation)
    let observed: ObservedWindow
    do {
      observed = try await invocation.withConnection { try await $0.observe(window) }
    } catch let error as MonitoringError {
      throw Fault(.invalidData, error.description, hint: error.hint)
    }
    let report = Monitor(parameters).report(
      on: observed.minutes, currentMinute: observed.currentMinute)
    let output = MonitorOutput(report: report, source: window.source, age: observed.ageMinutes)
    let console = invocation.console
    if console.isJSON {
      try console.write(output.json.lines)
    } else {
      try console.write(output.text(console))
    }
    if window.source == MonitorWindow.liveSource, window.at == nil, window.to == nil,
      observed.ageMinutes >= 5
    {
      console.note(
        "the last minute with payments is \(observed.ageMinutes.grouped) minutes old")
    }
    return invocation[Self.failOnAnomaly] && report.isAnomalous ? .finding : .ok
  }

  private func window(_ invocation: Invocation) throws -> MonitorWindow {
    let (from, to, at) = (invocation[Self.from], invocation[Self.to], invocation[Self.at])
    let hours = invocation[Self.hours]
    guard hours == nil || (from == nil && to == nil) else {
      throw Fault.usage(
        "--hours and --from or --to name the same window", hint: "use --at to end it earlier")
    }
    guard at == nil || to == nil else {
      throw Fault.usage("--at and --to both name the end of the window", hint: "use one of them")
    }
    if let from, let end = to ?? at, end < from || to == from {
      throw Fault.usage("the window ends (\(end)) before it starts (\(from))")
    }
    return MonitorWindow(
      source: invocation[Self.source] ?? MonitorWindow.liveSource, from: from, to: to, at: at,
      hours: hours)
  }

  private func parameters(_ invocation: Invocation) -> MonitorParameters {
    var parameters = MonitorParameters()
    if invocation[Self.parity] { parameters.form = .parity }
    if let sigmas = invocation[Self.sigma] { parameters.sigmas = sigmas }
    if let sample = invocation[Self.minimumSample] { parameters.minimumSample = max(2, sample) }
    if let volume = invocation[Self.minimumVolume] { parameters.minimumVolume = volume }
    if let step = invocation[Self.step] { parameters.stepMinutes = step }
    return parameters
  }
}
