import Catalogue
import MariaDBClient
import PayopsCore
import Tabular

/// `payops kpi [NAME]`: the catalogue of KPIs, or one of them.
struct KPICommand: DatabaseVerb {
  static let kpi = Positional(
    name: "NAME", help: "a KPI, or the published view that holds it", arity: .optional)
  static let from = Option.date("from", "start of the period, included")
  static let to = Option.date("to", "end of the period, not included")
  static let limit = Option.count(
    "limit", "N", "most rows to print (default 100 for tables, all for json and csv)")

  let name = "kpi"
  let summary = "list the KPIs, or print one"
  let discussion = """
    Without a name: the KPI catalogue. With a name: the rows of the view that holds the
    KPI, newest first. A view that has a time axis can be cut to a period, which reads
    only that period; without one, a large view shows its usual excerpt.

      payops kpi backlog_by_age
      payops kpi success_rate --from 2026-01-01 --to 2026-02-01 --format csv
    """
  let positionals = [kpi]
  let options = [
    from.declaration, to.declaration, limit.declaration, GlobalOptions.fresh.declaration,
    OutputFormat.option.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let format = invocation.format ?? (console.isJSON ? .json : .table)
    let limit = invocation[Self.limit] ?? (format == .table ? 100 : nil)
    var table = try await invocation.withReader { connection in
      guard let name = invocation[Self.kpi] else {
        return try await Catalogue.kpiTable(on: connection)
      }
      var query = ViewQuery(try await Catalogue.read(on: connection).view(name))
      try query.filter(from: invocation[Self.from], to: invocation[Self.to])
      // One row more than asked for shows that there are more.
      query.limit = limit.map { $0 + 1 }
      return try await query.read(on: connection)
    }
    if invocation[Self.kpi] != nil, let limit, table.rows.count > limit {
      table.rows.removeLast(table.rows.count - limit)
      console.note("the first \(limit) rows; --limit shows more")
    }
    try console.write(table, as: format)
    return .ok
  }
}
