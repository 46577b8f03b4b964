internal import Catalogue

extension PageDefinition {
  /// Which payments? Numbers lead here.
  static let payments = PageDefinition(
    "payments", title: "Payments", question: "Which payments?",
    // An alert of a metric without a split leads here with all=all.
    parameters: ["transaction_id", "customer_id", "account_id"].map { Parameter($0, usual: "") }
      + [Parameter("all", usual: "all")]
      + (["status"] + dimensions).map { Parameter($0, usual: "all") }
      + ["from", "to", "hours", "age_from", "age_to", "amount_from", "amount_to"]
      .map { Parameter($0, usual: "") },
    isListed: false,
    sections: [
      Section(
        "list", "Payments",
        [
          PageBlock(
            "payments", "Newest first", .table, of: "payment_list",
            [
              "transaction_id", "transaction_time", "status", "base_amount", "transaction_amount",
              "currency", "transaction_type", "channel", "product", "acquirer", "card_scheme",
              "response_code", "location", "merchant_category", "masked_counterparty",
              "customer_id", "account_id", "duration_ms",
            ]
          ).with {
            $0.conditions =
              (["transaction_id", "customer_id", "account_id"] + dimensions).map {
                .init($0, .equal, .parameter($0))
              } + [
                .init("status", .equal, .list("status")),
                .init("transaction_time", .greaterOrEqual, .parameter("from")),
                .init("transaction_time", .less, .parameter("to")),
                .init("transaction_time", .less, .after("from", hours: "hours")),
                .init("transaction_time", .greaterOrEqual, .minuteAgo("age_to")),
                .init("transaction_time", .less, .minuteAgo("age_from")),
                .init("base_amount", .greaterOrEqual, .parameter("amount_from")),
                .init("base_amount", .less, .parameter("amount_to")),
              ]
            $0.links = [
              "customer_id": "#/risk?customer_id={customer_id}",
              "account_id": "#/payments?account_id={account_id}",
            ]
            $0.empty = "no payment fits these conditions"
          }
        ])
    ]
  ) { tables in
    guard let payments = tables["payments"] else {
      return Summary("unknown", "The payments could not be read.")
    }
    guard let first = payments.rows.first else {
      return Summary("info", "No payment fits these conditions.")
    }
    let newest = payments.text(first, "transaction_time") ?? ""
    return Summary(
      "info",
      (payments.rows.count == 100 ? "The newest 100 payments" : "\(payments.rows.count) payments")
        + ", the newest of \(newest.prefix(19).replacing(" ", with: "T"))Z.")
  }

  private static let dimensions = [
    "transaction_type", "channel", "product", "acquirer", "card_scheme",
    "merchant_category", "location", "response_code",
  ]
}
