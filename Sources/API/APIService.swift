internal import Catalogue
internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Synchronization
internal import Tabular

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

  /// What changes when anything shown does.
  struct Revision: Sendable, Equatable {
    let token: String
    /// The instant that views take as now, as the database writes it (UTC).
    let asOf: String
    let at: ContinuousClock.Instant
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

  /// The revision when it was read within the last second.
  var recentRevision: Revision? {
    lastRevision.read { $0 }.flatMap { .now - $0.at < .seconds(1) ? $0 : nil }
  }

  /// The revision; however many ask, the database is asked once a second.
  func revision() async throws -> Revision {
    if let recent = recentRevision { return recent }
    let pools = pools
    let task = state.withLock { state in
      if let task = state.asking { return task }
      let task = Task {
        try await pools.use(.read, .page) { connection in
          try await Moment.fix(on: connection, as: nil)
          let row = try await connection.query(
            "SELECT r.revision, as_of() AS moment FROM ops_revision AS r"
          ).rows.first
          return Revision(
            token: row?["revision"] ?? "none", asOf: row?["moment"] ?? "", at: .now)
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
    try await connection.execute(
      """
      SET @payops_as_of = (
        SELECT IF(last_event_at < UTC_TIMESTAMP() - INTERVAL 1 HOUR,
          last_event_at + INTERVAL 1 MINUTE, NULL)
        FROM rollup_state WHERE state_id = 1)
      """)
  }
}
