internal import Backup
package import EmbeddedServer
internal import Foundation
package import Health
internal import Integrity
internal import MariaDBClient
package import PayopsCore
internal import Schema
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

  /// Starts the server, deploys the schema, generates a history and lets the monitor, the rules and
  /// a backup go over it; a second run adds nothing.
  ///
  /// - Parameters:
  ///   - transactions: payments of the history
  ///   - days: its length up to now
  ///   - now: the end of the history
  ///   - show: shows what the health page holds
  /// - Returns: what there is to see
  package func run(
    transactions: Int, days: Int,
    now: CivilInstant = CivilInstant(secondsSinceEpoch: Int(Date.now.timeIntervalSince1970)),
    show: (HealthSummary) throws -> Void
  ) async throws -> DemoSights {
    let started = ContinuousClock.now
    console.note("starting a private MariaDB in \(server.directory.path)")
    let running = try await server.startAnswering()
    var options = server.connectionOptions
    try await deploy(options)
    options.database = DatabaseTarget.usualDatabase

    let connection = try await Connection.open(options)
    var isNew = try await connection.query(
      "SELECT 1 FROM simulation_runs WHERE finished_at IS NOT NULL LIMIT 1"
    ).rows.isEmpty
    if isNew {
      // It grows, so that the minutes of the last days are dense, and ends within an outage.
      let parameters = SimulationParameters(
        transactions: transactions, days: days, hasOpenIncident: true, growth: 5)
      isNew = try await !generate(parameters, options, now: now).wasAlreadyThere
    }
    _ = try await Rollups.refresh(connection, batch: 200_000)
    // A demo that was filled days ago is shown as of its end: today would be empty.
    try await HealthSummary.lookAtEndOfHistory(on: connection)
    let work = DemoWork(options: options, folder: backupFolder, console: console)
    try await work.watch(connection)
    try await work.findRisks(connection)
    try await work.sample(connection)
    try await work.backUp(connection)
    if isNew {
      let seconds = started.duration(to: .now) / .seconds(1)
      console.note("ready after \(String(format: "%.0f", seconds)) s")
    } else {
      console.note("the history is there already; nothing was added")
    }
    try show(try await HealthSummary.read(from: connection))
    var sights = try await DemoSights.read(on: connection, backupFolder: backupFolder.path)
    if let port = running.port {
      sights.reader = try await ReaderAccount.make(
        on: connection, schema: DatabaseTarget.usualDatabase, port: port, in: server.directory)
    }
    await connection.close()
    return sights
  }

  /// Where the demo keeps its backup; it is removed with the demo.
  private var backupFolder: BackupFolder {
    BackupFolder(path: server.directory.appending(path: "backups").path)
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
    _ parameters: SimulationParameters, _ options: ConnectionOptions, now: CivilInstant
  ) async throws -> SimulationReport {
    let bar = ProgressBar(
      "generate", unit: "payments", total: parameters.transactions, console: console)
    defer { bar.finish() }
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
}
