extension Connection {
  /// Runs a body in one transaction: committed when it returns, rolled back when it throws.
  ///
  /// Callable from anywhere; code isolated to the connection can use ``atomically(isolation:_:)``,
  /// whose body may change variables around it.
  ///
  /// - Parameters:
  ///   - isolation: what it sees of others, and what its reads lock.
  ///   - attempts: how often it is tried in all when it is the victim of a deadlock, waits too long
  ///     for a lock, or read a record that another session has changed; the body must be safe to
  ///     run again from its beginning.
  ///   - body: the work; it has exclusive use of the connection.
  /// - Returns: what the body returns.
  /// - Throws: the body's error; ``DatabaseError/Code/transactionOpen`` when a transaction is open
  ///   already; ``DatabaseError/Code/rollbackFailed`` with both errors when the rollback fails too.
  package func transaction<T: Sendable>(
    isolation: IsolationLevel = .readCommitted, attempts: Int = 1,
    _ body: @Sendable (isolated Connection) throws -> T
  ) throws -> T {
    var attempt = 1
    while true {
      do {
        return try atomically(isolation: isolation) { try body(self) }
      } catch let error as DatabaseError where attempt < attempts && error.isLockConflict {
        attempt += 1
      }
    }
  }

  /// Runs a body in one transaction, for code that is isolated to the connection.
  ///
  /// - Parameters:
  ///   - isolation: what it sees of others, and what its reads lock.
  ///   - body: the work.
  /// - Returns: what the body returns.
  /// - Throws: as ``transaction(isolation:attempts:_:)``.
  package func atomically<T>(
    isolation: IsolationLevel = .readCommitted, _ body: () throws -> T
  ) throws -> T {
    guard !session.isInTransaction else {
      throw DatabaseError(code: .transactionOpen, context: "START TRANSACTION")
    }
    transactionFailure = nil
    try execute("SET TRANSACTION ISOLATION LEVEL \(isolation.rawValue)")
    try execute("START TRANSACTION")
    do {
      let value = try body()
      if let transactionFailure { throw transactionFailure }
      try execute("COMMIT")
      return value
    } catch {
      try rollBack(after: error)
      throw error
    }
  }

  /// Rolls back because of an error.
  ///
  /// - Parameter error: what made the rollback necessary.
  /// - Throws: both errors in one when the rollback fails; retryable if the first error is.
  func rollBack(after error: any Error) throws {
    do throws(DatabaseError) {
      try execute("ROLLBACK")
    } catch let rollback {
      let cause = error as? DatabaseError
      throw DatabaseError(
        code: .rollbackFailed, errno: cause?.errno ?? rollback.errno,
        sqlState: cause?.sqlState ?? rollback.sqlState,
        serverMessage: cause?.serverMessage ?? rollback.serverMessage,
        context: cause?.context ?? rollback.context, underlying: [error, rollback])
    }
  }
}
