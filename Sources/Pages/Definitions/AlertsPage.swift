internal import Catalogue
internal import Charts

extension PageDefinition {
  /// Who does what?
  static let alerts = PageDefinition(
    "alerts", title: "Alerts & incidents", question: "Who does what?",
    parameters: [
      Parameter("alert_id", usual: ""), Parameter("state", usual: "all"),
      Parameter("severity", usual: "all"), Parameter("rule", usual: "all"),
      Parameter("owner", usual: "all"), Parameter("disposition", usual: "all"),
      Parameter("from", usual: ""),
    ],
    sections: [
      Section(
        "one", "One alert",
        [
          PageBlock(
            "alert", "", .facts, of: "alert_list",
            [
              "alert_id", "severity", "alert_message", "alert_state", "raised_at", "fired_at",
              "acknowledged_at", "resolved_at", "owner", "cause", "payments_affected",
              "value_at_stake", "customers_affected", "disposition", "alert_rule", "alert_subject",
              "dimension", "affected_from", "affected_until", "affected_status",
            ]
          ).with {
            $0.links = [
              "payments_affected": affected, "value_at_stake": affected,
              "customers_affected": affected,
            ]
            $0.hidden = ["affected_status"]
            $0.conditions = [.init("alert_id", .equal, .parameter("alert_id"))]
            $0.needs = ("alert_id", "choose an alert below")
            $0.limit = 1
            $0.empty = "there is no such alert"
          },
          PageBlock("life", "What happened, and who did it", .lifeline, of: "ops_alert_changes")
            .with {
              $0.conditions = [.init("alert_id", .equal, .parameter("alert_id"))]
              $0.needs = ("alert_id", "choose an alert below")
              $0.order = [("changed_at", false), ("change_id", false)]
              $0.draw = Drawing.lifeline
            },
          PageBlock(
            "slices", "Members that explain it", .bars, of: "ops_alert_slices",
            [
              "dimension", "member", "explained_share", "event_share", "observed_count",
              "expected_count", "event_count",
            ]
          ).with {
            $0.conditions = [.init("alert_id", .equal, .parameter("alert_id"))]
            $0.needs = ("alert_id", "choose an alert below")
            $0.order = [("explained_share", true), ("dimension", false), ("member", false)]
            $0.span = .wide
            $0.draw = Drawing.shares
            $0.empty = "no single member explains it"
          },
          PageBlock(
            "notices", "Notifications, and what became of them", .table, of: "ops_notifications",
            [
              "route_name", "notice_state", "created_at", "notice_kind", "severity",
              "attempt_count", "delivered_at", "last_error",
            ]
          ).with {
            $0.conditions = [.init("alert_id", .equal, .parameter("alert_id"))]
            $0.needs = ("alert_id", "choose an alert below")
            $0.order = [("created_at", true), ("route_name", false)]
            $0.limit = 20
            $0.span = .full
            $0.empty = "nobody was notified of it"
          },
        ]),
      Section("incidents", "Open incidents", [.openIncidents]),
      Section(
        "list", "Alerts",
        [
          PageBlock(
            "list", "Newest first", .table, of: "alert_list",
            [
              "alert_id", "severity", "alert_message", "alert_state", "raised_at", "open_seconds",
              "payments_affected", "value_at_stake", "customers_affected", "cause", "owner",
            ]
          ).with {
            $0.conditions = [
              .init("alert_state", .equal, .list("state")),
              .init("severity", .equal, .parameter("severity")),
              .init("alert_rule", .equal, .parameter("rule")),
              .init("owner", .equal, .parameter("owner")),
              .init("disposition", .equal, .list("disposition")),
              .init("raised_at", .greaterOrEqual, .parameter("from")),
            ]
            $0.limit = 50
            $0.options = ["severity": "severity"]
            $0.links = ["alert_id": "#/alerts?alert_id={alert_id}"]
            $0.empty = "no alert"
          }
        ]),
      Section(
        "pace", "How fast, and how right",
        [
          PageBlock(
            "days", "Raised by day, 30 days", .columns, of: "alert_day",
            [
              "alert_date", "alert_rule", "severity", "alert_count", "false_count", "true_count",
              "judged_count", "open_count",
            ]
          ).with {
            $0.conditions = [
              .init("alert_date", .greaterOrEqual, .daysAgo(29)),
              .init("alert_rule", .equal, .parameter("rule")),
            ]
            $0.limit = 1_000
            $0.span = .full
            $0.draw = Drawing.alertDays
            $0.empty = "no alert in 30 days"
          },
          PageBlock(
            "times", "Time to detect, acknowledge and resolve, and precision, by rule, 90 days",
            .table, of: "ops_alert_times",
            [
              "alert_rule", "alert_count", "mean_resolve_seconds", "mean_detect_seconds",
              "mean_acknowledge_seconds", "alert_precision", "open_count", "detected_count",
              "detect_seconds_sum", "acknowledged_count", "acknowledge_seconds_sum",
              "resolved_count", "resolve_seconds_sum", "judged_count", "true_count", "false_count",
            ]
          ).with {
            $0.hidden = [
              "detected_count", "detect_seconds_sum", "acknowledge_seconds_sum",
              "resolve_seconds_sum", "true_count",
            ]
            $0.order = [("alert_count", true), ("alert_rule", false)]
            $0.span = .full
            $0.links = timeLinks
            $0.empty = "no alert yet"
          },
        ]),
    ]
  ) { tables in
    guard let open = tables["incidents"] else {
      return Summary("unknown", "The alerts could not be read.")
    }
    if let incident = Incident(tables, block: "incidents") {
      return incident.summary(count: open.rows.count)
    }
    return Summary("good", "No open incident.")
  }

  /// The payments that an alert of a metric counted.
  private static let affected =
    "#/payments?{dimension}={alert_subject}&status={affected_status?}"
    + "&from={affected_from}&to={affected_until}"

  /// Alerts of a rule in 90 days, and those of them that a column counts.
  private static let timeLinks = [
    "alert_rule": "", "alert_count": "", "mean_detect_seconds": "", "acknowledged_count": "",
    "mean_acknowledge_seconds": "", "open_count": "&state=firing,acknowledged",
    "resolved_count": "&state=resolved", "mean_resolve_seconds": "&state=resolved",
    "judged_count": "&disposition=true_positive,false_positive",
    "alert_precision": "&disposition=true_positive,false_positive",
    "false_count": "&disposition=false_positive",
  ].mapValues { "#/alerts?rule={alert_rule}&from={days-90}" + $0 }
}
