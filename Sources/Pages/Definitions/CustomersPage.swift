internal import Catalogue
internal import Charts

extension PageDefinition {
  /// Who spends where?
  static let customers = PageDefinition(
    "customers", title: "Customers & spend", question: "Who spends where?",
    sections: [
      Section(
        "top", "Most spend, 30 days",
        [
          PageBlock(
            "value", "Customers by value", .table, of: "spend_top_customers",
            ["customer_id", "completed_amount", "completed_count", "mean_amount"]
          ).with {
            $0.order = [("completed_amount", true), ("customer_id", false)]
            $0.limit = 10
            $0.links = RowLinks.spend
            $0.empty = "no completed payment in 30 days"
          },
          PageBlock(
            "count", "Customers by number of payments", .table, of: "spend_customers",
            ["customer_id", "completed_count", "completed_amount", "mean_amount"]
          ).with {
            $0.order = [("completed_count", true), ("customer_id", false)]
            $0.limit = 10
            $0.links = RowLinks.spend
            $0.empty = "no completed payment in 30 days"
          },
          PageBlock(
            "payees", "Payees", .table, of: "spend_top_payees",
            ["payee", "completed_amount", "completed_count", "payee_kind", "last_at"]
          ).with {
            $0.span = .full
            $0.empty = "no completed payment in 30 days"
          },
        ]),
      Section(
        "when", "When and how much",
        [
          PageBlock(
            "hours", "By hour of the day (UTC), 30 days", .columns, of: "spend_by_hour_of_day"
          ).with {
            $0.order = [("hour_of_day", false)]
            $0.draw = Drawing.hoursOfDay
            $0.empty = "no completed payment in 30 days"
          },
          PageBlock(
            "values", "Distribution of values", .histogram, of: "spend_value_distribution"
          ).with {
            $0.order = [("bucket_number", false)]
            $0.draw = Drawing.histogram
            $0.links = RowLinks.payments(
              "status=completed&from={day-29}&amount_from={from_amount}&amount_to={to_amount}",
              for: ["completed_count", "completed_amount"])
            $0.empty = "no completed payment"
          },
          PageBlock(
            "outliers", "Newest payments far above those of their account", .table,
            of: "spend_value_anomalies",
            [
              "transaction_id", "base_amount", "other_mean_amount", "other_deviation_amount",
              "other_count", "transaction_time", "transaction_type", "customer_id", "account_id",
            ]
          ).with {
            $0.limit = 20
            $0.links = [
              "transaction_id": "#/payments?transaction_id={transaction_id}",
              "customer_id": "#/risk?customer_id={customer_id}",
            ]
            $0.empty = "no payment is an outlier of its account"
          },
        ]),
      Section(
        "where", "Where",
        [
          PageBlock("map", "Customers by city", .map, of: "customer_location_metrics").with {
            $0.order = [("customer_count", true), ("country", false), ("city", false)]
            $0.limit = 300
            $0.draw = Drawing.map
            $0.empty = "no customer has a place"
          }
        ]),
    ]
  ) { tables in
    guard let top = tables["value"] else {
      return Summary("unknown", "The customers could not be read.")
    }
    guard let first = top.rows.first else {
      return Summary("info", "No completed payment in 30 days.")
    }
    return Summary(
      "info",
      "Customer \(top.text(first, "customer_id") ?? "") spent most in 30 days: "
        + Words.amount(top.text(first, "completed_amount"), tables.currency) + " in "
        + Words.count(top.text(first, "completed_count")) + " payments.")
  }
}
