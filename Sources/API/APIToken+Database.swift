package import MariaDBClient
internal import PayopsCore
package import Tabular

extension APIToken {
  /// Makes a token and records its hash.
  ///
  /// - Returns: the token, and when it expires (UTC)
  /// - Throws: `DatabaseError`, `Fault` without random bytes
  package static func create(
    for person: String, _ scope: Scope, days: Int, on connection: Connection
  ) async throws -> (token: APIToken, expiresAt: String) {
    guard let secret = makeSecret() else {
      throw Fault(.internalError, "the system gives no random bytes")
    }
    let row = try await connection.query(
      "CALL create_api_token(?, ?, ?, ?)",
      [.text(person), .text(scope.rawValue), .text(hash(of: secret)), .integer(Int64(days))]
    ).rows.first
    guard let id = row?.integer("token_id") else {
      throw Fault(.internalError, "create_api_token gave no row")
    }
    return (APIToken(id: id, secret: secret), row?["expires_at"] ?? "")
  }

  /// Revokes a token and its sessions.
  ///
  /// - Throws: `DatabaseError` when the token does not exist
  package static func revoke(_ id: Int64, on connection: Connection) async throws {
    try await connection.execute("CALL revoke_api_token(?)", [.integer(id)])
  }

  /// The tokens, the newest first.
  ///
  /// - Parameters:
  ///   - sessions: whether sessions of browsers are among them
  ///   - all: whether revoked and expired ones are among them
  package static func list(
    sessions: Bool, all: Bool, on connection: Connection
  ) async throws -> DataTable {
    DataTable(
      try await connection.query(
        """
        SELECT token_id, person, scope, created_at, expires_at, revoked_at,
          parent_token_id AS session_of
        FROM api_tokens
        WHERE (? OR parent_token_id IS NULL)
          AND (? OR revoked_at IS NULL AND expires_at > UTC_TIMESTAMP())
        ORDER BY token_id DESC
        """, [.integer(sessions ? 1 : 0), .integer(all ? 1 : 0)]))
  }
}
