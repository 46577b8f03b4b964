import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// A schema with a generated history.
struct PaymentSchema: Sendable {
  /// Payments of the history.
  let size: Int
  /// Days of the history.
  let days: Int
  /// Name of the schema.
  let name: String
  /// The connection options of the schema.
  let options: ConnectionOptions
  /// The program that is measured.
  let program: ReleaseProgram

  /// Describes a schema without touching it.
  init(size: Int, days: Int, server: ConnectionOptions, program: ReleaseProgram) {
    self.size = size
    self.days = days
    name = "bench_\(Figure.size(size).lowercased())"
    var options = server
    options.database = name
    self.options = options
    self.program = program
  }

  /// A schema of another name beside one, on the same server.
  init(
    _ neighbour: PaymentSchema, name: String, size: Int? = nil, program: ReleaseProgram? = nil
  ) {
    self.size = size ?? neighbour.size
    days = neighbour.days
    self.name = name
    var options = neighbour.options
    options.database = name
    self.options = options
    self.program = program ?? neighbour.program
  }

  /// A connection to the schema; every session sees the end of the data as the present.
  ///
  /// - Parameter asOf: the present of the session; nil for the clock.
  func connect(asOf: CivilInstant? = nil) async throws -> Connection {
    let connection = try await Connection.open(options)
    if let asOf {
      try await connection.perform("SET @payops_as_of = ?", [.text(asOf.description)])
    }
    return connection
  }

  /// Whether the history is complete.
  func isFilled() async throws -> Bool {
    var server = options
    server.database = nil
    let connection = try await Connection.open(server)
    defer { Task { await connection.close() } }
    let exists = try await connection.ask(
      "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
      [.text(name), "simulation_runs"])
    guard !exists.isEmpty else { return false }
    let row = try await connection.ask(
      "SELECT COUNT(*) AS runs FROM `\(name)`.simulation_runs WHERE state = 'completed'"
    ).first
    return (row?.integer("runs") ?? 0) > 0
  }

  /// Creates the schema anew, without payments.
  func deploy() async throws {
    try await drop()
    _ = try await program.run(["deploy"], schema: self, within: .seconds(300))
  }

  /// Drops the schema.
  func drop() async throws {
    var server = options
    server.database = nil
    let connection = try await Connection.open(server)
    try await connection.perform("DROP DATABASE IF EXISTS `\(name)`")
    await connection.close()
  }

  /// Generates and loads the history.
  ///
  /// - Parameter end: the day after the history, so that two runs give the same rows; nil for now.
  /// - Returns: the time and memory that the program used.
  func generate(end: CivilDate? = nil) async throws -> MeasuredProcess.Outcome {
    try await program.run(
      ["generate", "--transactions", "\(size)", "--days", "\(days)", "--seed", "42"]
        + (end.map { ["--end", "\($0)"] } ?? []),
      schema: self, within: .seconds(600 + size / 2000))
  }

  /// Lets the server finish the background work of earlier measurements.
  func rest() async throws {
    var server = options
    server.database = nil
    let connection = try await Connection.open(server)
    try await ServerRest.wait(connection)
    await connection.close()
  }

  /// Rows of the three loaded tables.
  func rowCounts() async throws -> RowCounts {
    let connection = try await connect()
    defer { Task { await connection.close() } }
    return try await RowCounts(connection, schema: name)
  }

  /// The first instant after all events.
  func endOfData() async throws -> CivilInstant {
    let connection = try await connect()
    defer { Task { await connection.close() } }
    let row = try await connection.ask(
      """
      SELECT GREATEST(
          (SELECT MAX(transaction_time) FROM transactions) + INTERVAL 1 SECOND,
          COALESCE(
              (SELECT MAX(login_time) FROM login_activity WHERE login_status = 'failed'),
              '2000-01-01') + INTERVAL 1 SECOND,
          COALESCE(
              (SELECT MAX(JSON_VALUE(parameters, '$.end')) FROM simulation_runs), '2000-01-01')
      ) AS end_of_data
      """
    ).first
    guard let end = row?["end_of_data"].flatMap({ CivilInstant($0) }) else {
      throw BenchError("the schema \(name) holds no payments")
    }
    return end
  }

  /// Applies all captured changes.
  ///
  /// - Returns: the number of calls needed.
  @discardableResult
  func drain(asOf: CivilInstant? = nil) async throws -> Int {
    let connection = try await connect(asOf: asOf)
    defer { Task { await connection.close() } }
    for call in 1...200 {
      try Task.checkCancellation()
      let row = try await connection.ask("CALL refresh_rollups(1000000)").first
      if row?.integer("has_more") == 0 { return call }
    }
    throw BenchError("refresh_rollups does not come to an end in \(name)")
  }

  /// Compares the rollups of some days with the payments.
  ///
  /// - Returns: the number of differences.
  func differences(from first: String, to last: String) async throws -> Int {
    let connection = try await connect()
    defer { Task { await connection.close() } }
    let result = try await connection.ask(
      "CALL reconcile_rollups(?, ?)", [.text(first), .text(last)])
    return result.count
  }
}

/// Rows of the tables that a load fills.
struct RowCounts: Sendable, Equatable {
  var payments = 0
  var settlements = 0
  var logins = 0

  /// Counts the rows of a schema.
  init(_ connection: Connection, schema: String) async throws {
    func count(_ table: String) async throws -> Int {
      let row = try await connection.ask("SELECT COUNT(*) AS n FROM `\(schema)`.`\(table)`")
        .first
      return Int(row?.integer("n") ?? -1)
    }
    payments = try await count("transactions")
    settlements = try await count("settlements")
    logins = try await count("login_activity")
  }

  /// All rows.
  var total: Int { payments + settlements + logins }

  /// The counts for the report.
  var json: JSON {
    [
      "payments": .integer(payments), "settlements": .integer(settlements),
      "logins": .integer(logins), "total": .integer(total),
    ]
  }
}
