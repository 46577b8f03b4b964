import MariaDBClient
import PayopsCore
import Tabular

/// `payops alerts …`: what is wrong now, who looks at it, and what people are told of it.
struct AlertsCommand: Verb {
  static let number = Positional(name: "ALERT", help: "number of an alert", arity: .required)

  /// The columns that a page has where there is no terminal.
  static let usualWidth = 80

  let name = "alerts"
  let summary = "what is wrong: list, acknowledge, assign, judge, silence"
  let discussion = """
    An alert fires from the moment that something is found to be wrong until somebody
    acknowledges it or it is over. Everything that people do with one is logged with the
    account and the time; a silence keeps notices back, but no alert.
    """
  let subverbs: [any Verb] = [
    AlertsList(), AlertsShow(), AlertsExplain(), AlertsAck(), AlertsComment(), AlertsAssign(),
    AlertsJudge(),
    AlertsResolve(), AlertsSilence(), AlertsSilences(), AlertsUnsilence(), AlertsTimes(),
  ]

  /// The number of the alert.
  static func number(of invocation: Invocation) throws -> Int64 {
    guard let number = Int64(invocation[number] ?? "") else {
      throw Failure.usage(
        "'\(invocation[number] ?? "")' is no number of an alert", hint: "see `payops alerts list`")
    }
    return number
  }
}

/// `payops alerts list`.
struct AlertsList: Verb {
  static let severities = ["INFO", "WARNING", "CRITICAL", "SEVERE"]

  /// The most alerts that one page may have.
  private static let mostRows = 1_000_000

  static let all = Flag("all", help: "also those that have ended")
  static let state = Option.choice(
    "state", "STATE", ["firing", "acknowledged", "resolved"], "only alerts in this state")
  static let rule = Option.text(
    "rule", "PATTERN", "only alerts of these rules, such as 'job_*'")
  static let severity = Option.choice(
    "severity", "SEVERITY", severities, "only alerts as grave as this, or graver")
  static let since = Option.date("since", "only alerts raised from then on")
  static let limit = Option.count("limit", "N", "most alerts to print (default 20)")
  static let failOn = Option.choice(
    "fail-on", "SEVERITY", severities,
    "exit with 1 when an alert as grave as this is open and not silenced")

  let name = "list"
  let summary = "print what is wrong, the gravest first"
  let discussion = """
    Prints the alerts that are open; the column silence has the number of the silence
    that covers one, and under the number of the alert that explains it, of which people
    are told instead. For checks:

      payops alerts list --rule 'job_*' --fail-on CRITICAL
    """
  let options = [
    all.declaration, state.declaration, rule.declaration, severity.declaration, since.declaration,
    limit.declaration, failOn.declaration, OutputFormat.option.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let filter = Self.filter(invocation)
    let limit = min(invocation[Self.limit] ?? 20, Self.mostRows)
    let (found, finding) = try await invocation.withConnection { connection in
      let found = try await connection.query(
        "SELECT * FROM ops_alerts WHERE \(filter.condition)"
          + " ORDER BY alert_state = 'resolved', IF(alert_state = 'resolved', 0,"
          + " FIND_IN_SET(severity, 'INFO,WARNING,CRITICAL,SEVERE')) DESC, raised_at DESC,"
          + " alert_id DESC LIMIT ?", filter.values + [.integer(Int64(limit) + 1)])
      guard let least = invocation[Self.failOn] else { return (DataTable(found), false) }
      let grave = filter.adding(AlertFilter.isAsGrave, .text(least))
      let open = try await connection.query(
        "SELECT COUNT(*) AS open_count FROM ops_alerts WHERE \(grave.condition)"
          + " AND alert_state <> 'resolved' AND silence_id IS NULL", grave.values)
      return (DataTable(found), open.rows.first?["open_count"] != "0")
    }
    var shown = found
    shown.rows = Array(found.rows.prefix(limit))
    let console = invocation.console
    if console.isJSON || invocation.format.map({ $0 != .table }) ?? false {
      try console.write(shown, as: invocation.format)
    } else if shown.rows.isEmpty {
      try console.write(limit > 0 || found.rows.isEmpty ? "no such alert is there\n" : "")
    } else {
      try console.write(Self.page(shown, for: console))
    }
    if found.rows.count > limit { console.note("there are more; see --limit") }
    return finding ? .finding : .ok
  }

  private static func filter(_ invocation: Invocation) -> AlertFilter {
    var filter = AlertFilter()
    if let state = invocation[state] {
      filter.add("alert_state = ?", .text(state))
    } else if !invocation[all] {
      filter.add("alert_state <> 'resolved'")
    }
    if let rule = invocation[rule] {
      filter.add("alert_rule LIKE ?", .text(AlertPattern.like(rule)))
    }
    if let severity = invocation[severity] { filter.add(AlertFilter.isAsGrave, .text(severity)) }
    if let since = invocation[since] { filter.add("raised_at >= ?", .text(since.description)) }
    return filter
  }

