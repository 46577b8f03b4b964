internal import MariaDBClient
internal import Synchronization

/// Long statements, which the server stops when the task is cancelled.
extension Connection {
  /// Runs a statement, which is killed on the server when the task is cancelled.
  package nonisolated func executeCancellable(_ statement: String) async throws {
    try await executeCancellable(bytes: Array(statement.utf8))
  }

  /// A statement that finished before the server could stop it gives no error.
  package nonisolated func executeCancellable(bytes: [UInt8]) async throws {
    try Task.checkCancellation()
    let stopping = Mutex<Task<Void, Never>?>(nil)
    try await withTaskCancellationHandler {
      _ = try await execute(bytes: bytes)
    } onCancel: {
      stopping.withLock { $0 = Task { try? await cancelRunningStatement() } }
    }
    // A KILL that came too late must not stop the next statement.
    if let task = stopping.withLock({ $0 }) {
      await task.value
      _ = try? await execute("DO 0")
    }
  }
}
