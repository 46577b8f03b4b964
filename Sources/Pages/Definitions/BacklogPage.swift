internal import Catalogue
internal import Charts

extension PageDefinition {
  /// What is stuck, what is late?
  static let backlog = PageDefinition(
    "backlog", title: "Backlog & settlement", question: "What is stuck, what is late?",
    parameters: [Parameter("state", usual: "all"), Parameter("rail", usual: "all")],
    sections: [
      Section(
        "open", "Open payments",
        [
          PageBlock(
            "states", "By state", .table, of: "backlog_by_state",
            [
              "state", "open_count", "open_amount", "over_age_count", "over_age_amount",
              "oldest_at", "oldest_age_seconds", "maximum_age_seconds",
            ]
          ).with {
            $0.order = [("oldest_age_seconds", true), ("state", false)]
            $0.links = RowLinks.payments("status={state}", for: ["open_count", "open_amount"])
            $0.links["over_age_count"] = "#/backlog?state={state}"
            $0.links["over_age_amount"] = "#/backlog?state={state}"
            $0.empty = "nothing is open"
          },
          PageBlock("ages", "By age", .bars, of: "backlog_by_age").with {
            $0.draw = Drawing.bars(
              "open payments by age", label: "bucket_label", value: "open_count"
            ) { _ in .count }
            $0.links = PageBlock.ageLinks
            $0.empty = "nothing is open"
          },
          PageBlock("flow", "Flow by hour, a day", .table, of: "backlog_flow_hour").with {
            $0.conditions = [.init("metric_hour", .greaterOrEqual, .hoursAgo(24))]
            $0.limit = 25
            $0.links = flowLinks
            $0.empty = "no payment in a day"
          },
          PageBlock(
            "stuck", "Longest in their state", .table, of: "backlog_stuck_payments",
            [
              "transaction_id", "state", "state_since", "state_age_seconds", "maximum_age_seconds",
              "base_amount", "transaction_type", "acquirer", "customer_id",
            ]
          ).with {
            $0.conditions = [.init("state", .equal, .parameter("state"))]
            $0.order = [("state_age_seconds", true), ("transaction_id", false)]
            $0.limit = 20
            $0.links = [
              "transaction_id": "#/payments?transaction_id={transaction_id}",
              "customer_id": "#/risk?customer_id={customer_id}",
            ]
            $0.empty = "no payment is longer in its state than it may be"
          },
        ]),
      Section(
        "settlement", "Settlement",
        [
          PageBlock("rails", "Due in seven days, by rail", .bullets, of: "ops_health_rails").with {
            $0.draw = Drawing.bullets(
              "settled on time, by rail", label: "rail", value: "sla_compliance", target: nil,
              note: "due_count")
            $0.links = RowLinks.rails
            $0.empty = "nothing was due in seven days"
          },
          PageBlock("budget", "Error budget of each rail", .table, of: "kpi_slo_budget").with {
            $0.links = RowLinks.budget
            $0.empty = "no rail has an objective"
          },
          PageBlock(
            "overdue", "Overdue, oldest first", .table, of: "settlement_overdue",
            [
              "settlement_id", "transaction_id", "rail", "due_at", "overdue_seconds", "base_amount",
            ]
          ).with {
            $0.conditions = [.init("rail", .equal, .parameter("rail"))]
            $0.order = [("due_at", false), ("settlement_id", false)]
            $0.limit = 20
            $0.links = ["transaction_id": "#/payments?transaction_id={transaction_id}"]
            $0.empty = "nothing is overdue"
          },
          PageBlock(
            "schemes", "Disputes left before the limits of the schemes", .table,
            of: "kpi_scheme_headroom"
          ).with {
            $0.limit = 20
            $0.empty = "no limit of a scheme programme applies"
          },
        ]),
    ]
  ) { tables in
    guard let states = tables["states"], let overdue = tables["overdue"] else {
      return Summary("unknown", "The backlog could not be read.")
    }
    let open = states.sum("open_count")
    let late = states.sum("over_age_count")
    let isCut = overdue.rows.count == 20
    let settlements =
      overdue.rows.isEmpty
      ? "No settlement is overdue."
      : "\(isCut ? "20 or more" : "\(overdue.rows.count)")"
        + " \(overdue.rows.count == 1 ? "settlement is" : "settlements are") overdue."
    return Summary(
      late > 0 || !overdue.rows.isEmpty ? "warning" : "good",
      "\(Quantity.count.text(open)) payments are open,"
        + " \(Quantity.amount(tables.currency).text(states.sum("open_amount")));"
        + " \(Quantity.count.text(late)) of them longer than they may be. " + settlements)
  }

  /// Payments of an hour, and those of them that ended or are still open.
  private static let flowLinks =
    [
      "metric_hour": "", "inflow_count": "", "inflow_amount": "",
      "outflow_count": "&status=\(RowLinks.ended)", "outflow_amount": "&status=\(RowLinks.ended)",
      "net_count": "&status=\(RowLinks.open)", "net_amount": "&status=\(RowLinks.open)",
    ].mapValues { RowLinks.payments("from={metric_hour}&hours=1" + $0) }
    .merging(["backlog_count": RowLinks.payments("status=\(RowLinks.open)")]) { first, _ in first }
}
