@testable import BusinessIntelligence
@testable import Catalogue

/// Views and KPIs with everything that a kit must cope with.
enum KitCatalogue {
  static let source = KitSource(host: "127.0.0.1", port: 3306, user: "bi@sales", database: "payops")

  static func column(
    _ name: String, _ type: String, _ unit: String, _ additive: PublishedView.Column.Additive,
    ratio: PublishedView.Ratio? = nil
  ) -> PublishedView.Column {
    .init(
      name: name, type: type, unit: unit, meaning: "what \"\(name)\" is: 'x' \\ y\u{1F4B6}",
      additive: additive, ratio: ratio, isPersonal: name == "customer_id")
  }

  static func view(
    _ name: String, key: [String], time: String? = nil, filter: String? = nil,
    readers: [String] = ["bi"], columns: [PublishedView.Column]
  ) -> PublishedView {
    PublishedView(
      name: name, family: String(name.prefix { $0 != "_" }), purpose: "shows \(name).",
      grain: "one row per \(key.joined(separator: ", ")).", key: key, timeColumn: time,
      defaultFilter: filter, nullNote: "", readers: readers, follows: nil,
      isPersonal: columns.contains(where: \.isPersonal), columns: columns)
  }

  static func kpi(_ name: String, _ view: String, _ value: String?, unit: String) -> KPI {
    KPI(
      name: name, family: "kpi", formula: "formula of \(name): a / b", unit: unit,
      better: .neither, view: view, value: value)
  }

  static let views = [
    view(
      "kpi_day", key: ["metric_date", "dimension", "member"], time: "metric_date",
      filter: "metric_date >= DATE(COALESCE(@payops_as_of, UTC_TIMESTAMP())) - INTERVAL 30 DAY"
        + " AND dimension = 'all'",
      columns: [
        column("metric_date", "date", "time", .no), column("dimension", "varchar(20)", "text", .no),
        column("member", "varchar(64)", "text", .no),
        column("done_count", "bigint(21)", "count", .sum),
        column("all_count", "bigint(21)", "count", .sum),
        column(
          "done_rate", "decimal(9,6)", "ratio", .no,
          ratio: .init(numerator: "done_count", denominator: "all_count")),
        column("apdex", "decimal(9,6)", "ratio", .no),
      ]),
    view(
      "backlog_by_age", key: ["bucket_number"],
      columns: [
        column("bucket_number", "tinyint(3) unsigned", "number", .no),
        column("bucket_label", "varchar(24)", "text", .no),
        column("open_count", "bigint(21)", "count", .sum),
      ]),
    view(
      "exposure_total", key: [],
      columns: [column("exposure_amount", "decimal(21,4)", "amount", .sum)]),
    view(
      "monitor_points", key: ["metric_name", "metric_minute"], time: "metric_minute",
      columns: [
        column("metric_name", "varchar(48)", "text", .no),
        column("metric_minute", "datetime", "time", .no),
        column("observed_value", "double", "value", .max),
      ]),
    view(
      "customer_spend_day", key: ["customer_id", "metric_date"], time: "metric_date",
      columns: [
        column("customer_id", "bigint(20)", "id", .no), column("metric_date", "date", "time", .no),
        column("spent_amount", "decimal(21,4)", "amount", .sum),
      ]),
    view(
      "customer_list", key: ["customer_id"],
      columns: [column("customer_id", "bigint(20)", "id", .no)]),
    view("ops_list", key: ["job_name"], columns: [column("job_name", "varchar(64)", "text", .no)]),
    view(
      "dim_date", key: ["date_day"], time: "date_day",
      filter: "date_day >= DATE(COALESCE(@payops_as_of, UTC_TIMESTAMP())) - INTERVAL 30 DAY",
      columns: [
        column("date_day", "date", "time", .no), column("weekday", "varchar(9)", "text", .no),
      ]),
    view(
      "dim_customer", key: ["customer_id"],
      columns: [column("customer_id", "bigint(20)", "id", .no)]),
    view(
      "rule_secret", key: ["a"], readers: ["analyst"], columns: [column("a", "int(11)", "id", .no)]),
  ]

  static let kpis = [
    kpi("done_rate", "kpi_day", "done_rate", unit: "ratio"),
    kpi("apdex", "kpi_day", "apdex", unit: "ratio"),
    kpi("backlog_by_age", "backlog_by_age", "open_count", unit: "count"),
    kpi("gross_exposure", "exposure_total", "exposure_amount", unit: "amount"),
    kpi("spend_by_day", "customer_spend_day", "spent_amount", unit: "amount"),
    kpi("points", "monitor_points", "observed_value", unit: "value"),
    kpi("customers", "customer_list", nil, unit: ""), kpi("jobs", "ops_list", nil, unit: ""),
    kpi("secret", "rule_secret", "a", unit: "count"),
  ]

  static func contents(_ more: [KPI] = []) -> KitContents {
    KitContents(
      Catalogue(
        views: Dictionary(views.map { ($0.name, $0) }, uniquingKeysWith: { $1 }),
        kpis: Dictionary((kpis + more).map { ($0.name, $0) }, uniquingKeysWith: { $1 })))
  }
}
