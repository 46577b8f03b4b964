import PayopsCore
import Risk
import Tabular

/// `payops cases …`: hits of a customer that somebody must look at together.
struct CasesCommand: Verb {
  static let number = Positional(name: "CASE", help: "number of a case", arity: .required)

  let name = "cases"
  let summary = "work on cases: list, open, assign, note, decide, export"
  let discussion = """
    A case holds the hits of one customer. `payops rules evaluate` opens one when a rule
    hits that says enough by itself (column opens_case of the table rules), or when the
    score reaches the setting case_minimum_score; `payops cases open` opens one by hand.
    Everything that is done with a case is logged with who did it and when.
    """
  let subverbs: [any Verb] = [
    CasesList(), CasesShow(), CasesOpen(), CasesAssign(), CasesNote(), CasesDue(), CasesDecide(),
    CasesReopen(),
    CasesExport(), CasesPrecision(),
  ]

  /// The number of the case.
  static func number(of invocation: Invocation) throws -> Int64 {
    try invocation.number(number, of: "a case")
  }

  /// Changes the case that an invocation names.
  static func change(_ invocation: Invocation, _ change: CaseChange) async throws {
    let number = try number(of: invocation)
    try await invocation.withConnection { try await change.make(to: number, on: $0) }
  }

  /// Reads the case that an invocation names.
  static func report(_ invocation: Invocation) async throws -> CaseReport {
    let number = try number(of: invocation)
    return try await invocation.withConnection { try await CaseReport.read(number, on: $0) }
  }
}

/// `payops cases list`.
struct CasesList: DatabaseVerb {
  static let state = Option.choice(
    "state", "STATE", ["open", "assigned", "closed"], "only cases in this state")
  static let customer = Option.count("customer", "NUMBER", "only cases of this customer")
  static let limit = Option.count("limit", "N", from: 1, "most cases to print (default 20)")

  let name = "list"
  let summary = "print cases, those that are due first"
  let options = [state.declaration, customer.declaration, limit.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let state = invocation[Self.state]
    let customer = invocation[Self.customer]
    let none =
      customer.map { "customer \($0) has no \(state.map { "\($0) " } ?? "")case" }
      ?? state.map { "no case is \($0); without --state all are shown" }
      ?? "no cases: no rule with opens_case has hit anybody, and nobody opened one by hand"
    return try await invocation.show(empty: none) { connection, _ in
      try await Cases.list(
        state: state, customer: customer, limit: invocation[Self.limit] ?? 20, on: connection)
    }
  }
}

/// `payops cases show`.
struct CasesShow: DatabaseVerb {
  let name = "show"
  let summary = "print a case, its customer, its hits and its history"
  let positionals = [CasesCommand.number]
  let options = TableOptions.arrangement

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let report = try await CasesCommand.report(invocation)
    let console = invocation.console
    let tables = [report.summary, report.customer, report.hits, report.history]
      .filter { !$0.rows.isEmpty }
    try console.write(
      tables.map { console.text($0) }.joined(separator: "\n")
        + "amounts of the hits are in \(report.currency) unless named\n",
      json: report.json)
    return .ok
  }
}

/// `payops cases open`.
struct CasesOpen: DatabaseVerb {
  static let reason = Option.text("reason", "TEXT", "why, in words")

  let name = "open"
  let summary = "open a case of a customer by hand"
  let positionals = [RiskCommand.customer]
  let options = [reason.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let customer = try RiskCommand.customer(of: invocation)
    guard let reason = invocation[Self.reason] else {
      throw Fault.usage("cases open needs --reason")
    }
    let number = try await invocation.withConnection {
      try await Cases.open(of: customer, reason: reason, on: $0)
    }
    try invocation.console.write(
      "case \(number.map(String.init) ?? "") of customer \(customer) is open\n")
    return .ok
  }
}

/// `payops cases assign`.
struct CasesAssign: DatabaseVerb {
  static let assignee = Positional(name: "WHO", help: "who works on it", arity: .required)

  let name = "assign"
  let summary = "give a case to somebody"
  let positionals = [CasesCommand.number, assignee]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let who = invocation[Self.assignee] ?? ""
    try await CasesCommand.change(invocation, .assign(who))
    try invocation.console.write("case \(invocation[CasesCommand.number] ?? "") is with \(who)\n")
    return .ok
  }
}

/// `payops cases note`.
struct CasesNote: DatabaseVerb {
  static let text = Positional(name: "TEXT", help: "the note", arity: .required)

  let name = "note"
  let summary = "add a note to a case"
  let positionals = [CasesCommand.number, text]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await CasesCommand.change(invocation, .note(invocation[Self.text] ?? ""))
    return .ok
  }
}

/// `payops cases due`.
struct CasesDue: DatabaseVerb {
  static let until = Option.date("until", "when it must be decided")

  let name = "due"
  let summary = "move the time until when a case must be decided"
  let positionals = [CasesCommand.number]
  let options = [until.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let until = invocation[Self.until]?.date else {
      throw Fault.usage("cases due needs --until", hint: "a day, such as 2026-12-01")
    }
    try await CasesCommand.change(invocation, .due(until))
    return .ok
  }
}

/// `payops cases decide`.
struct CasesDecide: DatabaseVerb {
  static let disposition = Positional(
    name: "DISPOSITION", help: "confirmed, false_positive, escalated or reported",
    arity: .required)
  static let reason = Option.text("reason", "TEXT", "why, in words")

  let name = "decide"
  let summary = "say what a case turned out to be"
  let discussion = """
    confirmed, false_positive and reported close the case; escalated leaves it open. The
    precision of rules follows from these decisions.
    """
  let positionals = [CasesCommand.number, disposition]
  let options = [reason.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let reason = invocation[Self.reason] else {
      throw Fault.usage("cases decide needs --reason")
    }
    let disposition = invocation[Self.disposition] ?? ""
    try await CasesCommand.change(invocation, .decide(disposition, reason: reason))
    try invocation.console.write(
      "case \(invocation[CasesCommand.number] ?? "") is \(disposition)\n")
    return .ok
  }
}

/// `payops cases reopen`.
struct CasesReopen: DatabaseVerb {
  static let reason = Option.text("reason", "TEXT", "why, in words")

  let name = "reopen"
  let summary = "open a closed case again"
  let positionals = [CasesCommand.number]
  let options = [reason.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let reason = invocation[Self.reason] else {
      throw Fault.usage("cases reopen needs --reason")
    }
    try await CasesCommand.change(invocation, .reopen(reason: reason))
    return .ok
  }
}

/// `payops cases export`.
struct CasesExport: DatabaseVerb {
  static let format = Option.choice(
    "format", "KIND", ["json", "csv"], "json (default): the whole case; csv: its evidence")

  let name = "export"
  let summary = "print a case with its evidence, ready for a report"
  let discussion = """
    JSON has the customer, the accounts, the hits, the payments in their windows with the
    other party of each, and what was done; CSV a line for each hit and payment. Both hold
    personal data.

      payops cases export 7 > case-7.json
    """
  let positionals = [CasesCommand.number]
  let options = [format.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let report = try await CasesCommand.report(invocation)
    if invocation[Self.format] == "csv" {
      try invocation.console.write(report.evidence, as: .csv)
    } else {
      try invocation.console.write(report.json.lines)
    }
    return .ok
  }
}

/// `payops cases precision`.
struct CasesPrecision: DatabaseVerb {
  let name = "precision"
  let summary = "print how many hits of each rule were confirmed"
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.show(
      empty: "no hits: no rule has found anything"
    ) { connection, _ in try await Cases.precision(on: connection) }
  }
}
