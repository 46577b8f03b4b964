import Alerting
import MariaDBClient
import PayopsCore
import Tabular

/// `payops alerts silence`.
struct AlertsSilence: DatabaseVerb {
  static let rule = Option.text("rule", "PATTERN", "rules that it covers, such as 'job_*'")
  static let subject = Option.text(
    "subject", "PATTERN", "subjects that it covers (default '*', all)")
  static let duration = Option<Duration>(
    "for", placeholder: "SPAN", help: "how long it lasts",
    expectation: "a span such as 90m, 2h or 1d12h", parse: { TimeSpan.parse($0) })
  static let until = Option.date("until", "when it ends")
  static let from = Option.date("from", "when it begins (default: now)")
  static let reason = Option.text("reason", "TEXT", "why, in words")
  static let calendar = Option.text(
    "calendar", "NAME", "calendar whose days and clock count, such as TARGET")
  static let days = Option.choice(
    "on", "DAYS", ["all", "business", "closed"],
    "days of the calendar (default all); closed: weekends and holidays")
  static let hours = Option<ClockRange>(
    "between", placeholder: "HH:MM-HH:MM", help: "hours of these days by the calendar's clock",
    expectation: "hours of a day such as 22:00-24:00 (over midnight: two silences)",
    parse: { ClockRange($0) })

  let name = "silence"
  let summary = "send no notifications of some alerts for a time"
  let discussion = """
    Alerts are still raised, and people are notified of the end of what they were notified
    of, and of what still fires when the silence ends. With a calendar the silence comes
    again on its days and hours until it ends. In patterns * is any text, ? any character.

      payops alerts silence --rule 'job_*' --for 2h --reason 'maintenance'
      payops alerts silence --rule 'settlement_*' --until 2030-01-01 \\
          --calendar TARGET --on closed --reason 'nothing settles'
    """
  let options = [
    rule.declaration, subject.declaration, duration.declaration, until.declaration,
    from.declaration, reason.declaration, calendar.declaration, days.declaration,
    hours.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let wanted = try AlertSilence(
      rule: invocation[Self.rule], subject: invocation[Self.subject], from: invocation[Self.from],
      until: invocation[Self.until], lasting: invocation[Self.duration],
      reason: invocation[Self.reason], calendar: invocation[Self.calendar],
      days: invocation[Self.days], hours: invocation[Self.hours])
    let (silence, covered) = try await invocation.withConnection { connection in
      try await wanted.make(connection)
    }
    let row = silence.records.first ?? [:]
    try invocation.console.write(
      "silence \(row["silence_id"] ?? "") until \(row["ends_at"] ?? "") UTC;"
        + " open alerts that its patterns match: \(covered)\n", json: JSON.firstRow(of: silence))
    return .ok
  }
}

/// `payops alerts silences`.
struct AlertsSilences: DatabaseVerb {
  static let all = Flag("all", help: "also those that have ended")

  let name = "silences"
  let summary = "print silences, those that end first on top"
  let discussion = """
    The column now says whether a silence holds at this moment: one may not have begun,
    or its days and hours may be others. --json and --format csv have the patterns as
    LIKE reads them.
    """
  let options = [all.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let all = invocation[Self.all]
    let table = try await invocation.withConnection {
      try await AlertSilence.table(all: all, on: $0)
    }
    let console = invocation.console
    try console.write(
      table, as: invocation.format,
      empty: all
        ? "no silence has been made" : "no silence lasts; --all shows those that have ended",
      page: AlertPages.silences(table, console.layout))
    return .ok
  }
}

/// `payops alerts unsilence`.
struct AlertsUnsilence: DatabaseVerb {
  static let number = Positional(name: "SILENCE", help: "number of a silence", arity: .required)

  let name = "unsilence"
  let summary = "end a silence now"
  let discussion = """
    People are notified of what it covered and still fires within a minute, at the next run
    of the job watch_alerts.
    """
  let positionals = [number]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let number = try invocation.number(
      Self.number, of: "a silence", hint: "see `payops alerts silences`")
    let silence = try await invocation.withConnection {
      try await AlertSilence.end(number, on: $0)
    }
    try invocation.console.write(
      "silence \(number) is over\n", json: JSON.firstRow(of: silence))
    return .ok
  }
}
