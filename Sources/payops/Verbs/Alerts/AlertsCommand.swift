import Alerting
import MariaDBClient
import PayopsCore
import Tabular

/// `payops alerts …`: what is wrong now, who looks at it, and which notifications people get.
struct AlertsCommand: Verb {
  static let number = Positional(name: "ALERT", help: "number of an alert", arity: .required)

  let name = "alerts"
  let summary = "what is wrong: list, acknowledge, assign, judge, silence"
  let discussion = """
    An alert fires from the moment that something is found to be wrong until somebody
    acknowledges it or it is resolved. Everything that people do with one is logged with the
    account and the time; a silence keeps notices back, but no alert.
    """
  let subverbs: [any Verb] = [
    AlertsList(), AlertsShow(), AlertsExplain(), AlertsAck(), AlertsComment(), AlertsAssign(),
    AlertsJudge(),
    AlertsResolve(), AlertsSilence(), AlertsSilences(), AlertsUnsilence(), AlertsTimes(),
  ]

  /// The number of the alert.
  static func number(of invocation: Invocation) throws -> Int64 {
    try invocation.number(number, of: "an alert", hint: "see `payops alerts list`")
  }
}

extension AlertsCommand {
  /// Changes the alert that an invocation names, and prints what became of it.
  static func change(
    _ kind: AlertChange.Kind, _ text: String, _ invocation: Invocation
  ) async throws -> ExitCode {
    let number = try number(of: invocation)
    let change = try AlertChange(kind, text: text)
    let (alert, children) = try await invocation.withConnection {
      try await change.make(to: number, on: $0)
    }
    let along =
      children == 0
      ? "" : ", and so \(children == 1 ? "is the alert" : "are the \(children) alerts") under it"
    try invocation.console.write(
      "alert \(number) \(change.outcome)\(along)\n", json: JSON.firstRow(of: alert))
    return .ok
  }
}

/// `payops alerts list`.
struct AlertsList: DatabaseVerb {
  static let severities = Severity.allCases.map(\.rawValue)

  /// The most alerts that one page may have.
  private static let mostRows = 1_000_000

  static let all = Flag("all", help: "also those that have ended")
  static let state = Option.choice(
    "state", "STATE", ["firing", "acknowledged", "resolved"], "only alerts in this state")
  static let rule = Option.text(
    "rule", "PATTERN", "only alerts of these rules, such as 'job_*'")
  static let severity = Option.choice(
    "severity", "SEVERITY", severities, "only alerts of at least this severity")
  static let since = Option.date("since", "only alerts raised from then on")
  static let limit = Option.count(
    "limit", "N", "most alerts to print (default 20; 0 only with --fail-on)")
  static let failOn = Option.choice(
    "fail-on", "SEVERITY", severities,
    "exit with 1 when an alert of at least this severity is open and not silenced")

  let name = "list"
  let summary = "print what is wrong, ordered by severity"
  let discussion = """
    Prints the alerts that are open; the column silence has the number of the silence
    that covers one, and under the number of the alert that explains it, of which people
    are notified instead. For checks:

      payops alerts list --rule 'job_*' --fail-on CRITICAL
    """
  let options =
    [
      all.declaration, state.declaration, rule.declaration, severity.declaration, since.declaration,
      limit.declaration, failOn.declaration,
    ] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let filter = Self.filter(invocation)
    let limit = min(invocation[Self.limit] ?? 20, Self.mostRows)
    guard limit > 0 || invocation[Self.failOn] != nil else {
      throw Fault.usage("--limit 0 prints nothing", hint: "add --fail-on for the exit status alone")
    }
    let (found, finding) = try await invocation.withConnection { connection in
      // One row more than asked for shows that there are more.
      let found = try await filter.alerts(limit: limit + 1, on: connection)
      guard let least = invocation[Self.failOn] else { return (found, false) }
      return (found, try await filter.hasOpen(from: least, on: connection))
    }
    var shown = found
    shown.rows = Array(found.rows.prefix(limit))
    let console = invocation.console
    if limit == 0, !invocation.isForPrograms { return finding ? .finding : .ok }
    try console.write(
      shown, as: invocation.format, empty: Self.none(invocation),
      page: AlertPages.list(shown, console.layout))
    if found.rows.count > limit { console.note("there are more; see --limit") }
    return finding ? .finding : .ok
  }

  private static func none(_ invocation: Invocation) -> String {
    let hasFilter =
      invocation[rule] != nil || invocation[severity] != nil || invocation[since] != nil
    let state = invocation[state] ?? (invocation[all] ? nil : "open")
    let text = "no \(state.map { "\($0) " } ?? "")alert\(hasFilter ? " matches" : "")"
    return state == "open" ? text + "; --all shows those that have ended" : text
  }

  private static func filter(_ invocation: Invocation) -> AlertFilter {
    var filter = AlertFilter()
    filter.state = invocation[state]
    filter.isOpen = filter.state == nil && !invocation[all]
    filter.rule = invocation[rule]
    filter.severity = invocation[severity]
    filter.since = invocation[since]
    return filter
  }
}

