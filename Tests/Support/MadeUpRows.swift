internal import Foundation
package import MariaDBClient

/// Arbitrary rows in every table of an installation. Each value derives from table, column and row,
/// so that every run has the same; no constraint, trigger or reference applies to them.
///
/// They include states that generated histories lack: an abandoned run, an ended silence, a wrong
/// balance.
package enum MadeUpRows {
  /// All times are around this moment.
  package static let present = "2026-01-15 12:00:00"
  private static let rowsPerTable = 120

  /// Tables that the installation itself fills.
  private static let kept: Set<String> = [
    "deployed_objects", "audit_log", "audit_head", "erasure_keys", "space_samples", "rollup_state",
    "calendar_days", "settlement_windows", "bulk_loads", "kpi_definitions", "published_views",
    "published_columns", "dimension_definitions",
  ]

  private struct Column {
    let table: String
    let name: String
    let dataType: String
    let columnType: String
    let isNullable: Bool
    let isAutomatic: Bool
    let isKey: Bool
    let digits: Int
    let scale: Int
    let length: Int
    let collation: String
  }

  /// Fills the tables of the schema that a connection has selected.
  package static func fill(_ connection: Connection) async throws {
    for row in try await connection.query(
      "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    ).rows { try await connection.execute("DROP TRIGGER `\(row.text(at: 0) ?? "")`") }
    // The time of installation, and the progress of the rollups.
    try await connection.execute(
      "UPDATE rule_versions SET proposed_at = '\(present)', approved_at = '\(present)'")
    try await connection.execute(
      """
      UPDATE rollup_state SET window_end_date = '\(present)', detail_from_date = '2026-01-02',
          last_event_at = '\(present)' - INTERVAL 5 MINUTE,
          last_ingested_at = '\(present)' - INTERVAL 4 MINUTE,
          refreshed_at = '\(present)' - INTERVAL 1 MINUTE, refreshed_changes = 77
      """)
    let columns = try await columns(connection)
    let pools = try await pools(columns, connection)
    try await connection.ignoreConstraints()
    try await connection.execute("SET SESSION sql_mode = ''")
    for (table, own) in Dictionary(grouping: columns, by: \.table).sorted(by: { $0.key < $1.key }) {
      let values = own.map { value($0, pools: pools) }
      try await connection.execute(
        """
        INSERT IGNORE INTO `\(table)` (\(own.map { "`\($0.name)`" }.joined(separator: ", ")))
        SELECT \(values.joined(separator: ", ")) FROM \(numbers(1...rowsPerTable)) AS n ORDER BY seq
        """)
    }
    try await connection.respectConstraints()
    try await connection.execute("SET SESSION sql_mode = DEFAULT")
  }

  private static func columns(_ connection: Connection) async throws -> [Column] {
    try await connection.query(
      """
      SELECT c.table_name AS table_name, c.column_name AS column_name, c.data_type AS data_type,
          c.column_type AS column_type, c.is_nullable AS is_nullable, c.extra AS extra,
          c.column_key AS column_key, c.numeric_precision AS numeric_precision,
          c.numeric_scale AS numeric_scale,
          c.character_maximum_length AS character_maximum_length,
          c.collation_name AS collation_name
      FROM information_schema.columns AS c
      WHERE c.table_schema = DATABASE() AND COALESCE(c.generation_expression, '') = ''
          AND c.table_name IN (
              SELECT t.table_name FROM information_schema.tables AS t
              WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE')
      ORDER BY c.table_name, c.ordinal_position
      """
    ).rows.map { row in
      Column(
        table: row["table_name"] ?? "", name: row["column_name"] ?? "",
        dataType: row["data_type"] ?? "", columnType: row["column_type"] ?? "",
        isNullable: row["is_nullable"] == "YES",
        isAutomatic: row["extra"]?.contains("auto_increment") == true,
        isKey: row["column_key"] == "PRI", digits: Int(row.integer("numeric_precision") ?? 0),
        scale: Int(row.integer("numeric_scale") ?? 0),
        length: Int(row.integer("character_maximum_length") ?? 0),
        collation: row["collation_name"] ?? "")
    }.filter { !kept.contains($0.table) }
  }

  /// The texts of columns of one name in rows that the installation fills, so that rows of one
  /// table join those of another.
  private static func pools(
    _ columns: [Column], _ connection: Connection
  ) async throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for column in columns
    where ["char", "varchar"].contains(column.dataType) && found[column.name] == nil {
      let tables = columns.filter { $0.name == column.name }.map(\.table)
      let rows = tables.map {
        "SELECT HEX(CAST(`\(column.name)` AS CHAR CHARACTER SET utf8mb4)) AS v FROM `\($0)`"
      }
      let values = try await connection.query(
        """
        SELECT DISTINCT v
        FROM (\(rows.joined(separator: " UNION ALL "))) AS r
        WHERE v IS NOT NULL ORDER BY CRC32(v), v LIMIT 12
        """
      ).rows.compactMap { $0["v"] }
      found[column.name] = values
    }
    return found
  }

  /// The SQL expression of a value, from the number of the row.
  private static func value(_ column: Column, pools: [String: [String]]) -> String {
    let hash = "CRC32(CONCAT('\(column.table).\(column.name).', seq))"
    var some = someValue(column, hash: hash, pools: pools)
    // On MySQL in place of ASCII texts whose blanks count.
    if column.collation == "utf8mb4_0900_bin" { some = "REPLACE(\(some), 'ü', '?')" }
    return column.isNullable && !column.isKey ? "IF(\(hash) % 7 = 0, NULL, \(some))" : some
  }

  private static func someValue(
    _ column: Column, hash: String, pools: [String: [String]]
  ) -> String {
    if column.isAutomatic { return "seq" }
    if column.name.hasSuffix("_id"), ["bigint", "int"].contains(column.dataType) {
      return column.isKey ? "seq" : "1 + \(hash) % \(rowsPerTable)"
    }
    switch column.dataType {
    case "tinyint": return column.name.hasPrefix("is_") ? "\(hash) % 2" : "\(hash) % 5"
    // Often 0, 1 or 2, the edges of ratios and limits.
    case "smallint", "mediumint", "int", "bigint":
      let limit = column.dataType == "bigint" ? 5000 : 60
      return "IF(\(hash) % 3 = 0, \(hash) DIV 3 % 3, \(hash) % \(limit))"
    case "decimal":
      let limit = String(repeating: "9", count: min(column.digits, 8))
      return "(\(hash) % \(limit)) / POW(10, \(min(column.scale, 4)))"
    case "double", "float": return "(\(hash) % 10000) / 64e0"
    case "enum", "set":
      let count = column.columnType.split(separator: ",").count
      return "1 + \(hash) % \(count)"
    case "date": return "DATE('\(present)') - INTERVAL (\(hash) % 40) DAY + INTERVAL 2 DAY"
    case "datetime", "timestamp":
      // Most within three days, some within sixty, some in the future.
      return "'\(present)' - INTERVAL (\(hash) % IF(\(hash) % 5 = 0, 5184000, 259200)) SECOND"
        + " + INTERVAL IF(\(hash) % 9 = 0, 4, 0) DAY"
    case "time": return "SEC_TO_TIME(\(hash) % 86400)"
    case "char", "varchar":
      if let pool = pools[column.name], !pool.isEmpty {
        let texts = pool.map { "CONVERT(UNHEX('\($0)') USING utf8mb4)" }
        return "ELT(1 + \(hash) % \(pool.count), \(texts.joined(separator: ", ")))"
      }
      return column.length >= 32 && column.name.hasSuffix("hash")
        ? "LEFT(SHA2(seq, 256), \(column.length))"
        : "LEFT(ELT(1 + \(hash) % 6, 'a', 'b', 'Münze 1', 'x y', '4711', 'e'), \(column.length))"
    case "json", "longtext", "mediumtext", "text": return "'{\"a\": 1, \"b\": [2]}'"
    default: return "LEFT(UNHEX(SHA2(seq, 256)), \(max(1, min(column.length, 32))))"
    }
  }
}
