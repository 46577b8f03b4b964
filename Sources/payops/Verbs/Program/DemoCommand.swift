import EmbeddedServer
import Foundation
import Health
import Integrity
import MariaDBClient
import PayopsCore
import Schema
import Simulation
import Tabular

/// `payops demo`: a bank's payment operations on a private server, from nothing to a health page.
struct DemoCommand: Verb {
  static let transactions = Option.count("transactions", "N", "payments (default: 120k)")
  static let days = Option.integer(
    "days", "N", in: 1...3660, "days of history up to now (default: 90)")
  static let remove = Flag("remove", help: "stop the demo's server and remove its directory")

  let name = "demo"
  let summary = "fill a private server and show the health page"
  let discussion = """
    Starts the embedded server, deploys the schema, generates a history of payments
    with customers, accounts, logins and settlements, and shows the health page and
    what to try next. A second run adds nothing; an interrupted one carries on.
    """
  let options = [
    transactions.declaration, days.declaration, remove.declaration,
    GlobalOptions.dataDir.declaration,
    GlobalOptions.port.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let server = ServerCommand.server(for: invocation)
    if invocation[Self.remove] { return try await remove(server, invocation.console) }
    let console = invocation.console
    let started = ContinuousClock.now
    console.note("starting a private MariaDB in \(server.directory.path)")
    let running = try await server.startAnswering()
    var options = server.connectionOptions
    try await deploy(options, console)
    options.database = DatabaseTarget.usualDatabase

    let report = try await generate(invocation, options, console)
    let connection = try await Connection.open(options)
    _ = try await Rollups.refresh(connection, batch: 200_000)
    // A demo that was filled days ago is shown as of its end: today would be empty.
    try await HealthSummary.lookAtEndOfHistory(on: connection)
    if report.wasAlreadyThere {
      console.note("the history is there already; nothing was added")
    } else {
      let seconds = started.duration(to: .now) / .seconds(1)
      console.note("ready after \(String(format: "%.0f", seconds)) s")
    }
    try await HealthCommand.show(connection, on: console)
    var reader: ReaderAccount?
    if let port = running.port {
      reader = try await ReaderAccount.make(
        on: connection, schema: DatabaseTarget.usualDatabase, port: port, in: server.directory)
    }
    await connection.close()
    if !console.isJSON { try console.write(hints(reader)) }
    return .ok
  }

  private func deploy(_ options: ConnectionOptions, _ console: Console) async throws {
    let connection = try await Connection.open(options)
    try await SchemaLookup.make(DatabaseTarget.usualDatabase, on: connection)
    try await SchemaLookup.select(DatabaseTarget.usualDatabase, on: connection)
    _ = try await OwnerAccount.makeIfAllowed(on: connection)
    let bar = ProgressBar("deploy", unit: "objects", console: console)
    try await Deployment(connection: connection, version: Version.current)
      .deploy { number, _, _ in bar.update(to: number) }
    bar.finish()
    await connection.close()
  }

  private func generate(
    _ invocation: Invocation, _ options: ConnectionOptions, _ console: Console
  ) async throws -> SimulationReport {
    let parameters = SimulationParameters(
      transactions: invocation[Self.transactions] ?? 120_000, days: invocation[Self.days] ?? 90)
    let bar = ProgressBar(
      "generate", unit: "payments", total: parameters.transactions, console: console)
    defer { bar.finish() }
    let now = CivilInstant(secondsSinceEpoch: Int(Date.now.timeIntervalSince1970))
    return try await SimulationLoader(options: options, parameters: parameters)
      .run(now: now) { bar.update(to: $0.payments) }
  }

  private func remove(_ server: EmbeddedServer, _ console: Console) async throws -> ExitCode {
    let path = server.directory.path
    if case .notInstalled = await server.status() {
      guard !FileManager.default.fileExists(atPath: path) else {
        throw Fault(
          .configuration, "\(path) holds no server of payops and stays as it is",
          hint: "name the right directory with --data-dir")
      }
      console.note("there is no \(path)")
      return .ok
    }
    try await server.stop()
    try FileManager.default.removeItem(at: server.directory)
    console.note("removed \(path)")
    return .ok
  }

  private func hints(_ reader: ReaderAccount?) -> String {
    let tool =
      reader.map {
        """
        BI tool: MariaDB at 127.0.0.1:\($0.port), schema payops, user \($0.name),
                   password in \($0.optionFile)
        """
      }
        ?? """
        BI tool: payops server stop, then payops demo --port 3307 opens loopback
                   TCP and makes a read-only account
        """
    return """

      TRY NEXT
        payops kpi                                what can be measured
        payops kpi backlog_by_age --format csv    one KPI, as table, json or csv
        payops server shell                       SQL: SELECT * FROM kpi_catalog;
        payops reconcile                          prove the rollups by the payments
        payops demo --remove                      stop the server, remove its data
        views: kpi_today, kpi_payment_day, backlog_by_age, settlement_sla_day,
               exposure_by_location, latency_percentiles_hour, spend_top_customers
        \(tool)

      """
  }
}