  /// Two lines for each alert: what can be compared, and what it is about.
  private static func page(_ alerts: DataTable, for console: Console) -> String {
    let records = alerts.records
    let table = DataTable(
      columns: [
        .init(name: "alert", isNumeric: true), .init(name: "severity"), .init(name: "state"),
        // As numbers, which are not cut.
        .init(name: "raised (UTC)", isNumeric: true), .init(name: "open", isNumeric: true),
        .init(name: "silence", isNumeric: true), .init(name: "under", isNumeric: true),
        .init(name: "owner"),
      ],
      rows: records.map { row in
        [
          row["alert_id"], row["severity"], row["alert_state"],
          row["raised_at"].map { String($0.prefix(16)) },
          TimeSpan.text(seconds: Int64(row["open_seconds"] ?? "") ?? 0), row["silence_id"],
          row["parent_alert_id"], row["owner"],
        ]
      })
    let details = records.map { row in
      "\(row["alert_rule"] ?? "") \(row["alert_subject"] ?? ""): \(row["alert_message"] ?? "")"
    }
    return DetailedTable(table: table, details: details).render(for: console)
  }
}

/// `payops alerts show`.
struct AlertsShow: Verb {
  let name = "show"
  let summary = "print an alert with its notices and its history"
  let positionals = [AlertsCommand.number]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let report = try await AlertReport.read(invocation)
    let console = invocation.console
    try console.write(console.isJSON ? report.json.lines : report.page(for: console))
    return .ok
  }
}

/// `payops alerts ack`.
struct AlertsAck: Verb {
  static let note = Option.text("note", "TEXT", "what is being done, in words")

  let name = "ack"
  let summary = "take an alert: no more reminders until it ends"
  let discussion = """
    Escalations stop, too. An alert that is opened again after its end is nobody's until
    it is taken again.
    """
  let positionals = [AlertsCommand.number]
  let options = [note.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await AlertChange(kind: "acknowledged", text: invocation[Self.note] ?? "").make(invocation)
  }
}

/// `payops alerts comment`.
struct AlertsComment: Verb {
  static let text = Positional(name: "TEXT", help: "the comment", arity: .required)

  let name = "comment"
  let summary = "add a comment to the history of an alert"
  let positionals = [AlertsCommand.number, text]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let text = try invocation.required(Self.text)
    guard !text.isEmpty else { throw Failure.usage("the comment is empty") }
    return try await AlertChange(kind: "comment", text: text).make(invocation)
  }
}

/// `payops alerts assign`.
struct AlertsAssign: Verb {
  static let owner = Positional(
    name: "OWNER", help: "team or person whose it is from now on", arity: .required)

  let name = "assign"
  let summary = "give an alert to a team or person"
  let discussion = """
    Routes of notifications that are for one owner tell of it from then on.
    """
  let positionals = [AlertsCommand.number, owner]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let owner = try invocation.required(Self.owner)
    guard !owner.isEmpty else { throw Failure.usage("the owner is empty") }
    return try await AlertChange(kind: "assigned", text: owner).make(invocation)
  }
}

/// `payops alerts judge`.
struct AlertsJudge: Verb {
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
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isTrue = try invocation.required(Self.verdict) == "true"
    return try await AlertChange(
      kind: "disposition", text: isTrue ? "true_positive" : "false_positive"
    ).make(invocation)
  }
}

/// `payops alerts resolve`.
struct AlertsResolve: Verb {
  static let note = Option.text("note", "TEXT", "what was done, in words")

  let name = "resolve"
  let summary = "end an alert by hand"
  let discussion = """
    Most alerts end by themselves when what they are about is over. One that is found
    again within the setting alert_reopen_seconds is opened again.
    """
  let positionals = [AlertsCommand.number]
  let options = [note.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await AlertChange(kind: "resolved", text: invocation[Self.note] ?? "").make(invocation)
  }
}

/// `payops alerts times`.
struct AlertsTimes: Verb {
  let name = "times"
  let summary = "print how fast alerts are taken and end, by rule"
  let discussion = """
    Over the last 90 days: mean times to detect (MTTD, from the first sight to
    firing), to acknowledge (MTTA) and to resolve (MTTR), both from firing on; precision
    is the share of true alarms among those that people judged.
    """
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "SELECT * FROM ops_alert_times ORDER BY alert_count DESC, alert_rule"))
    }
    let console = invocation.console
    guard !console.isJSON, invocation.format.map({ $0 == .table }) ?? true else {
      try console.write(table, as: invocation.format)
      return .ok
    }
    func span(_ text: String?) -> String? {
      text.flatMap(Double.init).map { TimeSpan.text(seconds: Int64($0.rounded())) }
    }
    let shown = DataTable(
      columns: [.init(name: "rule")]
        + ["alerts", "open", "MTTD", "MTTA", "MTTR", "judged", "precision"].map {
          .init(name: $0, isNumeric: true)
        },
      rows: table.records.map { row in
        [
          row["alert_rule"], row["alert_count"], row["open_count"],
          span(row["mean_detect_seconds"]), span(row["mean_acknowledge_seconds"]),
          span(row["mean_resolve_seconds"]), row["judged_count"],
          row["alert_precision"].flatMap(Double.init).map { "\(Int(($0 * 100).rounded())) %" },
        ]
      })
    let width = console.width ?? AlertsCommand.usualWidth
    try console.write(
      TableRenderer(width: width, isUnicode: console.isUnicode, style: console.style)
        .render(shown))
    return .ok
  }
}
