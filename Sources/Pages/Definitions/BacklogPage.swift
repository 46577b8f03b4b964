internal import Catalogue
internal import Charts

extension PageDefinition {
  /// What is stuck, what is late?
  static let backlog = PageDefinition(
    "backlog", title: "Backlog & settlement", question: "What is stuck, what is late?",
    parameters: [
      Parameter("month", values: ["this_month", "last_month"], usual: "this_month"),
      Parameter("state", usual: "all"), Parameter("rail", usual: "all"),
    ],
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
          PageBlock(
            "flow", "Flow by hour, 24 h", .columns, of: "backlog_flow_hour",
            [
              "metric_hour", "net_count", "inflow_count", "outflow_count", "net_amount",
              "inflow_amount", "outflow_amount", "clear_seconds", "backlog_count",
            ]
          ).with {
            $0.conditions = [.init("metric_hour", .greaterOrEqual, .hoursAgo(24))]
            $0.limit = 25
            $0.hidden = ["backlog_count"]
            $0.links = flowLinks
            $0.draw = Drawing.flow
            $0.empty = "no payment in a day"
          },
          PageBlock(
            "history", "Open payments by hour, 7 days", .columns, of: "backlog_history_hour",
            [
              "sample_hour", "member", "open_count", "over_age_count", "open_amount",
              "oldest_age_seconds",
            ]
          ).with {
            $0.conditions = [
              .init("stock", .equal, .text("payment")),
              .init("sample_hour", .greaterOrEqual, .hoursAgo(168)),
            ]
            $0.order = [("sample_hour", true), ("member", false)]
            $0.limit = 700
            $0.span = .full
            $0.draw = Drawing.backlogHistory
            $0.empty = "no sample yet: the job sample_backlog takes one each hour"
          },
          PageBlock(
            "stuck", "Longest in their state", .table, of: "backlog_stuck_payments",
            [
              "transaction_id", "state_age_seconds", "state", "base_amount", "maximum_age_seconds",
              "state_since", "transaction_type", "acquirer", "customer_id",
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
              "settled on time, by rail", label: "rail", value: "sla_compliance",
              target: "target_ratio",
              note: "due_count")
            $0.links = RowLinks.rails
            $0.empty = "nothing was due in seven days"
          },
          PageBlock(
            "calendar", "Due by day, and the share on time", .calendar, of: "settlement_sla_day",
            [
              "due_date", "rail", "sla_compliance", "due_count", "on_time_count", "late_count",
              "failed_count", "overdue_count", "target_ratio",
            ]
          ).with {
            $0.conditions = [
              .init("due_date", .greaterOrEqual, .monthBegin("month")),
              .init("due_date", .less, .monthEnd("month")),
            ]
            $0.limit = 400
            $0.draw = Drawing.calendar
            $0.links = RowLinks.days
            $0.empty = "nothing was due in this month yet"
          },
          PageBlock(
            "budget", "Error budget of each rail, 30 days", .table, of: "kpi_slo_budget",
            [
              "rail", "budget_left_ratio", "budget_left_count", "miss_count", "budget_count",
              "due_count", "target_ratio", "burn_1h", "burn_6h", "due_1h_count", "miss_1h_count",
              "due_6h_count", "miss_6h_count",
            ]
          ).with {
            $0.hidden = ["due_1h_count", "miss_1h_count", "due_6h_count", "miss_6h_count"]
            $0.order = [("budget_left_ratio", false), ("rail", false)]
            $0.links = RowLinks.budget
            $0.empty = "no rail has an objective"
          },
          PageBlock(
            "overdue", "Overdue, oldest first", .table, of: "settlement_overdue",
            [
              "settlement_id", "overdue_seconds", "rail", "base_amount", "due_at", "transaction_id",
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
            of: "kpi_scheme_headroom",
            [
              "card_scheme", "headroom_count", "programme", "limit_level", "month_start",
              "dispute_count", "limit_count", "dispute_ratio", "limit_ratio", "sales_count",
            ]
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
