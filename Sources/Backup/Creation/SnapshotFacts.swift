internal import Foundation
package import MariaDBClient

/// The contents of a schema at one moment, read within one snapshot.
package struct SnapshotFacts: Sendable {
  /// The tables, with counts and checksums.
  package let tables: [BackupManifest.TableFacts]
  /// The digests of the published views; nil when they were left out.
  package let views: BackupManifest.ViewDigest?

  /// The tables whose checksum the server computes.
  package enum Checksums: Sendable {
    case all
    /// Tables with values that the dump tool rounds, which the dumped rows do not show.
    case whereNeeded
    case of(Set<String>)
  }

  /// Tables with columns that the dump tool rounds.
  private static func roundedTables(on connection: Connection) async throws -> Set<String> {
    let rows = try await connection.query(
      "SELECT DISTINCT table_name AS name FROM information_schema.columns"
        + " WHERE table_schema = DATABASE() AND data_type IN ('float', 'double')"
    ).rows
    return Set(rows.compactMap { $0["name"] })
  }

  /// Reads the facts.
  ///
  /// - Parameters:
  ///   - connection: a connection with the schema selected, in a transaction on the snapshot.
  ///   - tables: names of the tables.
  ///   - checksums: the tables to compute a checksum of; of others only texts are measured.
  ///   - accepted: tables without a checksum in any case, as their rounded rows are accepted.
  ///   - asOf: the instant that views take as now (UTC); nil leaves the views out.
  package static func read(
    from connection: Connection, tables: [String], checksums: Checksums,
    accepting accepted: Set<String> = [], asOf: String?
  ) async throws -> SnapshotFacts {
    var facts: [BackupManifest.TableFacts] = []
    let versioned = try await versionedTables(on: connection)
    let sums = try await rowSums(on: connection)
    let lengths = try await textLengths(on: connection)
    let rounded = try await roundedTables(on: connection)
    for table in tables {
      try Task.checkCancellation()
      let isSummed =
        switch checksums {
        case .all: true
        case .whereNeeded: rounded.contains(table)
        case .of(let chosen): chosen.contains(table)
        }
      let hasSum = isSummed && !accepted.contains(table)
      facts.append(
        try await Self.facts(
          of: table, checksum: hasSum ? .some(sums[table]) : nil,
          textLength: hasSum ? nil : lengths[table], isVersioned: versioned.contains(table),
          on: connection))
    }
    var digest: BackupManifest.ViewDigest?
    if let asOf {
      digest = try await PublishedViews.read(
        on: connection, asOf: asOf, secondsEach: PublishedViews.secondsEach)
    }
    return SnapshotFacts(tables: facts, views: digest)
  }

  /// Reads the facts of one table.
  ///
  /// - Parameters:
  ///   - table: its name.
  ///   - checksum: an expression for the checksum, or nil in it for CHECKSUM TABLE; nil for none.
  ///   - textLength: an expression for the bytes of its texts; nil for none.
  ///   - isVersioned: whether it is system-versioned.
  private static func facts(
    of table: String, checksum: String??, textLength: String?, isVersioned: Bool,
    on connection: Connection
  ) async throws -> BackupManifest.TableFacts {
    let name = ObjectInventory.quoted(table)
    let length = textLength.map { ", CAST(COALESCE(\($0), 0) AS SIGNED) AS text_bytes" } ?? ""
    let count = try await connection.query("SELECT COUNT(*) AS n\(length) FROM \(name)").rows.first
    var sum: String?
    if let checksum {
      sum =
        try await connection.query(
          checksum.map { "SELECT COALESCE(\($0), 0) AS Checksum FROM \(name)" }
            ?? "CHECKSUM TABLE \(name)"
        ).rows.first?["Checksum"] ?? ""
    }
    var history: Int64?
    if isVersioned {
      history = try await connection.query(
        "SELECT COUNT(*) AS n FROM \(name) FOR SYSTEM_TIME ALL"
      ).rows.first?.integer("n")
    }
    return BackupManifest.TableFacts(
      name: table, rows: count?.integer("n") ?? -1, historyRows: history, checksum: sum,
      textBytes: textLength == nil ? nil : count?.integer("text_bytes"))
  }

  /// An expression for the bytes of the texts of each table that has texts beyond ASCII.
  private static func textLengths(on connection: Connection) async throws -> [String: String] {
    let rows = try await connection.query(
      """
      SELECT table_name AS name, column_name AS col FROM information_schema.columns
      WHERE table_schema = DATABASE() AND character_set_name <> 'ascii'
        AND COALESCE(generation_expression, '') = '' AND data_type NOT IN ('enum', 'set')
      ORDER BY table_name, ordinal_position
      """
    ).rows
    return Dictionary(grouping: rows) { $0["name"] ?? "" }.mapValues { columns in
      columns.map { "COALESCE(SUM(LENGTH(\(ObjectInventory.quoted($0["col"] ?? "")))), 0)" }
        .joined(separator: " + ")
    }
  }

  /// An expression for the checksum of each table for which CHECKSUM TABLE is unsuitable.
  ///
  /// CHECKSUM TABLE is three times as fast as any expression, but with generated columns, stored or
  /// not, it also includes uninitialised memory: the same rows give different sums.
  private static func rowSums(on connection: Connection) async throws -> [String: String] {
    let rows = try await connection.query(
      """
      SELECT c.table_name AS name, c.column_name AS col, c.is_nullable = 'YES' AS is_nullable,
        c.character_set_name IS NOT NULL AS is_text, c.data_type = 'float' AS is_float,
        COALESCE(c.generation_expression, '') <> '' AS is_computed
      FROM information_schema.columns AS c
      WHERE c.table_schema = DATABASE()
      ORDER BY c.table_name, c.ordinal_position
      """
    ).rows
    let tables = Dictionary(grouping: rows) { $0["name"] ?? "" }
      .filter { $0.value.contains { $0.integer("is_computed") == 1 } }
    return tables.mapValues { all in
      let columns = all.filter { $0.integer("is_computed") == 0 }
      let values = columns.map { column in
        // As bytes: texts of different collations cannot be joined.
        let name = ObjectInventory.quoted(column["col"] ?? "")
        if column.integer("is_text") == 1 { return "BINARY \(name)" }
        // A text would be rounded.
        return column.integer("is_float") == 1 ? "CAST(\(name) AS DOUBLE)" : name
      }
      // CONCAT_WS skips NULL, so a bit mask of the NULL columns is part of the text.
      let nullable = columns.filter { $0.integer("is_nullable") == 1 }
      let nulls = nullable.enumerated().map { position, column in
        "ISNULL(\(ObjectInventory.quoted(column["col"] ?? ""))) * \(UInt64(1) << UInt64(position % 62))"
      }
      let marks = stride(from: 0, to: nulls.count, by: 62).map { start in
        nulls[start..<min(start + 62, nulls.count)].joined(separator: " + ")
      }
      return "SUM(CRC32(CONCAT_WS('|', \((values + marks).joined(separator: ", ")))))"
    }
  }

  /// The next value of each sequence.
  package static func sequences(
    _ objects: [BackupManifest.ObjectFacts], on connection: Connection
  ) async throws -> [String: Int64] {
    var values: [String: Int64] = [:]
    for object in objects where object.kind == "sequence" {
      let row = try await connection.query(
        "SELECT next_not_cached_value AS value FROM \(ObjectInventory.quoted(object.name))"
      ).rows.first
      values[object.name] = row?.integer("value")
    }
    return values
  }

  /// Names of the versioned tables.
  static func versionedTables(on connection: Connection) async throws -> Set<String> {
    let rows = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables"
        + " WHERE table_schema = DATABASE() AND table_type = 'SYSTEM VERSIONED'"
    ).rows
    return Set(rows.compactMap { $0["name"] })
  }
}
