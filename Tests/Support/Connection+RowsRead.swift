package import MariaDBClient

extension Connection {
  /// The number of rows that a query reads, by the counters of the session.
  ///
  /// They are not reset: FLUSH STATUS of MySQL resets those of every session.
  package func rowsRead(by sql: String) async throws -> Int64 {
    let first = try await rowsReadSoFar()
    let second = try await rowsReadSoFar()
    _ = try await query(sql)
    // MySQL also counts the rows of the counters.
    return try await rowsReadSoFar() - second - (second - first)
  }

  private func rowsReadSoFar() async throws -> Int64 {
    try await query("SHOW SESSION STATUS LIKE 'Handler_read%'").rows
      .reduce(0) { $0 + ($1.integer("Value") ?? 0) }
  }
}
