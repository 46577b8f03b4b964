package import EmbeddedServer
internal import Foundation
package import Health
internal import Integrity
internal import MariaDBClient
internal import PayopsCore
package import Schema
internal import Simulation
package import Tabular

/// Payment operations to look at: a private server with the schema and a generated history.
package struct Demo: Sendable {
  private let server: EmbeddedServer
  private let console: Console

  /// Prepares a demo.
  ///
  /// - Parameters:
  ///   - server: the private server, nothing of which need exist
  ///   - console: gets notes and progress
  package init(on server: EmbeddedServer, console: Console) {
    self.server = server
    self.console = console
  }

  /// Starts the server, deploys the schema and generates the history; a second run adds nothing.
  ///
  /// - Parameters:
  ///   - transactions: payments of the history
  ///   - days: its length up to now
  ///   - show: shows what the health page holds
  /// - Returns: the account for BI tools; nil where the server has no TCP port
  package func run(
    transactions: Int, days: Int, show: (HealthSummary) throws -> Void
  ) async throws -> ReaderAccount? {
    let started = ContinuousClock.now
    console.note("starting a private MariaDB in \(server.directory.path)")
    let running = try await server.startAnswering()
    var options = server.connectionOptions
    try await deploy(options)
    options.database = DatabaseTarget.usualDatabase

    let report = try await generate(
      SimulationParameters(transactions: transactions, days: days), options)
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
    try show(try await HealthSummary.read(from: connection))
    var reader: ReaderAccount?
    if let port = running.port {
      reader = try await ReaderAccount.make(
        on: connection, schema: DatabaseTarget.usualDatabase, port: port, in: server.directory)
    }
    await connection.close()
    return reader
  }

  private func deploy(_ options: ConnectionOptions) async throws {
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
    _ parameters: SimulationParameters, _ options: ConnectionOptions
  ) async throws -> SimulationReport {
    let bar = ProgressBar(
      "generate", unit: "payments", total: parameters.transactions, console: console)
    defer { bar.finish() }
    let now = CivilInstant(secondsSinceEpoch: Int(Date.now.timeIntervalSince1970))
    return try await SimulationLoader(options: options, parameters: parameters)
      .run(now: now) { bar.update(to: $0.payments) }
  }

  /// Stops the server and removes its directory.
  ///
  /// - Throws: a failure when the directory holds something else
  package func remove() async throws {
    let path = server.directory.path
    if case .notInstalled = await server.status() {
      guard !FileManager.default.fileExists(atPath: path) else {
        throw Fault(
          .configuration, "\(path) holds no server of payops and stays as it is",
          hint: "name the right directory with --data-dir")
      }
      console.note("there is no \(path)")
      return
    }
    try await server.stop()
    try FileManager.default.removeItem(at: server.directory)
    console.note("removed \(path)")
  }

  /// What to try next.
  ///
  /// - Parameter reader: the account for BI tools; nil for none
  package static func hints(_ reader: ReaderAccount?) -> String {
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
