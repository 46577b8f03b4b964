import PayopsCore
import Risk
import Tabular

/// `payops risk …`: scores of customers, what made them, and payments flagged by hand.
struct RiskCommand: Verb {
  let name = "risk"
  let summary = "scores of customers and what made them, flags of payments"
  let subverbs: [any Verb] = [
    RiskScores(), RiskExplain(), RiskOverride(), RiskFlag(), RiskUnflag(), RiskFlags(),
  ]

  static let customer = Positional(
    name: "CUSTOMER", help: "number of a customer", arity: .required)

  /// The number of the customer.
  static func customer(of invocation: Invocation) throws -> Int64 {
    try invocation.number(customer, of: "a customer")
  }
}

/// `payops risk scores`.
struct RiskScores: DatabaseVerb {
  static let limit = Option.count("limit", "N", from: 1, "most customers to print (default 20)")

  let name = "scores"
  let summary = "print the customers with the highest scores"
  let options = [limit.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.show(
      empty: "no scores: `payops rules evaluate` makes them"
    ) { connection, _ in
      try await Scores.highest(invocation[Self.limit] ?? 20, on: connection)
    }
  }
}

/// `payops risk explain`.
struct RiskExplain: DatabaseVerb {
  let name = "explain"
  let summary = "list what made the score of a customer"
  let positionals = [RiskCommand.customer]
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let customer = try RiskCommand.customer(of: invocation)
    return try await invocation.show(
      empty: "nothing made a score of customer \(customer): no rule has a hit that still counts"
    ) { connection, _ in try await Scores.explain(customer, on: connection) }
  }
}

/// `payops risk override`.
struct RiskOverride: DatabaseVerb {
  static let score = Option.integer("score", "N", in: 0...100, "the score")
  static let reason = Option.text("reason", "TEXT", "why, in words")
  static let days = Option.integer("days", "N", in: 1...3650, "days that it counts (default 30)")

  let name = "override"
  let summary = "set the score of a customer by hand, for a time"
  let positionals = [RiskCommand.customer]
  let options = [score.declaration, reason.declaration, days.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let customer = try RiskCommand.customer(of: invocation)
    guard let score = invocation[Self.score], let reason = invocation[Self.reason] else {
      throw Fault.usage("risk override needs --score and --reason")
    }
    try await invocation.withConnection {
      try await Scores.override(
        customer, score: score, reason: reason, days: invocation[Self.days] ?? 30, on: $0)
    }
    try invocation.console.write("customer \(customer) has the score \(score)\n")
    return .ok
  }
}
