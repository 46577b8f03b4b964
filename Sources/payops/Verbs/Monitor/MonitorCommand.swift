import MariaDBClient
import Monitoring
import PayopsCore
import Tabular

/// `payops monitor`: what the last tick says of every series; with `--parity` or `--source` the
/// comparison of the minutes of a window.
struct MonitorCommand: DatabaseVerb {
  static let source = Option.text(
    "source", "NAME", "compare the minutes of live, or of an import such as minute-status-counts")
  static let parity = Flag(
    "parity", help: "compare by plain mean + 3 sigma of the whole window, the minute itself inside")
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
    "fail-on-anomaly",
    help: "exit with 1 when a series has an open alert, or a rate is above its limit now")

  let name = "monitor"
  let summary = "show what the monitor says of every series"
  let discussion = """
    Prints the last judged step of each series, what was expected, what is normal, and the
    open alert, those with an alert first: what `payops monitor tick` found, judged once.

    With --source or --parity it compares the failed, denied and reversed rates of a window
    by themselves instead, beside mean + 3 sigma of its minutes: for imported counts, and
    for seeing what a simple monitor would say. Of live payments the alerts count. The
    other options are for that form; runs get the severities of the ladder: 15 minutes are
    INFO, 30 WARNING, 45 CRITICAL, 60 SEVERE.

      payops monitor
      payops monitor --source minute-status-counts --parity --json
      payops monitor --source live --step 60 --hours 720
    """
  let options =
    [
      source.declaration, hours.declaration, from.declaration, to.declaration, at.declaration,
      parity.declaration, sigma.declaration, minimumSample.declaration, minimumVolume.declaration,
      step.declaration, failOnAnomaly.declaration,
    ] + TableOptions.all
  let subverbs: [any Verb] = [MonitorTickCommand(), MonitorReplayCommand()]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard invocation[Self.parity] || invocation[Self.source] != nil else {
      return try await show(invocation)
    }
    guard invocation.format == nil, invocation.console.choice.columns.isEmpty else {
      throw Fault.usage(
        "--format and --columns are not for --source and --parity", hint: "use --json")
    }
    return try await compare(invocation)
  }

  private func show(_ invocation: Invocation) async throws -> ExitCode {
    let own = [Self.failOnAnomaly.declaration.name] + TableOptions.all.map(\.name)
    if let option = options.first(where: {
      !own.contains($0.name) && invocation.values[$0.name] != nil
    }) {
      throw Fault.usage(
        "option --\(option.name) compares the minutes of a window",
        hint: "add --source live or --parity")
    }
    let series = try await invocation.withConnection { try await WatchedSeries.read(on: $0) }
    let console = invocation.console
    try console.write(
      series.table, as: invocation.format, empty: series.summary, page: console.text(series.page))
    if !invocation.isForPrograms, !series.table.rows.isEmpty { console.note(series.summary) }
    return invocation[Self.failOnAnomaly] && series.incidentCount > 0 ? .finding : .ok
  }

  private func compare(_ invocation: Invocation) async throws -> ExitCode {
    let window = try window(invocation)
    let observed: ObservedWindow
    do {
      observed = try await invocation.withConnection { try await $0.observe(window) }
    } catch let error as MonitoringError {
      throw Fault(.invalidData, error.description, hint: error.hint)
    }
    let report = Monitor(parameters(invocation)).report(
      on: observed.minutes, currentMinute: observed.currentMinute)
    let page = ComparisonPage(report: report, source: window.source, age: observed.ageMinutes)
    let console = invocation.console
    try console.write(page.text(console.layout), json: page.json)
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
