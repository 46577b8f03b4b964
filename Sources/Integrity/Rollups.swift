package import MariaDBClient
package import PayopsCore
package import Tabular

/// The rollups: brought up to date by captured changes, and proved by the base tables.
package enum Rollups {
  /// What a refresh came to.
  package struct Refresh: Sendable {
    /// Changes applied.
    package fileprivate(set) var changes: Int64 = 0
    /// Calls of `refresh_rollups`.
    package fileprivate(set) var calls = 0
  }

  /// Drains the change logs of what waits when it begins.
  ///
  /// Beside an application that always writes, changes wait at any moment: it ends with the
  /// transaction that took all it saw.
  ///
  /// - Parameters:
  ///   - connection: connection with the schema selected
  ///   - batch: most changes of each log in one transaction
  ///   - progress: gets the changes applied so far after each transaction
  /// - Returns: what was applied
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
