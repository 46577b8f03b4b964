internal import Catalogue
internal import HTTP
internal import MariaDBClient
internal import Pages
internal import PayopsCore
internal import Synchronization

/// What requests share: connections, tokens, the catalogue, the revision and cached pages.
package final class APIService: Sendable {
  let pools: DatabasePools
  let tokens: TokenCheck
  let cache = PageCache()
  /// Codes of links that sign a browser in.
  package let codes = SignInCodes()
  private let state: Mutex<State>
  private let lastRevision = ReadMostly<Revision?>(nil)

  private struct State {
    var catalogue: Catalogue?
    var catalogueAt: ContinuousClock.Instant?
    var asking: Task<Revision, any Error>?
  }

  /// Makes the service.
  ///
  /// - Parameter pools: the connections
  package init(pools: DatabasePools) {
    self.pools = pools
    tokens = TokenCheck(pools: pools)
    state = Mutex(State())
  }

  /// The published views and KPIs, read again every minute.
  func catalogue() async throws -> Catalogue {
    let known = state.withLock { state in
      state.catalogueAt.map { .now - $0 < .seconds(60) } == true ? state.catalogue : nil
    }
    if let known { return known }
    let catalogue = try await pools.use(.read, .page) { try await Catalogue.read(on: $0) }
    state.withLock { state in
      state.catalogue = catalogue
      state.catalogueAt = .now
    }
    return catalogue
  }

  /// The revision when it was read just now.
  var recentRevision: Revision? {
    lastRevision.read { $0 }.flatMap { .now - $0.at < Revision.lifetime ? $0 : nil }
  }

  /// Lets the next request ask for the revision.
  func forgetRevision() { lastRevision.change { $0 = nil } }

  /// The revision; however many ask, the database is asked once in its lifetime.
  func revision() async throws -> Revision {
    if let recent = recentRevision { return recent }
    let pools = pools
    let before = lastRevision.read { $0 }
    let task = state.withLock { state in
      if let task = state.asking { return task }
      let task = Task {
        try await pools.use(.read, .page) { connection in
          let row = try await connection.query(
            """
            SELECT
                r.revision, r.payment_revision, r.alert_revision, r.monitor_revision,
                r.risk_revision, r.audit_revision,
                COALESCE(\(Moment.endOfHistory), UTC_TIMESTAMP()) AS moment
            FROM ops_revision AS r
            """
          ).rows.first
          return Revision(row, after: before)
        }
      }
      state.asking = task
      return task
    }
    let result = await task.result
    if case .success(let revision) = result { lastRevision.change { $0 = revision } }
    state.withLock { $0.asking = nil }
    return try result.get()
  }
}

/// The instant that views take as now.
enum Moment {
  /// Fixes it for a connection.
  ///
  /// - Parameter moment: the instant; nil for the present, or the end of a history that ended more
  ///   than an hour ago, whose present would be empty
  static func fix(on connection: Connection, as moment: String?) async throws {
    if let moment {
      try await connection.execute("SET @payops_as_of = ?", [.text(moment)])
      return
    }
    try await connection.execute("SET @payops_as_of = \(endOfHistory)")
  }

  /// The end of a history that ended more than an hour ago; NULL while payments still come.
  fileprivate static let endOfHistory = """
    (
        SELECT IF(
            last_event_at < UTC_TIMESTAMP() - INTERVAL 1 HOUR,
            last_event_at + INTERVAL 1 MINUTE, NULL)
        FROM rollup_state
        WHERE state_id = 1
    )
    """
}
