import PayopsCore
import Risk
import Tabular

/// `payops risk flag`.
struct RiskFlag: DatabaseVerb {
  static let payment = Positional(
    name: "PAYMENT", help: "number of a payment (transaction_id)", arity: .required)
  static let level = Option.choice(
    "level", "LEVEL", ["Low", "Medium", "High"], "how much the flag says (default High)")
  static let reason = Option.text("reason", "TEXT", "why, in words")

  let name = "flag"
  let summary = "flag a payment by hand"
  let discussion = """
    The next `payops rules evaluate`, or the job update_risk_scores, makes a hit of rule M01
    of it: it counts for the score of the customer and opens a case. Who flagged it, when
    and why stays on record.

      payops risk flag 1234 --level High --reason 'the customer denies it'
    """
  let positionals = [payment]
  let options = [level.declaration, reason.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let payment = try invocation.number(Self.payment, of: "a payment")
    guard let reason = invocation[Self.reason] else {
      throw Fault.usage("risk flag needs --reason")
    }
    let level = invocation[Self.level] ?? "High"
    try await invocation.withConnection {
      try await PaymentFlags.add(to: payment, level: level, reason: reason, on: $0)
    }
    try invocation.console.write(
      "payment \(payment) is flagged \(level); the next evaluation of the rules opens a case\n")
    return .ok
  }
}

/// `payops risk unflag`.
struct RiskUnflag: DatabaseVerb {
  let name = "unflag"
  let summary = "remove the flag of a payment"
  let discussion = """
    What the flag counted for is taken back from the score. A case that it opened stays, for
    somebody to decide.
    """
  let positionals = [RiskFlag.payment]
  let options = [RiskFlag.reason.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let payment = try invocation.number(RiskFlag.payment, of: "a payment")
    guard let reason = invocation[RiskFlag.reason] else {
      throw Fault.usage("risk unflag needs --reason")
    }
    try await invocation.withConnection {
      try await PaymentFlags.remove(from: payment, reason: reason, on: $0)
    }
    try invocation.console.write("payment \(payment) is flagged no longer\n")
    return .ok
  }
}

/// `payops risk flags`.
struct RiskFlags: DatabaseVerb {
  static let all = Flag("all", help: "list removed flags, too")
  static let limit = Option.count("limit", "N", from: 1, "most flags to print (default 20)")

  let name = "flags"
  let summary = "list payments that people flagged"
  let options = [all.declaration, limit.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let all = invocation[Self.all]
    return try await invocation.show(
      empty: all
        ? "no flag was ever set" : "no payment is flagged; --all shows removed flags"
    ) { connection, _ in
      try await PaymentFlags.list(all: all, limit: invocation[Self.limit] ?? 20, on: connection)
    }
  }
}
