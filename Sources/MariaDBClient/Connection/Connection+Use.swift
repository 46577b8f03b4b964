extension Connection {
  /// Runs a piece of work on this connection, and closes it; a task that is cancelled cancels the
  /// statement that is running.
  ///
  /// - Parameter body: the work
  /// - Returns: what the work returns
  package nonisolated func use<Value: Sendable>(
    _ body: (Connection) async throws -> Value
  ) async throws -> Value {
    do {
      let value = try await withTaskCancellationHandler {
        try await body(self)
      } onCancel: {
        Task { try? await self.cancelRunningStatement() }
      }
      await close()
      return value
    } catch {
      await close()
      throw error
    }
  }
}
