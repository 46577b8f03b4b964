internal import Cryptography
package import MariaDBClient

/// The rows of a schema's published views at one instant.
///
/// A snapshot and its restore are read at different moments, so the session's clock is fixed at the
/// instant of the snapshot. Views with values that no session can fix (`SYSDATE()`, `RAND()`, the
/// connected account) are not compared.
package enum PublishedViews {
  /// Time limit for reading one view in a backup, seconds: a view over every payment of every case
  /// is meant for reading one case, and must not delay a backup by hours.
  static let secondsEach = 20.0

  /// Digests of the views that the catalogue of KPIs lists, with their usual filters.
  ///
  /// - Parameters:
  ///   - connection: a connection with the schema selected.
  ///   - asOf: the instant that views take as now (UTC).
  ///   - wanted: the views to read; nil for all.
  ///   - secondsEach: time limit for each view; nil for none. A slower view is left out.
  /// - Returns: nil when the schema has no such catalogue.
  package static func read(
    on connection: Connection, asOf: String, wanted: Set<String>? = nil, secondsEach: Double? = nil
  ) async throws -> BackupManifest.ViewDigest? {
    let catalog = try await connection.query(
      "SELECT 1 AS found FROM information_schema.columns WHERE table_schema = DATABASE()"
        + " AND table_name = 'kpi_catalog' AND column_name = 'source_view'")
    guard !catalog.rows.isEmpty else { return nil }
    try await connection.execute("SET @payops_as_of = ?", [.text(asOf)])
    let isHeld = try await holdClock(at: asOf, on: connection)
    do {
      let digest = try await read(
        on: connection, asOf: asOf, isHeld: isHeld, wanted: wanted, secondsEach: secondsEach)
      if isHeld { try await connection.execute("SET SESSION timestamp = DEFAULT") }
      return digest
    } catch {
      if isHeld { _ = try? await connection.execute("SET SESSION timestamp = DEFAULT") }
      throw error
    }
  }

  /// Fixes the clock of a session.
  ///
  /// - Returns: false where the server forbids it to its sessions (`secure_timestamp`).
  private static func holdClock(at asOf: String, on connection: Connection) async throws -> Bool {
    do {
      // UNIX_TIMESTAMP() would read the text in the zone of the session.
      try await connection.execute(
        "SET SESSION timestamp = TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', ?)", [.text(asOf)])
      return true
    } catch {
      if error.code == .connectionLost { throw error }
      return false
    }
  }

  private static func read(
    on connection: Connection, asOf: String, isHeld: Bool, wanted: Set<String>?,
    secondsEach: Double?
  ) async throws -> BackupManifest.ViewDigest {
    let unsteady = try await UnsteadyViews.read(on: connection).names(clockIsHeld: isHeld)
    let rows = try await connection.query(
      "SELECT source_view AS name, MIN(default_filter) AS filter FROM kpi_catalog"
        + " GROUP BY source_view ORDER BY source_view"
    ).rows.filter { wanted?.contains($0["name"] ?? "") ?? true }
    var digests: [String: String] = [:]
    var unread: Set<String> = []
    for row in rows {
      guard let name = row["name"], !unsteady.contains(name) else { continue }
      try Task.checkCancellation()
      let filter = row["filter"].flatMap { $0.isEmpty ? nil : " WHERE \($0)" } ?? ""
      do {
        let sql = "SELECT * FROM \(ObjectInventory.quoted(name))\(filter)"
        digests[name] = try await digest(
          of: secondsEach.map { connection.limited(sql, toSeconds: $0) } ?? sql, on: connection)
      } catch let error as DatabaseError {
        // Unreadable, or too slow: there is nothing to compare.
        guard error.isOfMissingDefiner || error.isOfStatementLimit else { throw error }
        unread.insert(name)
      }
    }
    return BackupManifest.ViewDigest(
      asOf: asOf, digests: digests, isClockHeld: isHeld,
      uncompared: rows.compactMap { $0["name"] }.filter { unsteady.union(unread).contains($0) })
  }

  /// A digest of the rows of a statement that does not depend on their order.
  private static func digest(of sql: String, on connection: Connection) async throws -> String {
    struct Sum: Sendable {
      var rows = 0
      var words: [UInt64] = [0, 0]
    }
    let sum = try await connection.reduceRows(sql, into: Sum()) { sum, row in
      let text = row.values.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
      let hash = SHA256.of(text)
      sum.rows += 1
      for (position, part) in [hash.prefix(16), hash.dropFirst(16).prefix(16)].enumerated() {
        sum.words[position] &+= UInt64(part, radix: 16) ?? 0
      }
    }
    return "\(sum.rows):" + sum.words.map { String($0, radix: 16) }.joined(separator: ".")
  }
}

