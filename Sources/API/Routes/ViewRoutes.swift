internal import Catalogue
internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Lists: each is a published view. Any column is a filter, pages follow by cursor, and a whole view
/// is streamed as CSV or NDJSON.
enum ViewRoutes {
  /// A list with a name of its own.
  private struct List {
    let path: String
    let view: String
    let subject: String
    let summary: String
    var scope = Scope.read
    /// The placeholder of the path, which is a column of the view.
    var key: String?
  }

  private static let lists = [
    List(
      path: "/api/v1/alerts", view: "alert_list", subject: "Alerts", summary: "Lists alerts"),
    List(
      path: "/api/v1/alerts/{alert_id}/history", view: "ops_alert_changes", subject: "Alerts",
      summary: "Lists what happened to an alert, and who did it", key: "alert_id"),
    List(
      path: "/api/v1/alerts/{alert_id}/slices", view: "ops_alert_slices", subject: "Alerts",
      summary: "Lists the members that explain an alert", key: "alert_id"),
    List(
      path: "/api/v1/incidents", view: "ops_incidents", subject: "Alerts",
      summary: "Lists incidents of metrics"),
    List(
      path: "/api/v1/rules", view: "risk_rule_catalog", subject: "Risk",
      summary: "Lists the rules", scope: .operate),
    List(
      path: "/api/v1/hits", view: "risk_hit_list", subject: "Risk",
      summary: "Lists hits of rules, without what they compared"),
    List(
      path: "/api/v1/cases", view: "risk_case_list", subject: "Risk", summary: "Lists cases",
      scope: .operate),
    List(
      path: "/api/v1/cases/{case_id}/history", view: "risk_case_history", subject: "Risk",
      summary: "Lists what happened to a case, and who did it", scope: .operate, key: "case_id"),
    List(
      path: "/api/v1/customers/{customer_id}/scores", view: "risk_scores", subject: "Risk",
      summary: "Gives the score of a customer", key: "customer_id"),
    List(
      path: "/api/v1/payments", view: "payment_list", subject: "Payments",
      summary: "Lists payments, the other party masked"),
    List(
      path: "/api/v1/jobs", view: "ops_jobs", subject: "Operations", summary: "Lists jobs",
      scope: .operate),
    List(
      path: "/api/v1/jobs/runs", view: "ops_job_runs", subject: "Operations",
      summary: "Lists runs of jobs", scope: .operate),
    List(
      path: "/api/v1/backups", view: "ops_backups", subject: "Operations",
      summary: "Lists backups", scope: .operate),
    List(
      path: "/api/v1/imports", view: "ops_import_runs", subject: "Operations",
      summary: "Lists imports", scope: .operate),
  ]

  static let all: [Route] =
    [
      Route(
        method: "GET", path: "/api/v1/kpis", scope: .read, subject: "KPIs",
        summary: "Lists the KPIs and views with their columns and units", run: catalogue),
      Route(
        method: "GET", path: "/api/v1/kpis/{name}", scope: .read, subject: "KPIs",
        summary: "Gives the rows of a published view, or of the view that holds a KPI",
        parameters: [
          Route.Parameter(
            name: "name", place: .path, isRequired: true, meaning: "a KPI or a published view")
        ] + parameters, takesColumnFilters: true
      ) { request in
        let name = request.path["name"] ?? ""
        let catalogue = try await request.service.catalogue()
        guard catalogue.kpis[name] != nil || catalogue.views[name] != nil else {
          let fault = Fault(catching: { () throws(Fault) in try catalogue.view(name) })
          throw Problem(
            404, code: "not_found", fault?.message ?? "there is no KPI '\(name)'",
            hint: fault?.hint)
        }
        return try await answer(request, try catalogue.view(name))
      },
    ] + lists.map(route)

