/// How long a statement may take, in the words of each server.
extension Connection {
  /// Lets no reading statement of this session take longer.
  ///
  /// MariaDB ends writing statements, too; MySQL has a limit for SELECT alone.
  ///
  /// - Parameter seconds: the time
  /// - Throws: `DatabaseError`
  package func limitStatements(toSeconds seconds: Int) throws {
    try execute(
      serverVersion.isMariaDB
        ? "SET SESSION max_statement_time = \(seconds)"
        : "SET SESSION max_execution_time = \(seconds * 1000)")
  }

  /// A SELECT that ends after some time.
  ///
  /// - Parameters:
  ///   - statement: the statement, which begins with the word SELECT
  ///   - seconds: the time
  /// - Returns: the statement, with its limit in the words of the server
  package nonisolated func limited(_ statement: String, toSeconds seconds: Double) -> String {
    Self.limited(statement, toSeconds: seconds, on: serverVersion)
  }

  /// The same for a server that need not be there.
  static func limited(
    _ statement: String, toSeconds seconds: Double, on version: ServerVersion
  ) -> String {
    guard !version.isMariaDB else {
      return "SET STATEMENT max_statement_time = \(seconds) FOR \(statement)"
    }
    let milliseconds = max(1, Int((seconds * 1000).rounded()))
    return "SELECT /*+ MAX_EXECUTION_TIME(\(milliseconds)) */"
      + statement.drop { $0.isWhitespace }.dropFirst("SELECT".count)
  }
}

extension DatabaseError {
  /// Whether a statement took longer than its limit.
  package var isOfStatementLimit: Bool { errno == 1969 || errno == 3024 }
}
