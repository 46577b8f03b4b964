/// Requests locks that make others wait, without making them wait for long.
///
/// A session that waits for a table lock or to change a definition blocks all later sessions. So
/// the request is made briefly, cancelled, and repeated after a pause in which the others proceed.
package struct BriefLock: Sendable {
  /// How long the statement may wait for its lock before it is cancelled.
  package var window: Duration = .milliseconds(40)
  /// The pause before the next attempt.
  package var pause: Duration = .milliseconds(120)
  /// The total time of all attempts.
  package var patience: Duration

  /// Describes the attempts.
  package init(patience: Duration) { self.patience = patience }

  /// Runs a statement that takes such a lock and may be run again when it was cancelled.
  ///
  /// - Parameters:
  ///   - statement: the statement
  ///   - connection: where it runs
  ///   - killer: another connection of the same account, which cancels it
  /// - Returns: whether it was run; false when it never got its lock
  /// - Throws: ``DatabaseError`` of any other kind
  package func run(
    _ statement: String, on connection: Connection, killer: Connection
  ) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + patience
    let before = try await connection.query("SELECT @@lock_wait_timeout AS s").rows.first?["s"]
    // In case the killer is lost; the server's finest unit is a second.
    try await connection.execute("SET SESSION lock_wait_timeout = 1")
    var isDone = false
    repeat {
      try Task.checkCancellation()
      isDone = try await attempt(statement, on: connection, killer: killer)
      if !isDone { try await Task.sleep(for: pause) }
    } while !isDone && clock.now < end
    if let before { try await connection.execute("SET SESSION lock_wait_timeout = \(before)") }
    return isDone
  }

  private func attempt(
    _ statement: String, on connection: Connection, killer: Connection
  ) async throws -> Bool {
    let window = window
    let id = connection.connectionId
    let cancelling = Task {
      do {
        try await Task.sleep(for: window)
      } catch {
        return false
      }
      try await killer.execute("KILL QUERY \(id)")
      return true
    }
    var failure: DatabaseError?
    do throws(DatabaseError) {
      _ = try await connection.queryAll(statement)
    } catch {
      failure = error
    }
    cancelling.cancel()
    let isCancelled = (try? await cancelling.value) ?? false
    if isCancelled, failure == nil || failure?.code != .interrupted {
      // It ended by itself at the same moment: the KILL would hit the next statement.
      _ = try? await connection.query("DO 0")
    }
    switch failure?.code {
    case nil: return true
    case .interrupted, .lockTimeout: return false
    default: throw failure ?? DatabaseError(code: .client, context: statement)
    }
  }
}
