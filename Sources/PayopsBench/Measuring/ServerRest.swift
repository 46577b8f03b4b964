import MariaDBClient

/// Lets the server finish what earlier measurements left to do, so that none pays for another.
enum ServerRest {
  /// Waits until the changed pages are on disk and old row versions are purged, two minutes at
  /// most for each.
  static func wait(_ connection: Connection) async throws {
    let before = try await connection.ask(
      "SELECT @@GLOBAL.innodb_max_dirty_pages_pct AS pct"
    ).first?["pct"]
    try await connection.perform("SET GLOBAL innodb_max_dirty_pages_pct = 0")
    do {
      try await wait(connection, "INNODB_HISTORY_LIST_LENGTH", below: 2000)
      try await wait(connection, "INNODB_BUFFER_POOL_PAGES_DIRTY", below: 500)
    } catch {
      _ = try? await connection.perform("SET GLOBAL innodb_max_dirty_pages_pct = \(before ?? "90")")
      throw error
    }
    try await connection.perform("SET GLOBAL innodb_max_dirty_pages_pct = \(before ?? "90")")
  }

  private static func wait(_ connection: Connection, _ name: String, below limit: Int64)
    async throws
  {
    for _ in 0..<600 {
      let row = try await connection.ask(
        "SELECT variable_value AS value FROM information_schema.global_status"
          + " WHERE variable_name = ?", [.text(name)]
      ).first
      guard let value = row?.integer("value"), value >= limit else { return }
      try await Task.sleep(for: .milliseconds(200))
    }
  }
}
