import MariaDBClient

/// Applies the captured changes that wait to the rollups.
struct RollupRefresh: Sendable {
  /// Changes applied.
  private(set) var changes: Int64 = 0
  /// Calls of `refresh_rollups`.
  private(set) var calls = 0

  /// Drains the change logs of what waits when it begins.
  ///
  /// Beside an application that always writes, changes wait at any moment: it ends with the
  /// transaction that took all it saw.
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
      isDone = step.applied == 0 || !step.isFull || !step.hasMore
      progress(Int(refresh.changes))
    }
    return refresh
  }
}

extension Connection {
  /// Calls `refresh_rollups` once.
  ///
  /// - Parameter batch: most changes of each log to take
  /// - Returns: changes applied, whether a log gave as many as were asked for, and whether changes
  ///   wait now
  fileprivate func refreshRollups(
    batch: Int
  ) throws -> (applied: Int64, isFull: Bool, hasMore: Bool) {
    let row = try query("CALL refresh_rollups(?)", [.integer(Int64(batch))]).rows.first
    guard let row else { return (0, false, false) }
    let taken = ["transaction_changes", "settlement_changes", "login_changes"]
      .map { row.integer($0) ?? 0 }
    return (
      taken.reduce(0, +), taken.contains { $0 >= Int64(batch) }, row.integer("has_more") == 1
    )
  }
}
