import MariaDBClient

/// Applies captured changes to the rollups until none are left.
struct RollupRefresh: Sendable {
  /// Changes applied.
  private(set) var changes: Int64 = 0
  /// Calls of `refresh_rollups`.
  private(set) var calls = 0

  /// Drains the change logs.
  ///
  /// - Parameters:
  ///   - connection: connection with the schema selected
  ///   - batch: most changes of each log in one transaction
  ///   - progress: told the changes applied so far after each transaction
  /// - Returns: what was applied
  /// - Throws: `DatabaseError`, or `CancellationError` between two transactions
  static func drain(
    _ connection: Connection, batch: Int, progress: @Sendable (Int) -> Void = { _ in }
  ) async throws -> RollupRefresh {
    var refresh = RollupRefresh()
    var isDone = false
    while !isDone {
      try Task.checkCancellation()
      let step = try await connection.refreshRollups(batch: batch)
      refresh.changes += step.applied
      refresh.calls += 1
      isDone = step.applied == 0 || !step.hasMore
      progress(Int(refresh.changes))
    }
    return refresh
  }
}

extension Connection {
  /// Calls `refresh_rollups` once.
  ///
  /// - Parameter batch: most changes of each log to take
  /// - Returns: changes applied, and whether more are waiting
  fileprivate func refreshRollups(batch: Int) throws -> (applied: Int64, hasMore: Bool) {
    let row = try query("CALL refresh_rollups(?)", [.integer(Int64(batch))]).rows.first
    guard let row else { return (0, false) }
    let applied = ["transaction_changes", "settlement_changes", "login_changes"]
      .reduce(Int64(0)) { $0 + (row.integer($1) ?? 0) }
    return (applied, row.integer("has_more") == 1)
  }
}