/// The views of a schema whose rows do not depend on its tables alone.
package struct UnsteadyViews: Sendable {
  /// Views that read the clock of their session, which can be fixed.
  private let clock: Set<String>
  /// Views that read values that cannot be fixed.
  private let unholdable: Set<String>

  /// Reads the definitions of the views and of the functions that they call.
  package static func read(on connection: Connection) async throws -> UnsteadyViews {
    let rows = try await connection.query(
      """
      SELECT table_name AS name, view_definition AS text FROM information_schema.views
      WHERE table_schema = DATABASE()
      UNION ALL
      SELECT routine_name, routine_definition FROM information_schema.routines
      WHERE routine_schema = DATABASE() AND routine_type = 'FUNCTION'
      """
    ).rows
    return UnsteadyViews(rows.map { ($0["name"] ?? "", $0["text"] ?? "") })
  }

  /// - Parameter definitions: name and text of each view and function.
  package init(_ definitions: [(name: String, text: String)]) {
    var uses: [String: Set<String>] = [:]
    var clock: Set<String> = []
    var unholdable: Set<String> = []
    for (name, text) in definitions {
      guard let tokens = try? SQLToken.tokens(of: Array(text.utf8)) else {
        // Its reads are unknown.
        unholdable.insert(name)
        continue
      }
      uses[name, default: []].formUnion(tokens.compactMap(\.identifier))
      let calls = Set(tokens.compactMap { Self.word($0) })
      // `as_of` gives the instant set in the session, and the clock only without one.
      let isFixed = name == "as_of" && tokens.contains(.variable("@payops_as_of"))
      if !isFixed, !calls.isDisjoint(with: Self.clockWords) { clock.insert(name) }
      if Self.readsServer(tokens) || Self.readsSession(tokens) { unholdable.insert(name) }
    }
    self.clock = Self.reaching(clock, by: uses)
    self.unholdable = Self.reaching(unholdable, by: uses)
  }

  /// Names of the views (and functions) that cannot be compared.
  package func names(clockIsHeld: Bool) -> Set<String> {
    clockIsHeld ? unholdable : unholdable.union(clock)
  }

  /// Everything that uses one of some objects, directly or indirectly.
  private static func reaching(
    _ marked: Set<String>, by uses: [String: Set<String>]
  ) -> Set<String> {
    var found = marked
    var count = -1
    while found.count != count {
      count = found.count
      for (name, used) in uses where !used.isDisjoint(with: found) { found.insert(name) }
    }
    return found
  }

  /// A word without quotes, in lower case.
  private static func word(_ token: SQLToken) -> String? {
    if case .word(let word) = token { word.lowercased() } else { nil }
  }

  /// Whether a text reads the activity of the server.
  private static func readsServer(_ tokens: [SQLToken]) -> Bool {
    let names = Set(tokens.compactMap { $0.identifier?.lowercased() })
    return names.contains("performance_schema")
      || names.contains("information_schema") && !names.isDisjoint(with: serverTables)
  }

  /// Whether a text reads values that differ between sessions or calls.
  private static func readsSession(_ tokens: [SQLToken]) -> Bool {
    zip(tokens, tokens.dropFirst() + [.mark(";")]).contains { token, next in
      if case .setting = token { return true }
      guard let word = word(token) else { return false }
      return unholdableWords.contains(word) || next == .mark("(") && unholdableCalls.contains(word)
    }
  }

  private static let clockWords: Set<String> = [
    "now", "current_timestamp", "localtime", "localtimestamp", "curdate", "current_date", "curtime",
    "current_time", "utc_timestamp", "utc_date", "utc_time", "unix_timestamp",
  ]
  /// These need no parentheses.
  private static let unholdableWords: Set<String> = ["sysdate", "current_user", "current_role"]
  private static let unholdableCalls: Set<String> = [
    "rand", "uuid", "uuid_short", "uuid_v4", "uuid_v7", "sys_guid", "random_bytes",
    "connection_id", "user", "session_user", "system_user", "version", "last_insert_id",
    "found_rows", "row_count", "sleep", "get_lock", "is_free_lock", "is_used_lock", "nextval",
    "lastval",
  ]
  /// Tables of `information_schema` that show the server's activity, not a schema's contents.
  private static let serverTables: Set<String> = [
    "processlist", "global_status", "session_status", "global_variables", "session_variables",
    "system_variables", "innodb_trx", "innodb_metrics", "innodb_buffer_pool_stats",
  ]
}
