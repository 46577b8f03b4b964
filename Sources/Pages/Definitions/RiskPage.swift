internal import Catalogue
internal import Charts

extension PageDefinition {
  /// Whom to look at?
  static let risk = PageDefinition(
    "risk", title: "Risk", question: "Whom to look at?",
    parameters: [Parameter("customer_id", usual: ""), Parameter("case_id", usual: "")],
    sections: [
      customer, network,
      Section(
        "cases", "Cases",
        [
          PageBlock(
            "cases", "Open cases, by due time", .table, of: "risk_case_list",
            [
              "case_id", "due_at", "customer_id", "risk_score", "points", "hit_count",
              "rule_count", "case_state", "assignee", "opened_at", "is_overdue",
            ]
          ).with {
            $0.conditions = [.init("case_state", .notEqual, .text("closed"))]
            $0.order = [("due_at", false), ("case_id", false)]
            $0.limit = 30
            $0.links = [
              "case_id": "#/risk?case_id={case_id}&customer_id={customer_id}",
              "customer_id": "#/risk?customer_id={customer_id}",
            ]
            $0.actions = [
              PageBlock.Action(
                label: "Assign", path: "/api/v1/cases/{case_id}/assign", fields: ["assignee"],
                scope: "operate"),
              PageBlock.Action(
                label: "Decide", path: "/api/v1/cases/{case_id}/decide",
                fields: ["disposition", "reason"], scope: "operate"),
            ]
            $0.empty = "no open case"
          },
          PageBlock(
            "scores", "Highest scores", .table, of: "risk_scores",
            ["customer_id", "risk_score", "risk_band", "event_count", "is_override"]
          ).with {
            $0.order = [("risk_score", true), ("customer_id", false)]
            $0.limit = 20
            $0.links = ["customer_id": "#/risk?customer_id={customer_id}"]
            $0.empty = "no customer has a score"
          },
        ]),
    ]
  ) { tables in
    guard let cases = tables["cases"] else {
      return Summary("unknown", "The cases cannot be read with this token.")
    }
    let late = cases.rows.filter { cases.text($0, "is_overdue") == "1" }.count
    if cases.rows.isEmpty { return Summary("good", "No open case.") }
    return Summary(
      late > 0 ? "warning" : "info",
      "\(cases.rows.count == 30 ? "30 or more" : "\(cases.rows.count)") open"
        + " \(cases.rows.count == 1 ? "case" : "cases"), \(late) of them past their due time.")
  }
}
