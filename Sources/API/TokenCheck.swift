internal import Cryptography
internal import MariaDBClient
internal import PayopsCore
internal import Synchronization

/// Finds out who holds a token. What the database said counts while the audit log, which has each
/// change of a token, stays as it was; so a viewer who only looks costs no statement.
final class TokenCheck: Sendable {
  private struct Entry: Sendable {
    /// nil when there is no such token.
    let found: (hash: String, person: String, scope: Scope, expiresAt: String, secondsLeft: Int64)?
    /// The revision of the audit log before the database was asked.
    let audit: String
    let at = ContinuousClock.now

    init(_ row: Row?, audit: String) {
      self.audit = audit
      found = row.flatMap { row in
        Scope(rawValue: row["scope"] ?? "").map { scope in
          (
            hash: row["token_hash"] ?? "", person: row["person"] ?? "", scope: scope,
            expiresAt: row["expires_at"] ?? "", secondsLeft: row.integer("seconds_left") ?? 0
          )
        }
      }
    }
  }

  /// What the database said counts no longer than this, whatever the audit log says.
  static let lifetime = Duration.seconds(600)
  private let entries = ReadMostly<[Int64: Entry]>([:])
  /// Questions that are under way: however many requests have a token, the database is asked once.
  private let asking = Mutex<[Int64: Task<Entry, any Error>]>([:])
  private let pools: DatabasePools

  init(pools: DatabasePools) {
    self.pools = pools
  }

  /// What a check found.
  enum Outcome {
    case valid(Caller)
    case invalid
    /// The database must be asked.
    case unknown
  }

  /// Checks a token by what is known, without asking.
  ///
  /// - Parameter audit: the revision of the audit log
  func known(_ token: APIToken, isByCookie: Bool, audit: String) -> Outcome {
    let entry = entries.read { $0[token.id] }
    guard let entry, entry.audit == audit, ContinuousClock.now - entry.at < Self.lifetime else {
      return .unknown
    }
    return Self.holder(of: token, entry, isByCookie).map { .valid($0) } ?? .invalid
  }

  /// The holder of a token by what was known last, however long ago; for when the database is away.
  func lastKnown(_ token: APIToken, isByCookie: Bool) -> Caller? {
    entries.read { $0[token.id] }.flatMap { Self.holder(of: token, $0, isByCookie) }
  }

  private static func holder(of token: APIToken, _ entry: Entry, _ isByCookie: Bool) -> Caller? {
    guard let found = entry.found,
      // Compared also when it has expired, in a time that does not depend on the secret.
      ConstantTime.areEqual(token.hash, found.hash),
      ContinuousClock.now < entry.at + .seconds(found.secondsLeft)
    else { return nil }
    return Caller(
      token: token, person: found.person, scope: found.scope, expiresAt: found.expiresAt,
      isByCookie: isByCookie)
  }

  /// Checks a token, asking the database where that is needed.
  ///
  /// - Returns: nil for a token that does not exist, has expired, is revoked, or has another secret
  func caller(_ token: APIToken, isByCookie: Bool, audit: String) async throws -> Caller? {
    if case .unknown = known(token, isByCookie: isByCookie, audit: audit) {
      let entry = try await entry(token.id, audit: audit)
      entries.change { entries in
        // Numbers that callers make up must not fill the memory.
        if entries.count >= 4096 { entries = [:] }
        entries[token.id] = entry
      }
    }
    if case .valid(let caller) = known(token, isByCookie: isByCookie, audit: audit) {
      return caller
    }
    return nil
  }

  /// Asks the database for a token.
  private func entry(_ id: Int64, audit: String) async throws -> Entry {
    let pools = pools
    let task = asking.withLock { asking in
      if let task = asking[id] { return task }
      let task = Task {
        let row = try await pools.use(.read, .page) { connection in
          try await connection.query("CALL find_api_token(?)", [.integer(id)]).rows.first
        }
        return Entry(row, audit: audit)
      }
      asking[id] = task
      return task
    }
    let result = await task.result
    asking.withLock { $0[id] = nil }
    return try result.get()
  }

  /// Forgets a token, which was closed here.
  func forget(_ id: Int64) {
    _ = entries.change { $0.removeValue(forKey: id) }
  }
}
