import Catalogue
import MariaDBClient
import PayopsCore
import Tabular

/// `payops kpi [NAME]`: the catalogue of KPIs, or one of them.
struct KPICommand: DatabaseVerb {
  static let kpi = Positional(
    name: "NAME", help: "a KPI, or a published view", arity: .optional)
  static let from = Option.date("from", "start of the period, included")
  static let to = Option.date("to", "end of the period, not included")
  static let limit = Option.count(
    "limit", "N", from: 1, "most rows to print (default 100 for tables, all for json and csv)")

  let name = "kpi"
  let summary = "list the KPIs, or print one"
  let discussion = """
    Without a name: the KPI catalogue. With the name of a KPI: when and of what, its value,
    numerator and denominator, newest first. With the name of a view: its rows. A name that
    both have is the KPI. Of both, --wide and the forms for programs have every column of
    the view, and --columns chooses among these. A view that has a time axis can be cut to
    a period, which reads only that period; without one, a large view shows its usual
    excerpt.

      payops kpi backlog_by_age
      payops kpi success_rate --columns metric_date,success_rate,total_count
      payops kpi success_rate --from 2026-01-01 --to 2026-02-01 --format csv
    """
  let positionals = [kpi]
  let options =
    [from.declaration, to.declaration, limit.declaration, GlobalOptions.fresh.declaration]
    + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let (from, to) = (invocation[Self.from], invocation[Self.to])
    if let from, let to, to <= from {
      throw Fault.usage("the period ends (\(to)) before it starts (\(from))")
    }
    let console = invocation.console
    guard let name = invocation[Self.kpi] else {
      let table = try await invocation.withReader { try await Catalogue.kpiTable(on: $0) }
      try console.write(
        table, as: invocation.format, empty: "no KPIs: see `payops deploy`",
        page: Catalogue.page(of: table, console.layout))
      return .ok
    }
    let limit = invocation[Self.limit] ?? (invocation.isForPrograms ? nil : 100)
    let choice = console.choice
    let isWide = invocation.isWide
    var (subject, table, moment) = try await invocation.withReader {
      connection -> (Catalogue.Subject, DataTable, String?) in
      let subject = try await Catalogue.read(on: connection).subject(name)
      var query = ViewQuery(subject.view)
      try query.filter(from: from, to: to)
      if !choice.columns.isEmpty {
        try query.select(choice.columns)
      } else if !isWide, let kpi = subject.kpi {
        try query.select(subject.view.columns(of: kpi))
      }
      // One row more than asked for shows that there are more.
      query.limit = limit.map { $0 + 1 }
      let rows = try await query.read(on: connection)
      guard !invocation.isForPrograms else { return (subject, rows, nil) }
      let table = subject.view.described(
        rows, main: subject.columns, currency: await Catalogue.baseCurrency(on: connection))
      return (subject, table, try await Catalogue.moment(on: connection))
    }
    let hasMore = limit.map { table.rows.count > $0 } ?? false
    if let limit, hasMore { table.rows.removeLast(table.rows.count - limit) }
    try console.write(
      table, as: invocation.format, empty: Self.empty(subject, from: from, now: moment))
    if let limit, hasMore { console.note("the first \(limit) rows; --limit shows more") }
    if !isWide, choice.columns.isEmpty, let note = Self.alias(name, subject) { console.note(note) }
    return .ok
  }

  /// Why a view has no rows.
  private static func empty(
    _ subject: Catalogue.Subject, from: CivilInstant?, now: String?
  ) -> String {
    let view = subject.view.name
    if let from, let now, from.description > now {
      return "\(view) has no rows: \(from) is after the present, \(now) UTC"
    }
    if from != nil { return "\(view) has no rows in this period" }
    return subject.view.defaultFilter == nil
      ? "\(view) has no rows" : "\(view) has no rows in its usual excerpt; --from names a period"
  }

  /// Names the view that has the name of a KPI, where it is another thing.
  private static func alias(_ name: String, _ subject: Catalogue.Subject) -> String? {
    guard subject.kpi != nil, subject.view.name == name else { return nil }
    return "'\(name)' is a KPI and a view; this is the KPI, --wide shows the whole view"
  }
}
