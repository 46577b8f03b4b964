internal import MariaDBClient

extension SnapshotFacts {
  /// Columns with values that the dump tool cannot write: their backup can never be verified.
  ///
  /// - Parameters:
  ///   - connection: a connection in a transaction that sees the snapshot.
  ///   - tables: names of the tables.
  static func lossyColumns(
    on connection: Connection, tables: [String]
  ) async throws -> [BackupManifest.LossyColumn] {
    // The server returns the values of ENUM and SET with at most three bytes a character.
    let candidates = try await connection.query(
      """
      SELECT table_name AS name, column_name AS col, data_type AS type
      FROM information_schema.columns
      WHERE table_schema = DATABASE() AND COALESCE(generation_expression, '') = ''
        AND (data_type = 'float' OR (data_type IN ('enum', 'set') AND column_type LIKE '%?%'))
      ORDER BY table_name, ordinal_position
      """
    ).rows
    var columns: [BackupManifest.LossyColumn] = []
    for row in candidates {
      guard let table = row["name"], tables.contains(table), let column = row["col"],
        let type = row["type"]
      else { continue }
      let name = ObjectInventory.quoted(column)
      // Half the distance between two neighbours of a FLOAT: a text nearer than that is read as
      // the same value.
      let isLossy =
        type == "float"
        ? "ABS(CAST(\(name) AS DOUBLE) - CAST(CAST(\(name) AS CHAR) AS DOUBLE))"
          + " > POW(2, FLOOR(LOG2(ABS(CAST(\(name) AS DOUBLE)))) - 24)"
        : "CONVERT(\(name) USING utf8mb4) RLIKE '[\\\\x{10000}-\\\\x{10FFFF}]'"
      let found = try await connection.query(
        "SELECT 1 AS found FROM \(ObjectInventory.quoted(table)) WHERE \(isLossy) LIMIT 1")
      if !found.rows.isEmpty {
        columns.append(BackupManifest.LossyColumn(table: table, column: column, type: type))
      }
    }
    return columns
  }
}
