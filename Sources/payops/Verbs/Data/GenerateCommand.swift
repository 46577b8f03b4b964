import Foundation
import MariaDBClient
import PayopsCore
import Simulation
import Tabular

/// `payops generate`: believable payments with planted events, into the database or a CSV file.
struct GenerateCommand: DatabaseVerb {
  static let transactions = Option.count(
    "transactions", "N", "payments to generate (default 120k)")
  static let days = Option.integer(
    "days", "N", in: 1...3660, "days of history (default 90)")
  static let seed = Option<UInt64>(
    "seed", placeholder: "N", help: "seed of everything that is drawn (default 42)",
    expectation: "a whole number, 0 or more"
  ) { UInt64($0) }
  static let end = Option.date("end", "end of the history, not included (default: now)")
  static let customers = Option.count(
    "customers", "N", "customers (default: a number that suits the payments)")
  static let incidents = Option.text(
    "incidents", "LIST", "planted incidents, such as volume_drop,acquirer_outage=2, or none")
  static let typologies = Option.text(
    "typologies", "LIST", "planted laundering typologies, such as mule=3,cycle, or none")
  static let export = Option.path(
    "export", "DIR", "write payments.csv into this directory instead of loading",
    completion: .directory)

  let name = "generate"
  let summary = "generate payments with planted events"
  let discussion = """
    Loads customers, accounts, logins, payments and settlements that follow from the seed:
    the same options give the same rows. Interrupted at any moment, the same command
    carries on; repeated after that, it adds nothing. Planted events are recorded in
    simulation_answer_key, which no detector reads. A list names kinds, each with a count
    if it is not to be one; without a list there is one incident of each kind, and
    typologies in a number that suits the payments.

    With --live, payments keep arriving at the present, through the triggers as those of
    an application do, from the accounts of the history that is there; only options that
    describe another history, such as --transactions, make one.

    Incidents: acquirer_outage, latency_creep, decline_spike, settlement_stall,
    duplicate_posting, volume_drop.

    Typologies: structuring, fan_in, fan_out, cycle, scatter_gather, rapid_in_out,
    dormant_reactivation, mule, account_takeover.

      payops generate --transactions 10M --days 90 --seed 42
      payops generate --live 500 --updates 50
      payops generate --end 2026-01-01 --export /tmp/payments
    """
  let options = [
    transactions.declaration, days.declaration, seed.declaration, end.declaration,
    customers.declaration, incidents.declaration, typologies.declaration, export.declaration,
    live.declaration, updates.declaration, duration.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try Self.checkLive(invocation)
    let parameters = try await Self.history(of: invocation)
    do {
      if let directory = invocation[Self.export] {
        try export(parameters, to: URL(filePath: directory), invocation.console)
      } else {
        try await load(parameters, invocation)
        if let rate = invocation[Self.live] {
          try await runLive(parameters, rate: rate, invocation)
        }
      }
    } catch {
      if Task.isCancelled {
        invocation.console.note(
          invocation[Self.export] == nil
            ? "what is loaded stays; the same command carries on where this one ended"
            : "nothing is left behind; the same command begins again")
      }
      throw error
    }
    return .ok
  }

  /// The parameters that an invocation means.
  ///
  /// - Parameter invocation: the invocation
  /// - Returns: parameters in their ranges
  /// - Throws: a usage failure
  static func parameters(of invocation: Invocation) throws -> SimulationParameters {
    var parameters = SimulationParameters(
      days: invocation[days] ?? 90, end: invocation[end], seed: invocation[seed] ?? 42,
      customers: invocation[customers],
      incidents: try invocation[incidents].map { try PlantedList.parse($0, option: "incidents") },
      typologies: try invocation[typologies].map {
        try PlantedList.parse($0, option: "typologies")
      })
    if let count = invocation[transactions] { parameters.transactions = count }
    try parameters.validate()
    return parameters
  }

  /// The present, to the second.
  static var now: CivilInstant {
    CivilInstant(secondsSinceEpoch: Int(Date().timeIntervalSince1970))
  }

  private func load(_ parameters: SimulationParameters, _ invocation: Invocation) async throws {
    let console = invocation.console
    let start = ContinuousClock.now
    let report = try await invocation.withConnection { connection in
      let bar = ProgressBar(
        "generate", unit: "payments", total: parameters.transactions, console: console)
      defer { bar.finish() }
      let loader = SimulationLoader(options: connection.options, parameters: parameters)
      return try await loader.run(now: Self.now) { bar.update(to: $0.payments) }
    }
    let wanted = parameters.namedEvents
    if report.answers < wanted {
      console.note(
        "only \(report.answers) planted events fit into the period, of \(wanted) asked for by name")
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    guard !console.isJSON else {
      // A live run prints the one JSON object of the command.
      guard invocation[Self.live] == nil else { return }
      return try console.write(report.json(seconds: seconds).lines)
    }
    try console.write(report.text(seconds: seconds))
  }

  private func export(
    _ parameters: SimulationParameters, to directory: URL, _ console: Console
  ) throws {
    let bar = ProgressBar(
      "generate", unit: "payments", total: parameters.transactions, console: console)
    defer { bar.finish() }
    let report = try SimulationExport(parameters: parameters).write(
      into: directory, now: Self.now
    ) { bar.update(to: $0) }
    bar.finish()
    try console.write(console.isJSON ? report.json.lines : report.text)
  }
}