/// `payops alerts show`.
struct AlertsShow: DatabaseVerb {
  let name = "show"
  let summary = "print an alert with its notices and its history"
  let positionals = [AlertsCommand.number]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let number = try AlertsCommand.number(of: invocation)
    let report = try await invocation.withConnection {
      try await AlertReport.read(number, on: $0)
    }
    try invocation.console.write(report.page(invocation.console.layout), json: report.json)
    return .ok
  }
}

/// `payops alerts ack`.
struct AlertsAck: DatabaseVerb {
  static let note = Option.text("note", "TEXT", "what is being done, in words")

  let name = "ack"
  let summary = "acknowledge an alert: no more reminders until it ends"
  let discussion = """
    Escalations stop, too. The open alerts that this one explains are acknowledged with
    it, and so are those that come under it later, unless they are more severe. An alert
    that is reopened after its end must be acknowledged again.
    """
  let positionals = [AlertsCommand.number]
  let options = [note.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await AlertsCommand.change(.acknowledged, invocation[Self.note] ?? "", invocation)
  }
}

/// `payops alerts comment`.
struct AlertsComment: DatabaseVerb {
  static let text = Positional(name: "TEXT", help: "the comment", arity: .required)

  let name = "comment"
  let summary = "add a comment to the history of an alert"
  let positionals = [AlertsCommand.number, text]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let text = try invocation.required(Self.text)
    guard !text.isEmpty else { throw Fault.usage("the comment is empty") }
    return try await AlertsCommand.change(.comment, text, invocation)
  }
}

/// `payops alerts assign`.
struct AlertsAssign: DatabaseVerb {
  static let owner = Positional(
    name: "OWNER", help: "team or person whose it is from now on", arity: .required)

  let name = "assign"
  let summary = "give an alert to a team or person"
  let discussion = """
    Routes of notifications that are for one owner send it from then on. The alerts that
    this one explains go along, now and later.
    """
  let positionals = [AlertsCommand.number, owner]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let owner = try invocation.required(Self.owner)
    guard !owner.isEmpty else { throw Fault.usage("the owner is empty") }
    return try await AlertsCommand.change(.assigned, owner, invocation)
  }
}

/// `payops alerts judge`.
struct AlertsJudge: DatabaseVerb {
  static let verdict = Positional(
    name: "VERDICT", help: "true: something was wrong; false: a false alarm", arity: .required,
    choices: ["true", "false"])

  let name = "judge"
  let summary = "say whether something was wrong indeed"
  let discussion = """
    The precision of rules, in `payops alerts times`, follows from these verdicts. An alert
    that has ended can be judged, too, and judged anew: the last verdict counts.
    """
  let positionals = [AlertsCommand.number, verdict]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isTrue = try invocation.required(Self.verdict) == "true"
    return try await AlertsCommand.change(
      .disposition, isTrue ? "true_positive" : "false_positive", invocation)
  }
}

/// `payops alerts resolve`.
struct AlertsResolve: DatabaseVerb {
  static let note = Option.text("note", "TEXT", "what was done, in words")

  let name = "resolve"
  let summary = "end an alert by hand"
  let discussion = """
    Most alerts end by themselves when their cause is gone. One that fires again within
    the setting alert_reopen_seconds is reopened. The open alerts that this one explains
    end with it.
    """
  let positionals = [AlertsCommand.number]
  let options = [note.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await AlertsCommand.change(.resolved, invocation[Self.note] ?? "", invocation)
  }
}

/// `payops alerts times`.
struct AlertsTimes: DatabaseVerb {
  let name = "times"
  let summary = "print times to acknowledge and resolve, by rule"
  let discussion = """
    Over the last 90 days: mean times to detect (MTTD, from the first sight to
    firing), to acknowledge (MTTA) and to resolve (MTTR), both from firing on; precision
    is the share of true alarms among those that people judged.
    """
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let table = try await invocation.withConnection { try await AlertPages.readTimes(on: $0) }
    let console = invocation.console
    try console.write(
      table, as: invocation.format, empty: "no alert has fired in the last 90 days",
      page: AlertPages.times(table, console.layout))
    return .ok
  }
}
