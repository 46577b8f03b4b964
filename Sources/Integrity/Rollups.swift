package import MariaDBClient
package import PayopsCore
package import Tabular

/// The rollups: refreshed from captured changes, and compared with the base tables.
package enum Rollups {
  /// What a refresh did.
  package struct Refresh: Sendable {
    /// Changes applied.
    package fileprivate(set) var changes: Int64 = 0
    /// Calls of `refresh_rollups`.
    package fileprivate(set) var calls = 0
  }

  /// Applies the changes that wait in the change logs.
  ///
  /// While an application writes, changes wait at any moment: the refresh ends with the transaction
  /// that applied all changes it saw.
  ///
  /// - Parameters:
  ///   - connection: connection with the schema selected
  ///   - batch: most changes of each log in one transaction
  ///   - progress: called after each transaction with the changes applied so far
  /// - Returns: the changes and calls
  /// - Throws: `DatabaseError`, or `CancellationError` between two transactions
  package static func refresh(
    _ connection: Connection, batch: Int, progress: @Sendable (Int) -> Void = { _ in }
  ) async throws -> Refresh {
    var refresh = Refresh()
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

  /// Recomputes the rollups of days from the base tables.
  ///
  /// - Parameters:
  ///   - from: the first day; nil for the first with data
  ///   - to: the last day; nil for the last with data
  ///   - connection: connection with the schema selected
  /// - Returns: the differences
  package static func reconcile(
    from: CivilDate?, to: CivilDate?, on connection: Connection
  ) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "CALL reconcile_rollups(?, ?)",
        [.text(from?.description ?? "1000-01-01"), .text(to?.description ?? "4999-12-31")]))
  }
}

extension Connection {
  /// Calls `refresh_rollups` once.
  ///
  /// - Parameter batch: most changes of each log to apply
  /// - Returns: changes applied, whether a log had at least as many as that, and whether changes
  ///   still wait
  fileprivate func refreshRollups(
    batch: Int
  ) throws -> (applied: Int64, isFull: Bool, hasMore: Bool) {
    let row = try query("CALL refresh_rollups(?)", [.integer(Int64(batch))]).rows.first
    guard let row else { return (0, false, false) }
    let applied = ["transaction_changes", "settlement_changes", "login_changes"]
      .map { row.integer($0) ?? 0 }
    return (
      applied.reduce(0, +), applied.contains { $0 >= Int64(batch) }, row.integer("has_more") == 1
    )
  }
}
