/// Addresses of the rows behind numbers: the list that a count counts and an amount adds up.
enum RowLinks {
  /// States of a payment that needs further work.
  static let open = "created,pending,authorized"
  /// The other states.
  static let ended = "completed,failed,denied,cancelled,reversed,refunded,charged_back"

  /// Payments that fit the conditions of an address.
  static func payments(_ conditions: String) -> String { "#/payments?" + conditions }

  /// The payments of a period for each of some columns.
  static func payments(_ conditions: String, for columns: [String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: columns.map { ($0, payments(conditions)) })
  }

  /// Settlements of the rail of a row that are due within a period, for columns that count all of
  /// them, those that were on time, and so on.
  static func settlements(
    from: String, to: String, _ columns: [String: String]
  ) -> [String: String] {
    columns.mapValues {
      "#/settlements?rail={rail}&due_from=\(from)&due_to=\(to)&\($0)"
    }
  }

  private static let due = [
    "due_count": "state=all", "sla_compliance": "state=all",
    "on_time_count": "state=all&is_on_time=1",
    "overdue_count": "state=pending", "late_count": "state=settled&is_on_time=0",
    "failed_count": "state=failed",
  ]

  /// Settlements of seven days by rail, as `ops_health_rails` counts them.
  static let rails = settlements(from: "{day-6}", to: "{next}", due)
  /// Settlements of a day by rail; of this day those that are due by now.
  static let days = settlements(from: "{due_date}T00:00:00Z&due_hours=24", to: "{next}", due)

  /// Settlements of the windows of `kpi_slo_budget`.
  static let budget = ["": 720, "_1h": 1, "_6h": 6, "_3d": 72].reduce(into: [String: String]()) {
    links, window in
    let found = settlements(
      from: "{hour-\(window.value)}", to: "{hour}",
      ["due\(window.key)_count": "state=all", "miss\(window.key)_count": "state=all&is_on_time=0"])
    links.merge(found) { first, _ in first }
  }

  /// Completed payments of a customer in the window of 30 days.
  static let spend = payments(
    "customer_id={customer_id}&status=completed&from={day-29}",
    for: ["completed_count", "completed_amount", "mean_amount"]
  ).merging(
    payments(
      "customer_id={customer_id}&from={day-29}",
      for: ["customer_id", "total_count", "account_count"])
  ) { first, _ in first }
}
