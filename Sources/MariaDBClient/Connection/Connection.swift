internal import Dispatch
internal import PayopsCore

/// One connection to a server: an actor on a queue of its own, so that waiting for the server
/// never blocks a thread of the cooperative pool.
///
/// Every session uses utf8mb4, UTC and a strict SQL mode. Its transactions are READ COMMITTED by
/// default, so that no application waits for rows that one of them reads.
package actor Connection {
  /// The version of the server.
  package nonisolated let serverVersion: ServerVersion
  /// The server's id of the connection.
  package nonisolated let connectionId: UInt64
  /// The cipher of the encrypted connection; nil for plaintext.
  package nonisolated let tlsCipher: String?
  /// The options with which the connection was opened.
  package nonisolated let options: ConnectionOptions

  let session: Session
  /// The failure that ended the current transaction without its body's knowledge.
  var transactionFailure: (any Error)?
  private let executor: QueueExecutor

  /// The queue of this connection.
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private init(session: sending Session, executor: QueueExecutor, options: ConnectionOptions) {
    serverVersion = session.serverVersion
    connectionId = session.connectionId
    tlsCipher = session.tlsCipher
    self.options = options
    self.session = session
    self.executor = executor
  }

  isolated deinit { session.close() }

  /// Connects to a server and configures the session.
  ///
  /// - Parameter options: where and how.
  /// - Returns: the open connection; dropping the last reference closes it.
  /// - Throws: ``DatabaseError`` without a connection of the requested security.
  package static func open(_ options: ConnectionOptions) async throws(DatabaseError) -> Connection {
    let executor = QueueExecutor(label: "payops.connection")
    let result: Result<Session, DatabaseError> = await withCheckedContinuation { continuation in
      executor.queue.async {
        do throws(DatabaseError) {
          continuation.resume(returning: .success(try Session(options)))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    switch result {
    case .success(let session):
      return Connection(session: session, executor: executor, options: options)
    case .failure(let error): throw error
    }
  }

  /// Warnings raised by the last statement.
  package var lastWarningCount: Int { session.lastWarningCount }

  /// Whether a transaction is open.
  package var isInTransaction: Bool { session.isInTransaction }

  /// Runs a statement and returns its first result that has columns.
  ///
  /// - Parameters:
  ///   - sql: one statement, with a `?` for each value.
  ///   - parameters: the values.
  /// - Returns: the first result with columns, or the last result when none has.
  /// - Throws: ``DatabaseError``.
  package func query(_ sql: String, _ parameters: [SQLValue] = []) throws(DatabaseError)
    -> ResultSet
  {
    let results = try queryAll(sql, parameters)
    return results.first { !$0.columns.isEmpty } ?? results.last
      ?? ResultSet(columns: [], rows: [], affectedRows: 0, warningCount: 0)
  }

  /// Runs a statement and returns every result: a CALL has one for each SELECT, and one more.
  ///
  /// - Parameters:
  ///   - sql: one statement, with a `?` for each value.
  ///   - parameters: the values.
  /// - Returns: all results in the order of the server.
  /// - Throws: ``DatabaseError``.
  package func queryAll(_ sql: String, _ parameters: [SQLValue] = []) throws(DatabaseError)
    -> [ResultSet]
  {
    var results: [ResultSet] = []
    var rows: [Row] = []
    try session.perform(
      sql, parameters,
      onRow: { row in
        rows.append(row)
        return true
      },
      onResult: { outcome in
        results.append(
          ResultSet(
            columns: outcome.layout?.columns ?? [], rows: rows,
            affectedRows: outcome.affectedRows, warningCount: outcome.warningCount))
        rows = []
      })
    return results
  }

  /// Runs a statement for its effect.
  ///
  /// - Parameters:
  ///   - sql: one statement, with a `?` for each value.
  ///   - parameters: the values.
  /// - Returns: the number of rows that changed.
  /// - Throws: ``DatabaseError``.
  @discardableResult
  package func execute(_ sql: String, _ parameters: [SQLValue] = []) throws(DatabaseError) -> Int64
  {
    var affected: Int64 = 0
    try session.perform(
      sql, parameters, onRow: { _ in true }, onResult: { affected = $0.affectedRows })
    return affected
  }

  /// Runs one statement of any bytes for its effect: bytes from a file need not be valid text.
  ///
  /// - Parameter statement: the statement; no placeholders.
  /// - Returns: the number of rows that changed.
  /// - Throws: ``DatabaseError``.
  @discardableResult
  package func execute(bytes statement: [UInt8]) throws(DatabaseError) -> Int64 {
    var affected: Int64 = 0
    let result: Result<Void, DatabaseError> = statement.withUnsafeBytes { bytes in
      do throws(DatabaseError) {
        return .success(
          try session.perform(bytes: bytes, onResult: { affected = $0.affectedRows }))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
    return affected
  }

  /// Runs several statements separated by semicolons; bodies of routines need no DELIMITER.
  ///
  /// - Parameter sql: the statements.
  /// - Throws: ``DatabaseError`` of the first statement that fails, with its number as the context
  ///   (a CALL counts once for each of its results); the statements before it stay done.
  package func runScript(_ sql: String) throws(DatabaseError) {
    var number = 1
    do throws(DatabaseError) {
      try session.withMultiStatements { () throws(DatabaseError) in
        try session.perform(
          sql, [], onRow: { _ in true }, onResult: { _ in number += 1 })
      }
    } catch {
      throw error.with(context: "statement \(number) of the script")
    }
  }

  /// Runs several statements of any bytes, separated by semicolons, for their effect.
  ///
  /// - Parameter script: the statements; no placeholders.
  /// - Throws: ``DatabaseError`` of the first statement that fails, with its number as the context;
  ///   the statements before it stay done.
  package func runScript(bytes script: [UInt8]) throws(DatabaseError) {
    var number = 1
    do throws(DatabaseError) {
      try session.withMultiStatements { () throws(DatabaseError) in
        let result: Result<Void, DatabaseError> = script.withUnsafeBytes { bytes in
          do throws(DatabaseError) {
            return .success(try session.perform(bytes: bytes, onResult: { _ in number += 1 }))
          } catch {
            return .failure(error)
          }
        }
        try result.get()
      }
    } catch {
      throw error.with(context: "statement \(number) of the script")
    }
  }

  /// Closes the connection; another close does nothing.
  package func close() {
    session.close()
  }

  /// Cancels the statement that the connection is running, if any, through a second connection.
  ///
  /// When the statement ends by itself at the same moment, the cancellation may hit the next one.
  ///
  /// - Throws: ``DatabaseError`` when the second connection fails.
  package nonisolated func cancelRunningStatement() async throws(DatabaseError) {
    let other = try await Connection.open(options)
    do {
      try await other.execute("KILL QUERY \(connectionId)")
    } catch {
      await other.close()
      throw error
    }
    await other.close()
  }
}
