import Foundation
import MariaDBClient
import PayopsCore
import Simulation
import Tabular

/// `payops generate`: believable payments with planted events, into the database or a CSV file.
struct GenerateCommand: Verb {
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
    an application do, from the accounts of the history.

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
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try Self.checkLive(invocation)
    let parameters = try Self.parameters(of: invocation)
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
    let wanted = Self.namedEvents(of: parameters)
    if report.answers < wanted {
      console.note(
        "only \(report.answers) planted events fit into the period, of \(wanted) asked for by name")
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    let rate = report.addedPayments > 0 ? Int(Double(report.addedPayments) / seconds) : 0
    guard !console.isJSON else {
      // A live run prints the one JSON object of the command.
      guard invocation[Self.live] == nil else { return }
      return try console.write(
        JSON.pairs([
          "simulation_id": .integer(report.simulationId),
          "payments": .integer(report.payments),
          "settlements": .integer(report.settlements),
          "planted_events": .integer(report.answers),
          "added_payments": .integer(report.addedPayments),
          "already_there": .bool(report.wasAlreadyThere),
          "seconds": .number(Self.decimal(seconds)),
          "payments_per_second": .integer(rate),
        ]).lines)
    }
    var text = """
      payments        \(report.payments.grouped)
      settlements     \(report.settlements.grouped)
      planted events  \(report.answers.grouped)

      """
    if report.wasAlreadyThere {
      text += "already there; nothing added\n"
    } else {
      text += "added           \(report.addedPayments.grouped) payments in"
      text += " \(Self.decimal(seconds)) s (\(rate.grouped)/s)\n"
    }
    try console.write(text)
  }

  private func export(
    _ parameters: SimulationParameters, to directory: URL, _ console: Console
  ) throws {
    let start = ContinuousClock.now
    let target = directory.appending(path: "payments.csv")
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      let path = directory.path(percentEncoded: false)
      throw Fault(
        .cannotCreate, "cannot create directory \(path)", hint: "choose one that you may write to")
    }
    let file = try PartialFile(for: target)
    let bar = ProgressBar(
      "generate", unit: "payments", total: parameters.transactions, console: console)
    defer { bar.finish() }
    var lines = 0
    do {
      try SimulationExport(parameters: parameters).writePayments(now: Self.now) { bytes in
        try file.write(bytes)
        lines += bytes.count { $0 == 0x0A }
        bar.update(to: max(0, lines - 1))
      }
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
    bar.finish()
    let seconds = start.duration(to: .now) / .seconds(1)
    let payments = max(0, lines - 1)
    let rate = Int(Double(payments) / max(seconds, 1e-9))
    guard !console.isJSON else {
      return try console.write(
        JSON.pairs([
          "file": .string(target.path(percentEncoded: false)),
          "payments": .integer(payments),
          "seconds": .number(Self.decimal(seconds)),
          "payments_per_second": .integer(rate),
        ]).lines)
    }
    try console.write(
      "\(payments.grouped) payments in \(target.path(percentEncoded: false)),"
        + " \(Self.decimal(seconds)) s (\(rate.grouped)/s)\n")
  }

  /// Planted events that were asked for by name.
  private static func namedEvents(of parameters: SimulationParameters) -> Int {
    (parameters.incidents?.values.reduce(0, +) ?? 0)
      + (parameters.typologies?.values.reduce(0, +) ?? 0)
  }

  /// Seconds with one decimal.
  static func decimal(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
