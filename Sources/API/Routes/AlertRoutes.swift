internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// What people do with alerts, and why one fired.
enum AlertRoutes {
  private static let note = Route.Member(name: "note", meaning: "what to write into its history")

  private static func change(
    _ verb: String, _ summary: String, _ kind: String, _ member: Route.Member
  ) -> RoutineCall {
    RoutineCall(
      path: "/api/v1/alerts/{alert_id}/\(verb)", scope: .operate, subject: "Alerts",
      summary: summary, routine: "change_alert",
      arguments: [.path("alert_id"), .text(kind), .member(member.name), .null], members: [member])
  }

  static let all: [Route] =
    [
      change(
        "acknowledge", "Acknowledges an alert and the open alerts under it", "acknowledged", note),
      change(
        "assign", "Gives an alert to an owner", "assigned",
        Route.Member(name: "owner", isRequired: true, meaning: "who works on it")),
      change(
        "comment", "Adds a comment to the history of an alert", "comment",
        Route.Member(name: "text", isRequired: true, meaning: "the comment")),
      change(
        "disposition", "Says whether an alert was right", "disposition",
        Route.Member(
          name: "disposition", isRequired: true, choices: ["true_positive", "false_positive"],
          meaning: "whether it was right")),
      change("resolve", "Resolves an alert and the open alerts under it", "resolved", note),
      RoutineCall(
        path: "/api/v1/silences", scope: .operate, subject: "Alerts",
        summary: "Silences notifications of some alerts for a time", routine: "silence_alerts",
        arguments: [
          .member("rule_pattern"), .member("subject_pattern"), .member("from"), .member("to"),
          .member("reason"), .null, .out("silence_id"),
        ],
        members: [
          Route.Member(name: "rule_pattern", meaning: "rules, as in LIKE; all when absent"),
          Route.Member(name: "subject_pattern", meaning: "subjects, as in LIKE; all when absent"),
          Route.Member(name: "from", kind: .time, meaning: "from when on; now when absent"),
          Route.Member(name: "to", kind: .time, isRequired: true, meaning: "until when"),
          Route.Member(name: "reason", isRequired: true, meaning: "why"),
        ]),
      RoutineCall(
        path: "/api/v1/silences/{silence_id}/end", scope: .operate, subject: "Alerts",
        summary: "Ends a silence now", routine: "end_silence", arguments: [.path("silence_id")]),
    ].map(\.route) + [
      Route(
        method: "GET", path: "/api/v1/alerts/{alert_id}/explanation", scope: .operate,
        subject: "Alerts",
        summary: "Recomputes why an alert of a metric fired, from the stored steps",
        parameters: [
          Route.Parameter(
            name: "alert_id", place: .path, kind: .integer, isRequired: true, meaning: "its number")
        ]
      ) { request in
        let id = try request.integer("alert_id")
        let results = try await request.service.pools.use(request.scope, .page) {
          try await $0.queryAll("CALL explain_alert(?)", [.integer(id)])
        }
        let tables = results.filter { !$0.columns.isEmpty }.map { JSON.rows(of: DataTable($0)) }
        return .json(
          .pairs([
            "decisions": tables.first ?? .array([]),
            "steps": tables.count > 1 ? tables[1] : .array([]),
          ]), headers: [(name: "Cache-Control", value: "no-store")])
      }
    ]
}
