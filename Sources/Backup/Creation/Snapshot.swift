internal import Foundation
package import MariaDBClient
internal import Schema

/// The connections that freeze a schema for a moment, so that a dump and the facts about it come
/// from one snapshot.
///
/// `LOCK TABLES … READ` waits for open transactions that have written and blocks new ones; under
/// it two snapshots are opened, the dump tool's and our own, which therefore see the same rows. The
/// lock is requested in short attempts, and everything possible is done beforehand, the start of
/// the dump tool included, so that payments wait only for a moment.
package struct Snapshot: Sendable {
  /// Sees the snapshot; its transaction stays open.
  let reader: Connection
  /// Holds the deployment lock and the table locks.
  let guardian: Connection
  /// Names of the base tables.
  let tables: [String]
  /// The objects at the time when the tables were locked.
  let objects: [BackupManifest.ObjectFacts]
  /// The next value of each sequence, before the dump.
  let sequences: [String: Int64]
  /// The position of the binary log.
  let position: BackupManifest.LogPosition?
  /// The instant of the snapshot by the server's clock (UTC, `YYYY-MM-DD HH:MM:SS`).
  let asOf: String
  /// Whether some table has no transactions, so that only the lock prevents changes.
  private let needsLockToTheEnd: Bool
  private let lockedAt: ContinuousClock.Instant

  /// For how many seconds the table locks are requested; writers continue between the attempts.
  private static let lockSeconds = 20

  /// Facts that are read under the deployment lock, before the schema is frozen.
  struct Preparation: Sendable {
    fileprivate let reader: Connection
    fileprivate let guardian: Connection
    fileprivate let tables: [String]
    /// Tables that an interrupted restore left.
    let leftOut: [String]
    fileprivate let needsLock: Bool
    fileprivate let objects: [BackupManifest.ObjectFacts]
    fileprivate let sequences: [String: Int64]

    /// Closes both connections and so releases the locks.
    func close() async {
      await reader.close()
      await guardian.close()
    }
  }

  /// Takes the deployment lock and reads the facts that need not come from the snapshot.
  ///
  /// - Parameter options: how to connect; with the schema.
  /// - Throws: ``BackupError/Code/busy`` when a deployment runs.
  static func prepare(_ options: ConnectionOptions) async throws -> Preparation {
    let guardian = try await Connection.openLasting(options)
    do {
      let reader = try await Connection.openLasting(options)
      do {
        return try await prepare(guardian: guardian, reader: reader, schema: options.database ?? "")
      } catch {
        await reader.close()
        throw error
      }
    } catch {
      await guardian.close()
      throw error
    }
  }

  private static func prepare(
    guardian: Connection, reader: Connection, schema: String
  ) async throws -> Preparation {
    try await takeDeploymentLock(of: schema, on: guardian)
    try await reader.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    let (tables, leftOut, needsLock) = try await listTables(on: guardian)
    // Read before the lock, as this takes too long to block writers: `checkObjects()` compares it
    // with the objects at the end. A sequence may have advanced in the dump, never gone back.
    let objects = try await ObjectInventory.read(from: reader)
    let sequences = try await SnapshotFacts.sequences(objects, on: reader)
    return Preparation(
      reader: reader, guardian: guardian, tables: tables, leftOut: leftOut, needsLock: needsLock,
      objects: objects, sequences: sequences)
  }

  /// Locks the tables and opens the snapshot.
  ///
  /// - Throws: ``BackupError/Code/busy`` when a transaction does not end.
  static func open(_ prepared: Preparation) async throws -> Snapshot {
    let reader = prepared.reader
    try await lock(prepared.tables, on: prepared.guardian, reader: reader)
    let lockedAt = ContinuousClock.now
    try await reader.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    let now = try await reader.query("SELECT UTC_TIMESTAMP() AS now").rows.first?["now"] ?? ""
    let position = try await position(on: reader)
    return Snapshot(
      reader: reader, guardian: prepared.guardian, tables: prepared.tables,
      objects: prepared.objects, sequences: prepared.sequences, position: position,
      asOf: now, needsLockToTheEnd: prepared.needsLock, lockedAt: lockedAt)
  }

  /// Takes the lock that guards changes of schemas.
  package static func takeDeploymentLock(of schema: String, on connection: Connection) async throws
  {
    let lock = try await connection.query(
      "SELECT GET_LOCK(?, 10) AS taken", [.text(Deployment.lockName(of: schema))])
    guard lock.rows.first?["taken"] == "1" else {
      throw BackupError(
        .busy, "a deployment, backup or restore of schema \(schema) is running",
        hint: "wait until it ends, then run the same command again")
    }
  }

  private static func listTables(on guardian: Connection) async throws -> (
    tables: [String], leftOut: [String], needsLock: Bool
  ) {
    let rows = try await guardian.query(
      """
      SELECT table_name AS name, engine <> 'InnoDB' AS is_other,
        table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AS is_table
      FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_type <> 'VIEW'
      ORDER BY table_name
      """
    ).rows
    let leftOut = rows.compactMap { $0["name"] }.filter(StagingName.isOfRestore)
    let tables = rows.filter { $0.integer("is_table") == 1 }.compactMap { $0["name"] }
      .filter { !StagingName.isOfRestore($0) }
    let needsLock = rows.contains {
      $0.integer("is_other") == 1 && $0.integer("is_table") == 1
    }
    return (tables, leftOut, needsLock)
  }

  private static func lock(
    _ tables: [String], on guardian: Connection, reader: Connection
  ) async throws {
    guard !tables.isEmpty else { return }
    // Opened before: a table that is not in the server's cache takes longer to lock.
    for table in tables {
      _ = try await guardian.query("SELECT 1 AS x FROM \(ObjectInventory.quoted(table)) LIMIT 0")
    }
    let list = tables.map { "\(ObjectInventory.quoted($0)) READ" }.joined(separator: ", ")
    guard
      try await BriefLock(patience: .seconds(lockSeconds))
        .run("LOCK TABLES \(list)", on: guardian, killer: reader)
    else {
      throw BackupError(
        .busy, "a transaction on the schema did not end within \(lockSeconds) s",
        hint: "see SHOW PROCESSLIST; run the same command again when it has ended")
    }
  }

  private static func position(on reader: Connection) async throws -> BackupManifest.LogPosition? {
    let rows = try await reader.query("SHOW STATUS LIKE 'binlog_snapshot_%'").rows
    var values: [String: String] = [:]
    for row in rows {
      values[(row.text(at: 0) ?? "").lowercased()] = row.text(at: 1)
    }
    guard let file = values["binlog_snapshot_file"], !file.isEmpty,
      let offset = values["binlog_snapshot_position"].flatMap({ Int64($0) })
    else { return nil }
    let gtid = try await reader.query(
      "SELECT BINLOG_GTID_POS(?, ?) AS gtid", [.text(file), .integer(offset)]
    ).rows.first?["gtid"]
    return BackupManifest.LogPosition(gtid: gtid ?? "", file: file, offset: offset)
  }

  /// Whether a reading statement waits for a table, as it does behind one that changes the table.
  func isReaderHeldUp() async throws -> Bool {
    try await !guardian.query(
      """
      SELECT 1 AS found FROM information_schema.processlist
      WHERE state LIKE 'Waiting for table%' AND db = DATABASE()
        AND user = SUBSTRING_INDEX(USER(), '@', 1)
        AND (info LIKE 'SHOW %' OR info LIKE 'SELECT /*!40001%' OR info LIKE '%information_schema%')
      LIMIT 1
      """
    ).rows.isEmpty
  }

  /// Lets writers continue, now that the dump has its snapshot, too.
  ///
  /// - Returns: for how many seconds they were blocked; nil when the locks stay to the end.
  func releaseTables() async throws -> Double? {
    guard !needsLockToTheEnd else { return nil }
    try await guardian.execute("UNLOCK TABLES")
    return (ContinuousClock.now - lockedAt).inSeconds
  }

  /// Checks that no object changed since the snapshot was opened.
  func checkObjects() async throws {
    // Definitions belong to no snapshot; a connection that holds table locks sees no other table.
    let now = try await ObjectInventory.read(from: reader)
    guard now != objects else { return }
    let changed = Set(now).symmetricDifference(objects).map { "\($0.kind) \($0.name)" }.sorted()
    throw BackupError(
      .schemaChanged,
      "the schema changed during the dump: \(Set(changed).sorted().prefix(3).joined(separator: ", "))",
      hint: "nothing was published; run the same command again")
  }
}
