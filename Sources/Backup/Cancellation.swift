internal import MariaDBClient

/// Statements that may take long, and that the server stops when the task is cancelled.
extension Connection {
  nonisolated func executeCancellable(_ statement: String) async throws {
    try await executeCancellable(bytes: Array(statement.utf8))
  }

  /// When the statement was done before the server could stop it, there is no error.
  nonisolated func executeCancellable(bytes: [UInt8]) async throws {
    try Task.checkCancellation()
    try await withTaskCancellationHandler {
      _ = try await execute(bytes: bytes)
    } onCancel: {
      Task { try? await cancelRunningStatement() }
    }
  }
}
