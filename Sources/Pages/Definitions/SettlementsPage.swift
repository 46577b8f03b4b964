internal import Catalogue

extension PageDefinition {
  /// Which settlements? Numbers lead here.
  static let settlements = PageDefinition(
    "settlements", title: "Settlements", question: "Which settlements?",
    parameters: [
      Parameter("rail", usual: "all"), Parameter("state", usual: "pending"),
      Parameter("is_on_time", values: ["all", "0", "1"], usual: "all"),
      Parameter("due_from", usual: ""), Parameter("due_to", usual: ""),
      Parameter("due_hours", usual: ""),
    ],
    isListed: false,
    sections: [
      Section(
        "list", "Settlements",
        [
          PageBlock(
            "settlements", "Last due first", .table, of: "settlement_list",
            [
              "settlement_id", "due_at", "settlement_status", "base_amount", "settlement_amount",
              "currency", "rail", "settlement_date", "is_on_time", "accepted_at",
              "transaction_id",
            ]
          ).with {
            $0.conditions = [
              .init("rail", .equal, .parameter("rail")),
              .init("settlement_status", .equal, .parameter("state")),
              .init("is_on_time", .equal, .parameter("is_on_time")),
              .init("due_at", .greaterOrEqual, .parameter("due_from")),
              .init("due_at", .less, .parameter("due_to")),
              .init("due_at", .less, .after("due_from", hours: "due_hours")),
            ]
            $0.links = ["transaction_id": "#/payments?transaction_id={transaction_id}"]
            $0.empty = "no settlement fits these conditions"
          }
        ])
    ]
  ) { tables in
    guard let settlements = tables["settlements"] else {
      return Summary("unknown", "The settlements could not be read.")
    }
    guard !settlements.rows.isEmpty else {
      return Summary("info", "No settlement fits these conditions.")
    }
    let count = settlements.rows.count
    return Summary(
      "info",
      count == 100
        ? "The 100 settlements that are due last." : "\(count) settlement\(count == 1 ? "" : "s").")
  }
}
