package import MariaDBClient

extension Connection {
  /// The answers of several queries, all as of one instant.
  ///
  /// - Parameters:
  ///   - queries: the queries, each with the same placeholders
  ///   - values: the values of the placeholders
  /// - Returns: a table for each query
  /// - Throws: `DatabaseError`; no transaction is left open
  package func snapshot(_ queries: [String], _ values: [SQLValue]) async throws -> [DataTable] {
    try await execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    do {
      var tables: [DataTable] = []
      for text in queries { tables.append(DataTable(try await query(text, values))) }
      try await execute("COMMIT")
      return tables
    } catch {
      try? await execute("ROLLBACK")
      throw error
    }
  }
}
