internal import Catalogue
internal import Charts

extension PageDefinition {
  /// How are we?
  static let overview = PageDefinition(
    "overview", title: "Overview", question: "How are we?",
    sections: [
      Section("incidents", "Open incidents", [.openIncidents]),
      Section("today", "Today so far", [.today]),
      Section(
        "stock", "What is open, late and at stake",
        [
          PageBlock("backlog", "Backlog by age", .stack, of: "backlog_by_age").with {
            $0.draw = Drawing.stack(
              "open payments by age", label: "bucket_label", value: "open_count", oldIsBad: true)
            $0.links = PageBlock.ageLinks
            $0.empty = "nothing is open"
          },
          PageBlock(
            "rails", "Settled on time, 7 days, by rail", .bullets, of: "ops_health_rails"
          ).with {
            $0.draw = Drawing.bullets(
              "settled on time, by rail", label: "rail", value: "sla_compliance",
              target: "target_ratio",
              note: "due_count")
            $0.links = RowLinks.rails.merging(["rail": "#/backlog"]) { first, _ in first }
            $0.empty = "nothing was due in seven days"
          },
          PageBlock(
            "exposure", "Exposure", .facts, of: "exposure_total",
            [
              "open_count", "open_amount", "unsettled_count", "unsettled_amount", "exposure_amount",
            ]
          ).with {
            $0.links = RowLinks.payments(
              "status=\(RowLinks.open)", for: ["open_count", "open_amount"])
            for column in ["unsettled_count", "unsettled_amount"] {
              $0.links[column] = "#/settlements?state=pending"
            }
            $0.empty = "nothing is at stake"
          },
          PageBlock(
            "volume", "Payments by weekday and hour, 7 days", .heatmap, of: "kpi_payment_hour",
            ["metric_hour", "total_count", "success_rate"]
          ).with {
            $0.conditions = [
              .init("dimension", .equal, .text("all")),
              .init("metric_hour", .greaterOrEqual, .hoursAgo(168)),
            ]
            $0.limit = 200
            $0.draw = Drawing.weekHours(
              "payments by weekday and hour", time: "metric_hour", value: "total_count")
            $0.links = RowLinks.payments(
              "from={metric_hour}&hours=1", for: ["total_count", "success_rate"])
            $0.empty = "no payment in seven days"
          },
        ]),
      Section(
        "past", "The last 14 days",
        [
          PageBlock(
            "days", "Days", .table, of: "ops_health_days",
            [
              "metric_date", "success_rate", "total_count", "total_amount", "authorization_rate",
              "technical_decline_rate", "business_decline_rate", "order_success_rate",
              "reversal_rate", "mean_duration_ms", "open_amount",
            ]
          ).with {
            $0.links = RowLinks.payments(
              "from={metric_date}T00:00:00Z&hours=24",
              for: [
                "metric_date", "total_count", "total_amount", "success_rate",
                "authorization_rate", "order_success_rate", "technical_decline_rate",
                "business_decline_rate", "reversal_rate", "mean_duration_ms",
              ])
            $0.links["open_amount"] = RowLinks.payments(
              "status=\(RowLinks.open)&from={metric_date}T00:00:00Z&hours=24")
            $0.limit = 14
          }
        ]),
    ]
  ) { tables in
    if let incident = Incident(tables, block: "incidents") {
      return incident.summary(count: tables["incidents"]?.rows.count ?? 1)
    }
    guard tables["incidents"] != nil, tables["today"] != nil else {
      return Summary("unknown", "The state could not be read: see the blocks below.")
    }
    let payments = tables.value("today", "kpi_value", where: "kpi_name", is: "total_count")
    let success = tables.value("today", "kpi_value", where: "kpi_name", is: "success_rate")
    let change = tables.value("today", "change_points", where: "kpi_name", is: "success_rate")
    guard let payments, let success else {
      return Summary("good", "No open incident. No payment today yet.")
    }
    return Summary(
      "good",
      "All normal. \(Words.count(payments)) payments today, \(Words.percent(success)) succeeded"
        + Words.points(change) + ".")
  }
}

extension PageBlock {
  /// The KPIs of today, each with its last days.
  static let today = PageBlock("today", "", .tiles, of: "kpi_today").with {
    $0.options = [
      "label": "kpi_name", "value": "kpi_value", "comparison": "previous_value",
      "change": "change_pct", "change_points": "change_points", "spark": "spark",
    ]
    $0.links = [
      "kpi_value": RowLinks.payments("from={day}&to={next}"),
      "kpi_value@backlog_count": RowLinks.payments("status=\(RowLinks.open)"),
    ]
    $0.oneOf = (
      column: "kpi_name",
      values: [
        "total_count", "total_amount", "success_rate", "authorization_rate",
        "technical_decline_rate", "business_decline_rate", "mean_duration_ms", "backlog_count",
      ]
    )
    $0.empty = "no payment today yet"
    $0.sparks = (
      block: "days",
      columns: [
        "total_count": "total_count", "total_amount": "total_amount",
        "success_rate": "success_rate", "authorization_rate": "authorization_rate",
        "technical_decline_rate": "technical_decline_rate",
        "business_decline_rate": "business_decline_rate", "mean_duration_ms": "mean_duration_ms",
      ]
    )
  }

  /// Open payments of an age; the last bucket has no upper bound.
  static let ageLinks = RowLinks.payments(
    "status=\(RowLinks.open)&age_from={from_seconds}&age_to={to_seconds?}",
    for: ["open_count", "open_amount"])

  /// Cards of what is wrong now.
  static let openIncidents = PageBlock(
    "incidents", "", .cards, of: "ops_incidents",
    [
      "incident_id", "alert_message", "severity", "alert_rule", "alert_subject", "cause",
      "raised_at",
      "payments_affected", "value_at_stake", "customers_affected", "owner", "incident_state",
    ]
  ).with {
    $0.conditions = [.init("open_count", .greater, .number(0))]
    $0.limit = 20
    $0.options = [
      "label": "alert_message", "severity": "severity", "about": "alert_rule,alert_subject",
    ]
    $0.hidden = ["incident_id", "alert_rule", "alert_subject"]
    $0.links = [
      "alert_message": "#/alerts?alert_id={incident_id}",
      "payments_affected": "#/alerts?alert_id={incident_id}",
      "value_at_stake": "#/alerts?alert_id={incident_id}",
      "customers_affected": "#/alerts?alert_id={incident_id}",
    ]
    $0.actions = [
      PageBlock.Action(
        label: "Acknowledge", path: "/api/v1/alerts/{incident_id}/acknowledge", fields: ["note"],
        scope: "operate"),
      PageBlock.Action(
        label: "Resolve", path: "/api/v1/alerts/{incident_id}/resolve", fields: ["note"],
        scope: "operate"),
    ]
    $0.empty = "no open incident"
  }
}
