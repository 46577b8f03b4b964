internal import Foundation
package import MariaDBClient

/// Facts about a schema that are needed before it is dumped.
struct BackupPreflight: Sendable {
  /// Privileges on the schema; without one of them a dump silently omits objects.
  static let privileges = ["SELECT", "LOCK TABLES", "SHOW VIEW", "TRIGGER", "EVENT"]

  /// Whether the server is MySQL.
  let isMySQL: Bool
  let characterSet: String
  let collation: String
  /// Bytes of all tables, as the server estimates them.
  let tableBytes: Int64
  /// Whether a table is system-versioned.
  package let hasHistory: Bool
  /// Version of payops that deployed the schema last; nil for a schema of another origin.
  let schemaVersion: String?
  /// Objects whose definer does not exist.
  let orphans: [BackupManifest.Orphan]
  /// Views that the dump tool cannot read for that reason.
  let hiddenViews: [HiddenView]

  /// Examines the schema and the privileges of the account.
  ///
  /// - Parameters:
  ///   - options: how to connect; with the schema.
  ///   - missingDefiners: how definers that do not exist are handled.
  /// - Throws: ``BackupError/Code/missingPrivilege``, ``BackupError/Code/unsupported``.
  package static func run(
    _ options: ConnectionOptions, missingDefiners: MissingDefiners
  ) async throws -> BackupPreflight {
    let connection = try await Connection.open(options)
    do {
      let result = try await run(
        on: connection, schema: options.database ?? "", missingDefiners: missingDefiners)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  private static func run(
    on connection: Connection, schema: String, missingDefiners: MissingDefiners
  ) async throws -> BackupPreflight {
    let grants = try await Grants.read(from: connection)
    let missing = grants.missing(privileges, on: schema)
    guard missing.isEmpty else {
      throw BackupError(
        .missingPrivilege,
        "the account lacks \(missing.joined(separator: ", ")) on schema \(schema):"
          + " a backup would silently omit objects",
        hint: "GRANT \(missing.joined(separator: ", ")) ON `\(schema)`.* TO the account")
    }
    let isMySQL = !connection.serverVersion.isMariaDB
    if isMySQL {
      try await checkRoutinesOfMySQL(grants, schema: schema, on: connection)
    } else {
      try await checkRoutines(on: connection)
    }
    let orphans = try await missingDefiners.look(on: connection)
    try await checkEvents(on: connection)
    let row = try await connection.query(
      """
      SELECT s.default_character_set_name AS charset, s.default_collation_name AS collation,
        (
          SELECT COALESCE(SUM(t.data_length), 0) FROM information_schema.tables AS t
          WHERE t.table_schema = DATABASE()
        ) AS bytes
      FROM information_schema.schemata AS s
      WHERE s.schema_name = DATABASE()
      """
    ).rows.first
    return BackupPreflight(
      isMySQL: isMySQL, characterSet: row?["charset"] ?? "utf8mb4",
      collation: row?["collation"] ?? "",
      tableBytes: row?.integer("bytes") ?? 0,
      hasHistory: try await !SnapshotFacts.versionedTables(on: connection).isEmpty,
      schemaVersion: try await schemaVersion(on: connection), orphans: orphans,
      hiddenViews: try await HiddenView.all(on: connection))
  }

  private static func schemaVersion(on connection: Connection) async throws -> String? {
    let table = try await connection.query(
      "SELECT 1 AS found FROM information_schema.columns WHERE table_schema = DATABASE()"
        + " AND table_name = 'deployed_objects' AND column_name = 'deployed_version'")
    guard !table.rows.isEmpty else { return nil }
    return try await connection.query(
      "SELECT deployed_version AS version FROM deployed_objects ORDER BY deployed_at DESC LIMIT 1"
    ).rows.first?["version"]
  }

  /// A dump silently omits routines that the account may not see.
  private static func checkRoutines(on connection: Connection) async throws {
    do {
      try await connection.execute("SELECT COUNT(*) FROM mysql.proc WHERE db = DATABASE()")
    } catch {
      guard error.code == .accessDenied else { throw error }
      throw BackupError(
        .missingPrivilege,
        "the account cannot see every routine: a backup would silently omit some",
        hint: "GRANT SELECT ON mysql.proc TO the account")
    }
  }

  /// The same on MySQL, which shows the texts to who may see all, and otherwise to definers.
  private static func checkRoutinesOfMySQL(
    _ grants: Grants, schema: String, on connection: Connection
  ) async throws {
    if grants.hasGlobal("SHOW_ROUTINE") || grants.hasGlobal("SELECT") { return }
    let hidden = try await connection.query(
      "SELECT 1 AS found FROM information_schema.routines WHERE routine_schema = DATABASE()"
        + " AND routine_definition IS NULL LIMIT 1")
    // With one of these, every routine has a row at least.
    let seesAll = ["EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE"].contains {
      grants.missing([$0], on: schema).isEmpty
    }
    guard !seesAll || !hidden.rows.isEmpty else { return }
    throw BackupError(
      .missingPrivilege,
      "the account cannot see every routine: a backup would silently omit some",
      hint: "GRANT SHOW_ROUTINE ON *.* TO the account")
  }

  /// The dump tool searches for a delimiter that a body does not contain; for events it may never
  /// stop.
  private static func checkEvents(on connection: Connection) async throws {
    let row = try await connection.query(
      "SELECT event_name AS name FROM information_schema.events"
        + " WHERE event_schema = DATABASE() AND event_definition LIKE '%;;%' LIMIT 1"
    ).rows.first
    guard let name = row?["name"] else { return }
    throw BackupError(
      .unsupported, "event \(name) has two semicolons in a row: mariadb-dump cannot write it",
      hint: "put a space between them")
  }
}
