internal import MariaDBClient
internal import Synchronization

/// Statements that may take long, and that the server stops when the task is cancelled.
extension Connection {
  /// Runs a statement, which is ended on the server when the task is cancelled.
  package nonisolated func executeCancellable(_ statement: String) async throws {
    try await executeCancellable(bytes: Array(statement.utf8))
  }

  /// When the statement was done before the server could stop it, there is no error.
  package nonisolated func executeCancellable(bytes: [UInt8]) async throws {
    try Task.checkCancellation()
    let stopping = Mutex<Task<Void, Never>?>(nil)
    try await withTaskCancellationHandler {
      _ = try await execute(bytes: bytes)
    } onCancel: {
      stopping.withLock { $0 = Task { try? await cancelRunningStatement() } }
    }
    // What came too late must not stop the next statement.
    if let task = stopping.withLock({ $0 }) {
      await task.value
      _ = try? await execute("DO 0")
    }
  }
}
