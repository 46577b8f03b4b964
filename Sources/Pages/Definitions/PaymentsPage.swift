internal import Catalogue

extension PageDefinition {
  /// Which payments? Numbers lead here.
  static let payments = PageDefinition(
    "payments", title: "Payments", question: "Which payments?",
    parameters: ["transaction_id", "customer_id", "account_id"].map { Parameter($0, usual: "") }
      + dimensions.map { Parameter($0, usual: "all") }
      + ["from", "to"].map { Parameter($0, usual: "") },
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
                .init("transaction_time", .greaterOrEqual, .parameter("from")),
                .init("transaction_time", .less, .parameter("to")),
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
    "status", "transaction_type", "channel", "product", "acquirer", "card_scheme",
    "merchant_category", "location", "response_code",
  ]
}
