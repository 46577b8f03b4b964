import Synchronization

/// The order of the players in a simulation: each relevant call waits for its turn, so that the
/// order of all calls, the passing of time, pauses and kills follow from one seed.
///
/// The stage counts the running tasks. Only when all of them wait does the next one get its turn.
final class Stage: Sendable {
  /// Thrown in a player that was killed.
  struct Killed: Error {}

  private struct State {
    var waiting: [(player: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    var killed: Set<Int> = []
    var moving = 0
    var onQuiet: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Registers a task as running.
  func begin() { state.withLock { $0.moving += 1 } }

  /// Registers the end of a task.
  func end() { rest { _ in } }

  /// Waits until the player may make its next call.
  func turn(_ player: Int) async throws {
    if isKilled(player) { throw Killed() }
    try await withCheckedThrowingContinuation { continuation in
      rest { $0.waiting.append((player, continuation)) }
    }
  }

  /// Whether a player was killed; its last call may still take effect.
  func isKilled(_ player: Int) -> Bool { state.withLock { $0.killed.contains(player) } }

  /// Kills a player: every call that waits, and every later one, fails.
  func kill(_ player: Int) {
    let hit = state.withLock { state in
      state.killed.insert(player)
      let hit = state.waiting.filter { $0.player == player }
      state.waiting.removeAll { $0.player == player }
      state.moving += hit.count
      return hit.map(\.continuation)
    }
    for continuation in hit { continuation.resume(throwing: Killed()) }
  }

  /// The waiting players, once no task is running.
  func waitingPlayers() async -> [Int] {
    await withCheckedContinuation { continuation in
      let isQuiet = state.withLock { state in
        if state.moving > 0 { state.onQuiet = continuation }
        return state.moving == 0
      }
      if isQuiet { continuation.resume() }
    }
    return state.withLock { $0.waiting.map(\.player).sorted() }
  }

  /// Executes one call of a player.
  func release(_ player: Int, _ index: Int) {
    let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
      let places = state.waiting.indices.filter { state.waiting[$0].player == player }
      guard !places.isEmpty else { return nil }
      state.moving += 1
      return state.waiting.remove(at: places[index % places.count]).continuation
    }
    continuation?.resume()
  }

  /// Counts a task as waiting, and wakes the stage when all wait.
  private func rest(_ change: (inout State) -> Void) {
    let quiet = state.withLock { state -> CheckedContinuation<Void, Never>? in
      change(&state)
      state.moving -= 1
      guard state.moving == 0 else { return nil }
      defer { state.onQuiet = nil }
      return state.onQuiet
    }
    quiet?.resume()
  }
}
