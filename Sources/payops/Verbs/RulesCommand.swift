import MariaDBClient
import PayopsCore
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

  /// The JSON object of `NAME=VALUE,…`.
  ///
  /// - Throws: ``Failure`` when a part is not of that form.
  static func json(_ text: String?) throws -> String {
    let parts = try (text ?? "").split(separator: ",").map { part in
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite,
        sides[0].allSatisfy({ $0.isLetter || $0 == "_" })
      else {
        throw Failure.usage(
          "option --set: '\(part)' is not NAME=NUMBER", hint: "such as minimum_count=4")
      }
      return "\"\(sides[0])\": \(sides[1])"
    }
    return "{\(parts.joined(separator: ", "))}"
  }
}

/// `payops rules list`.
struct RulesList: Verb {
  let name = "list"
  let summary = "print the rules with their parameters and what they found"
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "SELECT rule_id, rule_name, risk_level, rule_version, points, is_enabled, hit_count_30d,"
            + " customer_count_30d, parameters, last_error FROM risk_rule_catalog ORDER BY rule_id")
      )
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops rules evaluate`.
struct RulesEvaluate: Verb {
  let name = "evaluate"
  let summary = "find new hits, bring the scores up to date, open cases"
  let discussion = """
    Calls evaluate_rules, apply_risk_scores and open_risk_cases: looks with every active
    rule at the accounts whose payments changed since the last run. Run `payops refresh` before it.
    Exits with 1 when a rule failed; the others are not held up by it.
    """
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let (run, failures) = try await invocation.withConnection { connection in
      let run = try await connection.query("CALL evaluate_rules(NULL)")
      _ = try await connection.query("CALL apply_risk_scores(NULL)")
      _ = try await connection.query("CALL open_risk_cases(NULL)")
      let failures = try await connection.query(
        "SELECT rule_id, error_number, error_message FROM risk_rule_runs"
          + " WHERE run_id = ? AND error_number IS NOT NULL ORDER BY rule_id",
        [.integer(run.rows.first?.integer("run_id") ?? 0)])
      return (
        DataTable(run),
        failures.rows.map { "rule \($0["rule_id"] ?? "") failed: \($0["error_message"] ?? "")" }
      )
    }
    try invocation.console.write(run, as: invocation.format)
    for failure in failures { invocation.console.note(failure) }
    return failures.isEmpty ? .ok : .finding
  }
}

/// `payops rules whatif`.
struct RulesWhatIf: Verb {
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
  let options = [
    RulesCommand.parameters.declaration, from.declaration, to.declaration,
    OutputFormat.option.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let from = invocation[Self.from]?.date, let to = invocation[Self.to]?.date else {
      throw Failure.usage(
        "rules whatif needs --from and --to", hint: "two days, such as 2026-10-01")
    }
    let parameters = try RulesCommand.json(invocation[RulesCommand.parameters])
    let rule = invocation[RulesCommand.rule] ?? ""
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "CALL rule_whatif(?, ?, ?, ?)",
          [.text(rule), .text(parameters), .text(from.description), .text(to.description)]))
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops rules propose`.
struct RulesPropose: Verb {
  static let points = Option.integer("points", "N", in: 0...100, "points of a hit")

  let name = "propose"
  let summary = "make a draft with other parameters"
  let positionals = [RulesCommand.rule]
  let options = [RulesCommand.parameters.declaration, points.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let parameters = try RulesCommand.json(invocation[RulesCommand.parameters])
    let rule = invocation[RulesCommand.rule] ?? ""
    let points = invocation[Self.points].map { SQLValue.integer(Int64($0)) } ?? .null
    let version = try await invocation.withConnection { connection in
      _ = try await connection.query(
        "CALL propose_rule_version(?, ?, ?, @payops_version)",
        [.text(rule), .text(parameters), points])
      return try await connection.query("SELECT @payops_version AS version").rows.first?
        .integer("version")
    }
    let number = version.map(String.init) ?? "?"
    try invocation.console.write("\(rule) version \(number) is a draft\n")
    invocation.console.note("payops rules activate \(rule) \(number)")
    return .ok
  }
}

/// `payops rules activate`.
struct RulesActivate: Verb {
  static let version = Positional(name: "VERSION", help: "the draft", arity: .required)

  let name = "activate"
  let summary = "make a draft the version that counts"
  let discussion = """
    With the setting rule_approval = 1 somebody else than who proposed the version must
    do it.
    """
  let positionals = [RulesCommand.rule, version]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let rule = invocation[RulesCommand.rule] ?? ""
    guard let version = Int64(invocation[Self.version] ?? "") else {
      throw Failure.usage("'\(invocation[Self.version] ?? "")' is no number of a version")
    }
    try await invocation.withConnection { connection in
      _ = try await connection.query(
        "CALL activate_rule_version(?, ?)", [.text(rule), .integer(version)])
    }
    try invocation.console.write("\(rule) version \(version) counts now\n")
    return .ok
  }
}
