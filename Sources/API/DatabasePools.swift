package import MariaDBClient
internal import PayopsCore
internal import Synchronization

/// The connections of the server: for each scope an account, for each kind of work a pool, so that
/// an export never delays a page.
package final class DatabasePools: Sendable {
  /// A kind of work.
  enum Lane: CaseIterable, Sendable {
    /// Pages and lists: two seconds.
    case page
    /// Work that changes something: ten seconds.
    case write
    /// Streams of whole views: an hour.
    case export
    /// Whether the database is there.
    case health
  }

  /// How often work was done so far.
  var uses: Int { counted.load(ordering: .relaxed) }

  private let counted = Atomic<Int>(0)
  private let pools: [Scope: [Lane: ConnectionPool]]

  /// Makes the pools.
  ///
  /// - Parameter accounts: how to connect for each scope; a scope without an account cannot be used
  package init(accounts: [Scope: ConnectionOptions]) {
    pools = accounts.mapValues { options in
      [
        .page: ConnectionPool(options, size: 4, statementSeconds: 2, waitLimit: .seconds(2)),
        .write: ConnectionPool(options, size: 2, statementSeconds: 10, waitLimit: .seconds(5)),
        .export: ConnectionPool(options, size: 2, statementSeconds: 3600, waitLimit: .seconds(5)),
        .health: ConnectionPool(options, size: 1, statementSeconds: 1, waitLimit: .seconds(1)),
      ]
    }
  }

  /// Whether there is an account for a scope.
  func has(_ scope: Scope) -> Bool { pools[scope] != nil }

  /// Runs work with the account of a scope.
  func use<Value: Sendable>(
    _ scope: Scope, _ lane: Lane, _ body: @Sendable (Connection) async throws -> Value
  ) async throws -> Value {
    guard let pool = pools[scope]?[lane] else {
      throw Fault(
        .noPermission, "this server has no database account for the scope \(scope.rawValue)",
        hint: "see `payops serve --help` on --accounts", code: "api.no_account")
    }
    counted.add(1, ordering: .relaxed)
    return try await pool.use(body)
  }

  /// Closes the connections that nobody uses.
  package func close() async {
    for lanes in pools.values { for pool in lanes.values { await pool.close() } }
  }
}
