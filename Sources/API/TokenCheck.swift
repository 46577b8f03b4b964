internal import Cryptography
internal import MariaDBClient
internal import PayopsCore
internal import Synchronization

/// Finds out who holds a token. What the database said counts for five seconds, so that a revoked
/// token works no longer than that.
final class TokenCheck: Sendable {
  private struct Entry: Sendable {
    /// nil when there is no such token.
    let found: (hash: String, person: String, scope: Scope, expiresAt: String, secondsLeft: Int64)?
    let at = ContinuousClock.now

    init(_ row: Row?) {
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

  static let lifetime = Duration.seconds(5)
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
  func known(_ token: APIToken, isByCookie: Bool) -> Outcome {
    let entry = entries.read { $0[token.id] }
    guard let entry, ContinuousClock.now - entry.at < Self.lifetime else { return .unknown }
    guard let found = entry.found,
      // Compared also when it has expired, in a time that does not depend on the secret.
      ConstantTime.areEqual(token.hash, found.hash),
      ContinuousClock.now < entry.at + .seconds(found.secondsLeft)
    else { return .invalid }
    return .valid(
      Caller(
        token: token, person: found.person, scope: found.scope, expiresAt: found.expiresAt,
        isByCookie: isByCookie))
  }

  /// Checks a token, asking the database where that is needed.
  ///
  /// - Returns: nil for a token that does not exist, has expired, is revoked, or has another secret
  func caller(_ token: APIToken, isByCookie: Bool) async throws -> Caller? {
    if case .unknown = known(token, isByCookie: isByCookie) {
      let entry = try await entry(token.id)
      entries.change { entries in
        // Numbers that callers make up must not fill the memory.
        if entries.count >= 4096 { entries = [:] }
        entries[token.id] = entry
      }
    }
    if case .valid(let caller) = known(token, isByCookie: isByCookie) { return caller }
    return nil
  }

  /// Asks the database for a token.
  private func entry(_ id: Int64) async throws -> Entry {
    let pools = pools
    let task = asking.withLock { asking in
      if let task = asking[id] { return task }
      let task = Task {
        let row = try await pools.use(.read, .page) { connection in
          try await connection.query("CALL find_api_token(?)", [.integer(id)]).rows.first
        }
        return Entry(row)
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
