import MariaDBClient

extension Connection {
  /// Runs a statement and gives its rows.
  ///
  /// A wrapper without a typed error: with `query` itself in a loop of an asynchronous function the
  /// optimiser of Swift 6.3.1 crashes while it splits the coroutine.
  @inline(never)
  func ask(_ sql: String, _ parameters: [SQLValue] = []) throws -> [Row] {
    try Task.checkCancellation()
    return try query(sql, parameters).rows
  }

  /// Runs a statement for its effect; a wrapper for the same reason as ``ask(_:_:)``.
  @inline(never)
  func perform(_ sql: String, _ parameters: [SQLValue] = []) throws {
    try Task.checkCancellation()
    try execute(sql, parameters)
  }
}
