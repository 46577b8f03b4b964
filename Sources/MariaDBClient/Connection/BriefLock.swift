/// Asks for locks that others have to wait behind, without letting them wait for long.
///
/// Whoever waits for a table lock or a change of a definition holds up everybody who comes after.
/// So it is asked for briefly, given up, and asked for again after a rest in which the others get
/// their turn.
package struct BriefLock: Sendable {
  /// How long the statement may wait for its lock before it is given up.
  package var window: Duration = .milliseconds(40)
  /// The rest before it is tried again.
  package var pause: Duration = .milliseconds(120)
  /// For how long it is tried, in all.
  package var patience: Duration

  /// Describes how to ask.
  package init(patience: Duration) { self.patience = patience }

  /// Runs a statement that takes such a lock and may be run again when it was given up.
  ///
  /// - Parameters:
  ///   - statement: the statement
  ///   - connection: where it runs
  ///   - killer: another connection of the same account, which gives it up
  /// - Returns: whether it was run; false when it never got its lock
  /// - Throws: ``DatabaseError`` of any other kind
  package func run(
    _ statement: String, on connection: Connection, killer: Connection
  ) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + patience
    let before = try await connection.query("SELECT @@lock_wait_timeout AS s").rows.first?["s"]
    // For the case that the killer is lost; seconds are the finest that the server knows.
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
    let giving = Task {
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
    giving.cancel()
    let isGivenUp = (try? await giving.value) ?? false
    if isGivenUp, failure == nil || failure?.code != .interrupted {
      // It ended by itself at the same moment: the next statement would be the one that is killed.
      _ = try? await connection.query("DO 0")
    }
    switch failure?.code {
    case nil: return true
    case .interrupted, .lockTimeout: return false
    default: throw failure ?? DatabaseError(code: .client, context: statement)
    }
  }
}
