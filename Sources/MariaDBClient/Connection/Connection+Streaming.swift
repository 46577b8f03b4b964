extension Connection {
  /// Runs a statement and passes on its rows one by one, without keeping them.
  ///
  /// - Parameters:
  ///   - sql: one statement, with a `?` for each value.
  ///   - parameters: the values.
  ///   - body: called with each row; it cannot use the connection. When it throws, the other rows
  ///     are read and dropped.
  /// - Throws: the body's error, or ``DatabaseError``.
  package func forEachRow(
    _ sql: String, _ parameters: [SQLValue] = [], _ body: (Row) throws -> Void
  ) throws {
    var failure: (any Error)?
    try session.perform(
      sql, parameters,
      onRow: { row in
        guard failure == nil else { return false }
        do {
          try body(row)
          return true
        } catch {
          failure = error
          return false
        }
      },
      onResult: { _ in })
    if let failure { throw failure }
  }

  /// Runs a statement and folds its rows into a value, without keeping them.
  ///
  /// - Parameters:
  ///   - sql: one statement, with a `?` for each value.
  ///   - parameters: the values.
  ///   - initial: the value to start from.
  ///   - body: called with the value and each row.
  /// - Returns: the value after the last row.
  /// - Throws: the body's error, or ``DatabaseError``.
  package func reduceRows<Accumulated: Sendable>(
    _ sql: String, _ parameters: [SQLValue] = [], into initial: Accumulated,
    _ body: (inout Accumulated, Row) throws -> Void
  ) throws -> Accumulated {
    var value = initial
    try forEachRow(sql, parameters) { try body(&value, $0) }
    return value
  }

  /// Runs a `LOAD DATA LOCAL INFILE` whose bytes come from a source, not from a file.
  ///
  /// The file name in the statement is ignored. Without an open transaction the load has one of its
  /// own. When the source throws, the transaction is rolled back, also the caller's, since the
  /// server takes the received part for the whole. The server turns data errors of a local load
  /// into warnings: check ``lastWarningCount``.
  ///
  /// - Parameters:
  ///   - sql: the statement.
  ///   - source: supplies the bytes.
  /// - Returns: the number of rows loaded.
  /// - Throws: the source's own error, or ``DatabaseError``.
  @discardableResult
  package func loadData(_ sql: String, from source: inout some BulkSource) throws -> Int64 {
    let ownsTransaction = !session.isInTransaction && session.isAutocommit
    if ownsTransaction { try execute("START TRANSACTION") }
    do {
      let rows = try withUnsafeMutablePointer(to: &source) { pointer in
        try session.load(sql) { try pointer.pointee.read(into: $0) }
      }
      let warnings = session.lastWarningCount
      if ownsTransaction { try execute("COMMIT") }
      session.keepWarningCount(warnings)
      return rows
    } catch {
      let isSourceFailure = session.sourceFailure != nil
      if isSourceFailure, !ownsTransaction { transactionFailure = error }
      if isSourceFailure || ownsTransaction { try rollBack(after: error) }
      throw error
    }
  }
}
