import Foundation
import MariaDBClient

/// The rival of the first fill: `LOAD DATA INFILE` alone into the same tables without triggers.
struct RivalLoad: Sendable {
  /// How the rival loads.
  enum Variant: String, CaseIterable, Sendable {
    /// One connection, all session checks on.
    case defaultChecks = "default_checks"
    /// One connection, unique and foreign key checks off: InnoDB fills the empty tables in bulk.
    case uncheckedBulk = "unchecked_bulk"
    /// Two connections, half of each file each, foreign key checks off.
    case twoConnections = "two_connections"

    /// The name in tables.
    var title: String {
      switch self {
      case .defaultChecks: "LOAD DATA, default checks"
      case .uncheckedBulk: "LOAD DATA, checks off (bulk)"
      case .twoConnections: "LOAD DATA, 2 connections"
      }
    }
  }

  static let tableNames = ["transactions", "settlements", "login_activity"]

  /// The schema that holds the rows.
  let source: PaymentSchema
  /// The files.
  let export: RowExport
  /// Name of the rival's schema.
  let name = "bench_rival"

  private var options: ConnectionOptions {
    var options = source.options
    options.database = name
    return options
  }

  /// Makes the rival's schema: the same tables, no triggers, the same customers and accounts.
  func prepare() async throws {
    let rival = rivalSchema
    try await rival.deploy()
    let connection = try await Connection.open(options)
    let triggers = try await connection.ask(
      "SELECT trigger_name AS name FROM information_schema.triggers"
        + " WHERE trigger_schema = DATABASE()"
    ).compactMap { $0["name"] }
    for trigger in triggers { try await connection.perform("DROP TRIGGER `\(trigger)`") }
    try await connection.perform("SET SESSION foreign_key_checks = 0")
    for table in ["customers", "customer_locations", "accounts", "payment_handles"] {
      try await connection.perform("INSERT INTO \(table) SELECT * FROM `\(source.name)`.\(table)")
    }
    await connection.close()
  }

  private var rivalSchema: PaymentSchema {
    PaymentSchema(source, name: name)
  }

  /// Empties the tables, and lets the server finish its work.
  func empty() async throws {
    let connection = try await Connection.open(options)
    try await connection.perform("SET SESSION foreign_key_checks = 0")
    for table in Self.tableNames.reversed() { try await connection.perform("TRUNCATE \(table)") }
    try await ServerRest.wait(connection)
    await connection.close()
  }

  /// Loads everything in one way, into tables that were just emptied.
  func load(_ variant: Variant) async throws {
    let connection = try await Connection.open(options)
    var statements: [[String]] = []
    var settings: [String] = []
    switch variant {
    case .defaultChecks: break
    case .uncheckedBulk: settings = ["SET SESSION unique_checks = 0, foreign_key_checks = 0"]
    case .twoConnections: settings = ["SET SESSION foreign_key_checks = 0"]
    }
    let parts: [Int?] = variant == .twoConnections ? [0, 1] : [nil]
    for part in parts {
      var mine = settings
      for table in Self.tableNames {
        let columns = try await RowExport.table(table, connection)
        mine.append(export.loadStatement(columns, part: part))
      }
      statements.append(mine)
    }
    let options = options
    try await withThrowingTaskGroup(of: Void.self) { group in
      for mine in statements {
        group.addTask {
          let loader = try await Connection.open(options)
          for statement in mine { try await loader.perform(statement) }
          await loader.close()
        }
      }
      try await group.waitForAll()
    }
    await connection.close()
  }

  /// Rows that were loaded.
  func rowCounts() async throws -> RowCounts { try await rivalSchema.rowCounts() }

  /// Writes the files that a variant needs.
  func writeFiles(_ variant: Variant) async throws {
    let connection = try await source.connect()
    for name in Self.tableNames {
      let table = try await RowExport.table(name, connection)
      guard variant == .twoConnections else {
        try await export.write(table, connection)
        continue
      }
      let key = table.columns[0].name
      let row = try await connection.ask(
        "SELECT (MIN(\(key)) + MAX(\(key))) DIV 2 AS middle FROM \(name)"
      ).first
      let middle = row?.integer("middle") ?? 0
      try await export.write(table, where: "\(key) <= \(middle)", part: 0, connection)
      try await export.write(table, where: "\(key) > \(middle)", part: 1, connection)
    }
    await connection.close()
  }

  /// Drops the rival's schema.
  func drop() async throws { try await rivalSchema.drop() }
}