  /// Parameters of every list.
  static let parameters = [
    Route.Parameter(
      name: "columns", place: .query,
      meaning: "columns, separated by commas; all that hold no"
        + " personal data when it is absent"),
    Route.Parameter(name: "from", place: .query, kind: .time, meaning: "first moment, included"),
    Route.Parameter(name: "to", place: .query, kind: .time, meaning: "last moment, not included"),
    Route.Parameter(
      name: "limit", place: .query, kind: .integer,
      meaning: "rows of a page (1 to 1000, 100 when it is absent)"),
    Route.Parameter(
      name: "cursor", place: .query, meaning: "next_cursor of the page before this one"),
    Route.Parameter(
      name: "format", place: .query, kind: .choice(ViewRequest.Form.allCases.map(\.rawValue)),
      meaning: "json for a page, csv or ndjson for all rows"),
  ]

  private static func route(_ list: List) -> Route {
    let keys = list.key.map {
      [
        Route.Parameter(
          name: $0, place: .path, kind: .integer, isRequired: true, meaning: "its number")
      ]
    }
    return Route(
      method: "GET", path: list.path, scope: list.scope, subject: list.subject,
      summary: list.summary, parameters: (keys ?? []) + parameters, takesColumnFilters: true
    ) { request in
      guard let view = try await request.service.catalogue().views[list.view] else {
        throw Problem(
          503, code: "configuration", "the schema has no view \(list.view)",
          hint: "run `payops deploy`")
      }
      let fixed = try list.key.map {
        [(column: $0, value: SQLValue.integer(try request.integer($0)))]
      }
      return try await answer(request, view, fixed: fixed ?? [])
    }
  }

  /// Answers with the rows of a view.
  static func answer(
    _ request: APIRequest, _ view: PublishedView,
    fixed: [(column: String, value: SQLValue)] = []
  ) async throws -> HTTPResponse {
    let wanted = try ViewRequest(view, request, fixed: fixed)
    let scope = request.scope
    let pools = request.service.pools
    guard wanted.form == .json else { return ViewStream(wanted, scope, pools).response }
    let query = try wanted.paged
    let (table, moment) = try await pools.use(scope, .page) { connection in
      try await Moment.fix(on: connection, as: nil)
      let table = try await query.read(on: connection)
      let moment = try await connection.query("SELECT as_of() AS moment").rows.first?["moment"]
      return (table, moment ?? "")
    }
    return .json(
      wanted.page(table, asOf: moment), headers: [(name: "Cache-Control", value: "no-store")])
  }

  private static func catalogue(_ request: APIRequest) async throws -> HTTPResponse {
    let catalogue = try await request.service.catalogue()
    let kpis = catalogue.kpis.values.sorted { $0.name < $1.name }.map { kpi in
      JSON.pairs([
        "name": .string(kpi.name), "subject": .string(kpi.family),
        "formula": .string(kpi.formula), "unit": .string(kpi.unit),
        "better": .string(kpi.better.rawValue), "view": .string(kpi.view),
        "value_column": kpi.value.map { .string($0) } ?? .null,
      ])
    }
    let views = catalogue.views.values.sorted { $0.name < $1.name }.map(describe)
    return .json(.pairs(["kpis": .array(kpis), "views": .array(views)]))
  }

  private static func describe(_ view: PublishedView) -> JSON {
    .pairs([
      "name": .string(view.name), "purpose": .string(view.purpose), "grain": .string(view.grain),
      "key": .array(view.key.map { .string($0) }),
      "time_column": view.timeColumn.map { .string($0) } ?? .null,
      "columns": .array(
        view.openColumns.map { column in
          .pairs([
            "name": .string(column.name), "type": .string(column.type),
            "unit": .string(column.unit), "meaning": .string(column.meaning),
            "numerator": column.ratio.map { .string($0.numerator) } ?? .null,
            "denominator": column.ratio.map { .string($0.denominator) } ?? .null,
          ])
        }),
    ])
  }
}

extension Fault {
  /// The failure of some work; nil when it succeeds.
  fileprivate init?<Value>(catching body: () throws(Fault) -> Value) {
    do throws(Fault) {
      _ = try body()
      return nil
    } catch {
      self = error
    }
  }
}
