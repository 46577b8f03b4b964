internal import Catalogue
internal import Charts

extension PageDefinition {
  /// What departs from normal?
  static let monitor = PageDefinition(
    "monitor", title: "Monitor", question: "What departs from normal?",
    parameters: [
      Parameter("window", values: ["6h", "12h", "24h", "48h", "all"], usual: "24h"),
      Parameter("metric", usual: "failed_rate"), Parameter("member", usual: "all"),
      Parameter("from", usual: ""), Parameter("to", usual: ""),
    ],
    sections: [
      Section(
        "ribbon", "Departures",
        [
          PageBlock(
            "ribbon", "Alerts of metrics, by severity", .ribbon, of: "alert_list",
            [
              "alert_id", "metric_name", "alert_subject", "severity", "alert_state", "raised_at",
              "resolved_at", "cause",
            ]
          ).with {
            $0.conditions = [.init("seen_at", .greaterOrEqual, .window("window"))]
            $0.limit = 200
            $0.draw = Drawing.ribbon("alerts of metrics")
            $0.links = ["alert_id": "#/alerts?alert_id={alert_id}"]
            $0.empty = "nothing departed from normal in this window"
          },
          PageBlock(
            "persistence", "How long each departure lasts", .ladder, of: "monitor_persistence"
          ).with {
            $0.order = [
              ("elapsed_minutes", true), ("metric_name", false), ("member", false),
            ]
            $0.limit = 30
            $0.draw = Drawing.ladder
            $0.links = [
              "metric_name": "#/monitor?metric={metric_name}&member={member}",
              "alert_id": "#/alerts?alert_id={alert_id}",
            ]
            $0.options = ["severity": "severity"]
            $0.empty = "nothing departs from normal now"
          },
        ]),
      Section(
        "series", "Series",
        [
          PageBlock("series", "Value, expected band and departures", .series, of: "monitor_now")
            .with {
              $0.conditions = [
                .init("metric_name", .equal, .parameter("metric")),
                .init("member", .equal, .parameter("member")),
              ]
              $0.limit = 1
              $0.empty = "no values in this period"
            },
          PageBlock(
            "slices", "Members that explain the open alert of this series", .bars,
            of: "ops_alert_slices",
            [
              "dimension", "member", "explained_share", "event_share", "observed_count",
              "expected_count", "event_count",
            ]
          ).with {
            $0.conditions = [
              .init(
                "alert_id", .equal, .valuesOf(block: "series", column: "alert_id", most: 1))
            ]
            $0.order = [("explained_share", true), ("dimension", false), ("member", false)]
            $0.span = .full
            $0.draw = Drawing.shares
            $0.empty = "this series has no open alert that members explain"
          },
        ]),
      Section(
        "now", "Every series now",
        [
          PageBlock(
            "now", "Last judged step of each series", .table, of: "monitor_now",
            [
              "metric_name", "verdict", "member", "severity", "observed_value", "expected_value",
              "lower_value", "upper_value", "score", "event_count", "metric_minute",
              "step_minutes", "reason", "alert_id",
            ]
          ).with {
            $0.order = [("verdict", false), ("metric_name", false), ("member", false)]
            $0.links = [
              "metric_name": "#/monitor?metric={metric_name}&member={member}",
              "member": "#/monitor?metric={metric_name}&member={member}",
              "alert_id": "#/alerts?alert_id={alert_id}",
            ]
            $0.options = ["severity": "severity"]
            $0.limit = 200
            $0.empty = "the monitor has judged nothing yet: payops monitor tick"
          }
        ]),
    ]
  ) { tables in
    guard let now = tables["now"] else {
      return Summary("unknown", "The series could not be read.")
    }
    if now.rows.isEmpty { return Summary("unknown", "The monitor has judged nothing yet.") }
    let departing = now.rows.filter { now.text($0, "verdict") == "anomalous" }.count
    let open = now.rows.filter { now.text($0, "alert_id") != nil }.count
    if departing == 0, open == 0 {
      return Summary("good", "All \(now.rows.count) series are as expected.")
    }
    return Summary(
      open > 0 ? "warning" : "info",
      "\(departing) of \(now.rows.count) series depart from normal now;"
        + " \(open) \(open == 1 ? "has" : "have") an open alert.")
  }
}
