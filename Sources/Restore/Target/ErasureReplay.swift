internal import Backup
internal import MariaDBClient
internal import Schema

/// The outcome of repeating erasures of personal data that were made after a backup.
package struct ErasureReplay: Sendable {
  /// Customers that were erased again, in the order of their erasures.
  package internal(set) var erased: [Int64] = []
  /// How many customers of the record are not in the backup.
  package internal(set) var absentCount = 0
  /// Customers that could not be erased again, with the error number.
  package internal(set) var refused: [(customer: Int64, errno: UInt32)] = []
  /// Whether all of these are certainly later than the backup; otherwise the clock decided, with a
  /// margin of an hour.
  package internal(set) var isExact = true
  /// Whether a record of erasures was available.
  package internal(set) var hasRecord = false
}

/// The record of erasures that a restore keeps before it replaces the table that holds them.
///
/// An old backup brings erased customers back. The schema's record lists them but is itself
/// replaced, so it is copied first; the copy survives a killed restore, and is dropped when every
/// erasure was repeated.
enum ErasureRecord {
  static let table = StagingName.erasures
  private static let columns =
    "customer_id, table_counts, searched_column_count, erased_by, erased_at, digest"
  /// Clocks of two machines may differ by this.
  private static let toleranceSeconds: Int64 = 3600

  /// Whether the backup has the objects that repeating erasures needs.
  static func applies(
    to manifest: BackupManifest, _ plan: RestorePlan, before: [BackupManifest.ObjectFacts]
  ) -> Bool {
    guard case .keepExisting = plan.definers else { return false }
    let objects = plan.tables == nil ? manifest.objects : before
    func has(_ kind: String, _ name: String) -> Bool {
      objects.contains { $0.kind == kind && $0.name == name }
    }
    return has("table", "privacy_erasures") && has("procedure", "erase_customer")
  }

  /// Copies the record, if there is one.
  ///
  /// The source is the schema with the name of the backed-up one, as customer ids mean nothing
  /// elsewhere. The copy of an interrupted restore stays.
  static func keep(
    _ plan: RestorePlan, _ manifest: BackupManifest, on connection: Connection
  ) async throws {
    let source = "\(ObjectInventory.quoted(manifest.schema)).privacy_erasures"
    do {
      try await connection.execute("SELECT \(columns) FROM \(source) LIMIT 0")
    } catch {
      guard [1146, 1049, 1142, 1044, 1143, 1054].contains(error.errno) else { throw error }
      return
    }
    try await connection.execute(
      """
      CREATE TABLE IF NOT EXISTS \(table) (
        customer_id BIGINT NOT NULL, table_counts LONGTEXT NOT NULL,
        searched_column_count INT UNSIGNED NOT NULL, erased_by VARCHAR(160) NOT NULL,
        erased_at DATETIME NOT NULL, digest CHAR(64) NOT NULL PRIMARY KEY,
        is_done TINYINT NOT NULL DEFAULT 0
      ) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
      """)
    try await connection.execute("UPDATE \(table) SET is_done = 0")
    // A restore of single tables keeps the current record, which does not show whose data they
    // bring back, so the time of the backup decides.
    let since = plan.tables == nil ? 0 : manifest.createdEpoch - toleranceSeconds
    try await connection.execute(
      """
      INSERT IGNORE INTO \(table) (\(columns))
      SELECT \(columns) FROM \(source)
      WHERE erased_at >= '1970-01-01' + INTERVAL ? SECOND
      """, [.integer(since)])
  }

  /// Erases again each customer who was erased after the backup, in one transaction each.
  ///
  /// - Parameter wanted: the tables that were restored; nil for everything.
  static func replay(
    _ plan: RestorePlan, wanted: Set<String>?
  ) async throws -> ErasureReplay {
    var replay = ErasureReplay()
    var options = plan.options
    options.database = plan.schema
    // Statements of the dump have changed the settings of the other connection.
    let connection = try await Connection.openLasting(options)
    do {
      let isThere = try await connection.query(
        "SELECT 1 AS found FROM information_schema.tables"
          + " WHERE table_schema = DATABASE() AND table_name = ?", [.text(table)])
      if !isThere.rows.isEmpty {
        replay.hasRecord = true
        replay.isExact = wanted == nil
        try await run(&replay, wanted: wanted, on: connection)
      }
      await connection.close()
      return replay
    } catch {
      await connection.close()
      throw error
    }
  }

  private static func run(
    _ replay: inout ErasureReplay, wanted: Set<String>?, on connection: Connection
  ) async throws {
    let condition =
      wanted == nil
      ? " AND NOT EXISTS (SELECT 1 FROM privacy_erasures AS p WHERE p.digest = k.digest)" : ""
    let rows = try await connection.query(
      """
      SELECT k.customer_id AS id, c.customer_id IS NOT NULL AS is_there
      FROM \(table) AS k
      LEFT JOIN customers AS c ON c.customer_id = k.customer_id
      WHERE k.is_done = 0\(condition)
      GROUP BY k.customer_id
      ORDER BY MIN(k.erased_at), k.customer_id
      """
    ).rows
    for row in rows {
      guard let customer = row.integer("id") else { continue }
      guard row.integer("is_there") == 1 else {
        replay.absentCount += 1
        continue
      }
      do {
        _ = try await connection.query("CALL erase_customer(?)", [.integer(customer)])
      } catch {
        guard error.code == .signalled else { throw error }
        replay.refused.append((customer, error.errno))
        continue
      }
      FaultPoint.reach("restore.erased")
      try await note(customer, on: connection)
      replay.erased.append(customer)
    }
  }

  /// Puts the proofs of the first erasures back, and marks them as repeated.
  private static func note(_ customer: Int64, on connection: Connection) async throws {
    try await connection.execute(
      """
      INSERT INTO privacy_erasures (\(columns))
      SELECT \(columns) FROM \(table) AS k
      WHERE k.customer_id = ?
        AND NOT EXISTS (SELECT 1 FROM privacy_erasures AS p WHERE p.digest = k.digest)
      ORDER BY k.erased_at
      """, [.integer(customer)])
    try await connection.execute(
      "UPDATE \(table) SET is_done = 1 WHERE customer_id = ?", [.integer(customer)])
  }
}
