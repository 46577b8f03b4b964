internal import Catalogue
internal import Charts

extension PageDefinition {
  /// Why one customer has its score.
  static let customer = Section(
    "customer", "One customer",
    [
      PageBlock(
        "score", "Score", .facts, of: "risk_scores",
        ["customer_id", "risk_score", "risk_band", "event_count", "is_override", "applied_score"]
      ).with {
        $0.ofCustomer()
        $0.links = ["customer_id": "#/payments?customer_id={customer_id}"]
        $0.limit = 1
        $0.span = .third
        $0.empty = "the customer has no score"
      },
      PageBlock(
        "parts", "What the score is made of, and what will be left of it", .columns,
        of: "risk_score_events",
        [
          "event_id", "counted_points", "rule_name", "remaining_points", "points", "occurred_at",
          "half_life_days", "expires_at", "rule_id", "risk_level", "cap_hits",
        ]
      ).with {
        $0.ofCustomer()
        $0.order = [("counted_points", true), ("event_id", false)]
        $0.limit = 500
        $0.span = .wide
        $0.hidden = ["cap_hits"]
        $0.options = ["value": "counted_points"]
        $0.draw = Drawing.score
        $0.empty = "no hit of this customer counts"
      },
      PageBlock(
        "hits", "Hits of rules, 90 days", .timeline, of: "risk_hit_list",
        [
          "hit_id", "rule_name", "risk_level", "rule_id", "window_from", "window_to",
          "account_id", "transaction_id",
        ]
      ).with {
        $0.ofCustomer()
        $0.conditions.append(.init("window_to", .greaterOrEqual, .daysAgo(90)))
        $0.limit = 300
        $0.draw = Drawing.hits
        $0.links = ["transaction_id": "#/payments?transaction_id={transaction_id}"]
        $0.empty = "no hit in 90 days"
      },
      PageBlock(
        "own", "Cases of the customer", .table, of: "risk_case_list",
        [
          "case_id", "due_at", "case_state", "disposition", "assignee", "hit_count", "points",
          "opened_at", "closed_at",
        ]
      ).with {
        $0.ofCustomer()
        $0.conditions.append(.init("case_id", .equal, .parameter("case_id")))
        $0.order = [("opened_at", true), ("case_id", true)]
        $0.limit = 10
        $0.span = .full
        $0.empty = "no case"
      },
      PageBlock(
        "windows", "Payments in the windows of the hits", .timeline, of: "risk_case_payments",
        [
          "transaction_id", "base_amount", "rule_id", "transaction_time", "transaction_type",
          "status", "account_id", "hit_id",
        ]
      ).with {
        $0.conditions = [
          .init("case_id", .equal, .valuesOf(block: "own", column: "case_id", most: 1))
        ]
        $0.order = [("transaction_time", true), ("transaction_id", true), ("hit_id", true)]
        $0.limit = 300
        $0.draw = Drawing.windowPayments
        $0.links = ["transaction_id": "#/payments?transaction_id={transaction_id}"]
        $0.empty = "without a case there are no windows"
      },
      PageBlock(
        "evidence", "Evidence of the case", .table, of: "risk_case_evidence",
        [
          "hit_id", "points", "rule_name", "evidence", "measured_value", "threshold_value",
          "window_from", "window_to", "risk_level", "transaction_id",
        ]
      ).with {
        $0.conditions = [
          .init("case_id", .equal, .valuesOf(block: "own", column: "case_id", most: 1))
        ]
        $0.limit = 50
        $0.span = .full
        $0.links = ["transaction_id": "#/payments?transaction_id={transaction_id}"]
        $0.empty = "without a case there is no evidence"
      },
    ])

  /// With whom one customer deals, and with whom these do.
  static let network = Section(
    "network", "Other parties of the customer, 90 days",
    [
      PageBlock(
        "parties90", "Who pays, and who is paid", .network, of: "customer_counterparties",
        [
          "counterparty_key", "payment_amount", "direction", "masked_counterparty",
          "counterparty_customer_id", "counterparty_band", "payment_count", "counterparty_country",
          "first_at", "last_at", "counterparty_account_id", "customer_id",
        ]
      ).with {
        $0.ofCustomer()
        $0.order = [("payment_amount", true), ("counterparty_key", false), ("direction", false)]
        $0.limit = 60
        $0.span = .full
        $0.hidden = ["customer_id"]
        $0.drawTogether = Drawing.network
        $0.links = ["counterparty_customer_id": "#/risk?customer_id={counterparty_customer_id}"]
        $0.empty = "no payment with another party in 90 days"
      },
      PageBlock(
        "parties", "Cases of these parties", .table, of: "risk_case_list",
        ["case_id", "disposition", "customer_id", "case_state", "points"]
      ).with {
        $0.conditions = [
          .init(
            "customer_id", .equal,
            .valuesOf(block: "parties90", column: "counterparty_customer_id", most: 40))
        ]
        $0.order = [("opened_at", true), ("case_id", true)]
        $0.limit = 40
        $0.span = .third
        $0.links = [
          "case_id": "#/risk?case_id={case_id}&customer_id={customer_id}",
          "customer_id": "#/risk?customer_id={customer_id}",
        ]
        $0.empty = "none of them has a case"
      },
      transfers("paidOn", "Whom these parties paid", "payer_account_id"),
      transfers("paidIn", "Who paid these parties", "payee_account_id"),
    ])

  private static func transfers(_ name: String, _ title: String, _ column: String) -> PageBlock {
    PageBlock(
      name, title, .table, of: "customer_transfers",
      [
        "payer_customer_id", "transfer_amount", "payee_customer_id", "transfer_count",
        "payer_account_id", "payee_account_id",
      ]
    ).with {
      $0.conditions = [
        .init(
          column, .equal,
          .valuesOf(block: "parties90", column: "counterparty_account_id", most: 20))
      ]
      $0.order = [
        ("transfer_amount", true), ("payer_account_id", false), ("payee_account_id", false),
      ]
      $0.limit = 40
      $0.span = .third
      $0.hidden = ["payer_account_id", "payee_account_id"]
      $0.links = [
        "payer_customer_id": "#/risk?customer_id={payer_customer_id}",
        "payee_customer_id": "#/risk?customer_id={payee_customer_id}",
      ]
      $0.empty = "no payment between accounts of ours"
    }
  }
}

extension PageBlock {
  /// Rows of the customer that the address names.
  fileprivate mutating func ofCustomer() {
    conditions.append(.init("customer_id", .equal, .parameter("customer_id")))
    needs = ("customer_id", "choose a customer above")
  }
}
