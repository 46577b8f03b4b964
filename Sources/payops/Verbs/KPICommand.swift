import MariaDBClient
import PayopsCore
import Tabular

/// `payops kpi [NAME]`: the catalogue of KPIs, or one of them.
struct KPICommand: Verb {
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
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let format = invocation.format ?? (console.isJSON ? .json : .table)
    let limit = invocation[Self.limit] ?? (format == .table ? 100 : nil)
    var table = try await invocation.withReader { connection in
      guard let name = invocation[Self.kpi] else {
        return DataTable(
          try await connection.query(
            "SELECT kpi_name, subject, unit, source_view, formula FROM kpi_catalog"
              + " ORDER BY subject, kpi_name"))
      }
      // One row more than asked for shows that there are more.
      let (sql, parameters) = try await statement(
        for: name, invocation, limit: limit.map { $0 + 1 }, connection)
      return DataTable(try await connection.query(sql, parameters))
    }
    if invocation[Self.kpi] != nil, let limit, table.rows.count > limit {
      table.rows.removeLast(table.rows.count - limit)
      console.note("the first \(limit) rows; --limit shows more")
    }
    try console.write(table, as: format)
    return .ok
  }

  private func statement(
    for name: String, _ invocation: Invocation, limit: Int?, _ connection: Connection
  ) async throws -> (sql: String, parameters: [SQLValue]) {
    let entries = try await connection.query(
      "SELECT source_view, time_column, default_filter FROM kpi_catalog"
        + " WHERE ? IN (kpi_name, source_view) ORDER BY kpi_name = ? DESC LIMIT 1",
      [.text(name), .text(name)])
    guard let entry = entries.rows.first, let view = entry["source_view"] else {
      throw try await unknown(name, connection)
    }
    var sql = "SELECT * FROM \(quoted(view))"
    var parameters: [SQLValue] = []
    var conditions: [String] = []
    let bounds = [(invocation[Self.from], ">="), (invocation[Self.to], "<")]
    for case (let bound?, let comparison) in bounds {
      guard let column = entry["time_column"] else {
        throw Failure.usage("\(name) has no time axis, so --from and --to do not apply")
      }
      conditions.append("\(quoted(column)) \(comparison) ?")
      parameters.append(.text(bound.description))
    }
    if conditions.isEmpty, let filter = entry["default_filter"] { conditions = ["(\(filter))"] }
    if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
    if let column = entry["time_column"] { sql += " ORDER BY \(quoted(column)) DESC" }
    if let limit { sql += " LIMIT \(limit)" }
    return (sql, parameters)
  }

  private func unknown(_ name: String, _ connection: Connection) async throws -> Failure {
    let known = try await connection.query(
      "SELECT kpi_name AS name FROM kpi_catalog UNION SELECT source_view FROM kpi_catalog")
    return .usage(
      "there is no KPI '\(name)'",
      hint: nearestWord(to: name, among: known.rows.compactMap { $0["name"] })
        .map { "did you mean \($0)?" } ?? "see `payops kpi`")
  }

  private func quoted(_ identifier: String) -> String {
    "`" + identifier.replacing("`", with: "``") + "`"
  }
}
