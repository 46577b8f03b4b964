package import MariaDBClient

/// Schemas of a server, and their making.
package enum SchemaLookup {
  /// Whether the server has a schema of the name, as far as the account can see.
  package static func exists(_ name: String, on connection: Connection) async throws -> Bool {
    try await !connection.query(
      "SELECT 1 AS found FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", [.text(name)]
    ).rows.isEmpty
  }

  /// Makes a schema unless it exists.
  package static func make(_ name: String, on connection: Connection) async throws {
    guard try await !exists(name, on: connection) else { return }
    try await connection.execute(
      "CREATE DATABASE IF NOT EXISTS \(quoted(name)) \(TextDefaults.clause)")
  }

  /// Selects a schema.
  package static func select(_ name: String, on connection: Connection) async throws {
    try await connection.execute("USE \(quoted(name))")
  }

  /// Whether payops was deployed into a schema, as far as the account can see.
  package static func isDeployed(_ name: String, on connection: Connection) async throws -> Bool {
    try await !connection.query(
      "SELECT 1 AS found FROM information_schema.TABLES"
        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'deployed_objects'", [.text(name)]
    ).rows.isEmpty
  }

  /// The first schemas of payops that the account can see, at most a hundred.
  package static func deployed(on connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT TABLE_SCHEMA AS name FROM information_schema.TABLES
      WHERE TABLE_NAME = 'deployed_objects' ORDER BY TABLE_SCHEMA LIMIT 100
      """
    ).rows.compactMap { $0["name"] }
  }

  private static func quoted(_ name: String) -> String {
    "`" + name.replacing("`", with: "``") + "`"
  }
}
