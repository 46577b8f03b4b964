import PayopsCore
import Risk
import Tabular

/// `payops rules …`: rules, their versions, and what they find.
struct RulesCommand: Verb {
  static let rule = Positional(name: "RULE", help: "a rule, as list prints it", arity: .required)
  static let parameters = Option.text(
    "set", "NAME=VALUE,...", "parameters that differ from those of now")

  let name = "rules"
  let summary = "list, evaluate, try out and change rules"
  let discussion = """
    A rule is a view that finds hits, with parameters in a table. Every version of its
    parameters is kept; a draft counts once it is activated.
    """
  let subverbs: [any Verb] = [
    RulesList(), RulesEvaluate(), RulesWhatIf(), RulesPropose(), RulesActivate(),
  ]
}

/// `payops rules list`.
struct RulesList: DatabaseVerb {
  let name = "list"
  let summary = "print the rules with their parameters and what they found"
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.show(empty: "no rules") { connection, _ in
      try await Rules.list(on: connection)
    }
  }
}

/// `payops rules evaluate`.
struct RulesEvaluate: DatabaseVerb {
  let name = "evaluate"
  let summary = "find new hits, bring the scores up to date, open cases"
  let discussion = """
    Calls evaluate_rules, apply_risk_scores and open_risk_cases: looks with every active
    rule at the accounts whose payments changed since the last run. Run `payops refresh` before it.
    Exits with 1 when a rule failed; the others are not held up by it.
    """
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let (run, failures) = try await invocation.withConnection {
      try await Rules.evaluate(on: $0)
    }
    try invocation.console.write(run, as: invocation.format)
    for failure in failures { invocation.console.note(failure) }
    return failures.isEmpty ? .ok : .finding
  }
}

/// `payops rules whatif`.
struct RulesWhatIf: DatabaseVerb {
  static let from = Option.date("from", "first day of the history")
  static let to = Option.date("to", "last day of the history")

  let name = "whatif"
  let summary = "try other parameters on history, without touching it"
  let discussion = """
    Prints how many hits the rule would have found on all accounts in the period with
    other parameters, beside the version that counts: hits, hits a day, customers, hits
    that both find, those in a window of a confirmed case, and the money of the payments
    in their windows.

      payops rules whatif A03 --set minimum_count=4 --from 2026-10-01 \\
        --to 2026-10-31
    """
  let positionals = [RulesCommand.rule]
  let options =
    [
      RulesCommand.parameters.declaration, from.declaration, to.declaration,
    ] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let from = invocation[Self.from]?.date, let to = invocation[Self.to]?.date else {
      throw Fault.usage(
        "rules whatif needs --from and --to", hint: "two days, such as 2026-10-01")
    }
    guard from <= to else {
      throw Fault.usage("--to (\(to)) is before --from (\(from))")
    }
    let parameters = try RuleParameters(invocation[RulesCommand.parameters])
    let rule = invocation[RulesCommand.rule] ?? ""
    return try await invocation.show(empty: "no hits") { connection, _ in
      try await Rules.whatIf(rule, parameters, from: from, to: to, on: connection)
    }
  }
}

/// `payops rules propose`.
struct RulesPropose: DatabaseVerb {
  static let points = Option.integer("points", "N", in: 0...100, "points of a hit")

  let name = "propose"
  let summary = "make a draft with other parameters"
  let discussion = """
    Makes a version of the rule that counts once it is activated. A share is from 0 to 1:
    99.9 percent is 0.999.

      payops rules propose A03 --set minimum_count=4
    """
  let positionals = [RulesCommand.rule]
  let options = [RulesCommand.parameters.declaration, points.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let parameters = try RuleParameters(invocation[RulesCommand.parameters])
    guard !parameters.isEmpty || invocation[Self.points] != nil else {
      throw Fault.usage(
        "rules propose needs --set or --points: a draft without a difference is no draft",
        hint: "such as --set minimum_count=4; `payops rules list` has the parameters")
    }
    let rule = invocation[RulesCommand.rule] ?? ""
    let version = try await invocation.withConnection {
      try await Rules.propose(rule, parameters, points: invocation[Self.points], on: $0)
    }
    let number = version.map(String.init) ?? "?"
    try invocation.console.write("\(rule) version \(number) is a draft\n")
    invocation.console.note("payops rules activate \(rule) \(number)")
    return .ok
  }
}

/// `payops rules activate`.
struct RulesActivate: DatabaseVerb {
  static let version = Positional(name: "VERSION", help: "the draft", arity: .required)

  let name = "activate"
  let summary = "make a draft the version that counts"
  let discussion = """
    With the setting rule_approval = 1 somebody else than who proposed the version must
    do it.
    """
  let positionals = [RulesCommand.rule, version]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let rule = invocation[RulesCommand.rule] ?? ""
    let version = try invocation.number(Self.version, of: "a version")
    try await invocation.withConnection {
      try await Rules.activate(rule, version: version, on: $0)
    }
    try invocation.console.write("\(rule) version \(version) counts now\n")
    return .ok
  }
}
