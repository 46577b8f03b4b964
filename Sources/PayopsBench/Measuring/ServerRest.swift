import MariaDBClient

/// Lets the server finish the background work of earlier measurements, so that none affects the
/// next.
enum ServerRest {
  /// The I/O capacity with which the server writes its changed pages while it rests. At its
  /// default, 200 pages a second, a rest would last longer than the measured work.
  private static let settings = [
    ("innodb_io_capacity_max", "20000"), ("innodb_io_capacity", "20000"),
    ("innodb_max_dirty_pages_pct", "0"),
  ]

  /// Waits until the changed pages are on disk and old row versions are purged, two minutes at
  /// most for each.
  static func wait(_ connection: Connection) async throws {
    var before: [(String, String)] = []
    for (name, value) in settings {
      let row = try await connection.ask("SELECT CAST(@@GLOBAL.\(name) AS CHAR) AS value").first
      before.insert((name, row?["value"] ?? value), at: 0)
      try await connection.perform("SET GLOBAL \(name) = \(value)")
    }
    do {
      try await wait(connection, "INNODB_HISTORY_LIST_LENGTH", below: 2000)
      try await wait(connection, "INNODB_BUFFER_POOL_PAGES_DIRTY", below: 500)
    } catch {
      try? await set(connection, before)
      throw error
    }
    try await set(connection, before)
  }

  private static func set(_ connection: Connection, _ values: [(String, String)]) async throws {
    for (name, value) in values { try await connection.perform("SET GLOBAL \(name) = \(value)") }
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
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
