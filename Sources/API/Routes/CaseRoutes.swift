internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Work on cases, flags of payments, and why a customer has a score.
enum CaseRoutes {
  private static func work(
    _ verb: String, _ summary: String, _ routine: String, _ members: [Route.Member]
  ) -> RoutineCall {
    RoutineCall(
      path: "/api/v1/cases/{case_id}/\(verb)", scope: .operate, subject: "Risk", summary: summary,
      routine: routine, arguments: [.path("case_id")] + members.map { .member($0.name) },
      members: members)
  }

  private static let reason = Route.Member(name: "reason", isRequired: true, meaning: "why")

  static let all: [Route] =
    [
      RoutineCall(
        path: "/api/v1/customers/{customer_id}/cases", scope: .operate, subject: "Risk",
        summary: "Opens a case of a customer by hand", routine: "open_case",
        arguments: [.path("customer_id"), .member("reason"), .out("case_id")], members: [reason]),
      work(
        "assign", "Gives a case to somebody", "assign_case",
        [Route.Member(name: "assignee", isRequired: true, meaning: "who works on it")]),
      work(
        "note", "Adds a note to a case", "add_case_note",
        [Route.Member(name: "note", isRequired: true, meaning: "the note")]),
      work(
        "decide", "Decides a case", "decide_case",
        [
          Route.Member(
            name: "disposition", isRequired: true,
            choices: ["confirmed", "false_positive", "escalated", "reported"],
            meaning: "the decision"),
          reason,
        ]),
      work("reopen", "Opens a closed case again", "reopen_case", [reason]),
      RoutineCall(
        path: "/api/v1/payments/{transaction_id}/flag", scope: .operate, subject: "Risk",
        summary: "Flags a payment by hand, which becomes a hit of the rule M01",
        routine: "flag_payment",
        arguments: [.path("transaction_id"), .member("level"), .member("reason")],
        members: [
          Route.Member(
            name: "level", isRequired: true, choices: ["Low", "Medium", "High"],
            meaning: "how much the flag says"),
          reason,
        ]),
      RoutineCall(
        path: "/api/v1/payments/{transaction_id}/unflag", scope: .operate, subject: "Risk",
        summary: "Removes the flag of a payment", routine: "unflag_payment",
        arguments: [.path("transaction_id"), .member("reason")], members: [reason]),
    ].map(\.route) + [
      Route(
        method: "GET", path: "/api/v1/customers/{customer_id}/explanation", scope: .operate,
        subject: "Risk", summary: "Lists what makes the score of a customer",
        parameters: [
          Route.Parameter(
            name: "customer_id", place: .path, kind: .integer, isRequired: true,
            meaning: "its number")
        ]
      ) { request in
        let id = try request.integer("customer_id")
        let table = try await request.service.pools.use(request.scope, .page) { connection in
          try await Moment.fix(on: connection, as: nil)
          return DataTable(try await connection.query("CALL explain_risk(?)", [.integer(id)]))
        }
        return .json(
          .pairs(["customer_id": .integer(id), "events": .rows(of: table)]),
          headers: [(name: "Cache-Control", value: "no-store")])
      }
    ]
}
