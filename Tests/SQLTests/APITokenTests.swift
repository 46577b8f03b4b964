import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("Tokens of the HTTP API", .timeLimit(.minutes(5)))
struct APITokenTests {
  private static let hash = String(repeating: "a", count: 64)
  private static let session = String(repeating: "b", count: 64)

  private func withSchema(_ body: @Sendable (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in try await body(connection) }
  }

  /// Makes a token of anna and gives its number.
  private func makeToken(_ connection: Connection, scope: String = "operate") async throws -> Int64
  {
    let rows = try await connection.query(
      "CALL create_api_token('anna', ?, ?, 90)", [.text(scope), .text(Self.hash)]
    ).rows
    return try #require(rows.first?.integer("token_id"))
  }

  private func find(_ id: Int64, on connection: Connection) async throws -> String? {
    try await connection.query("CALL find_api_token(?)", [.integer(id)]).rows.first.map {
      "\($0["person"] ?? "") \($0["scope"] ?? "")"
    }
  }

  @Test("a token is found until it expires or is revoked, with its sessions")
  func life() async throws {
    try await withSchema { connection in
      let id = try await makeToken(connection)
      #expect(try await find(id, on: connection) == "anna operate")
      let opened = try await connection.query(
        "CALL open_api_session(?, ?, ?)",
        [.integer(id), .text(Self.hash), .text(Self.session)]
      ).rows.first
      let session = try #require(opened?.integer("token_id"))
      #expect(try await find(session, on: connection) == "anna operate")
      // Not with a wrong secret, and not from a session.
      for (parent, secret) in [(id, Self.session), (session, Self.session)] {
        await #expect(throws: DatabaseError.self) {
          try await connection.query(
            "CALL open_api_session(?, ?, ?)",
            [.integer(parent), .text(secret), .text(Self.session)])
        }
      }
      try await connection.execute(
        "CALL close_api_session(?, ?)", [.integer(session), .text(Self.hash)])
      #expect(try await find(session, on: connection) == "anna operate")
      try await connection.execute("CALL revoke_api_token(?)", [.integer(id)])
      #expect(try await find(id, on: connection) == nil)
      #expect(try await find(session, on: connection) == nil)
    }
  }

  @Test("an expired token and the sessions of one are not found, whatever the session's clock")
  func expiry() async throws {
    try await withSchema { connection in
      let id = try await makeToken(connection)
      try await connection.execute(
        "CALL open_api_session(?, ?, ?)",
        [.integer(id), .text(Self.hash), .text(Self.session)])
      try await connection.execute(
        "UPDATE api_tokens SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE token_id = ?",
        [.integer(id)])
      try await connection.execute("SET timestamp = 1000000000")
      #expect(try await find(id, on: connection) == nil)
      #expect(try await find(id + 1, on: connection) == nil)
      try await connection.execute("SET timestamp = DEFAULT")
    }
  }

  @Test(
    "a token without person, scope, hash or life is refused",
    arguments: [
      "'', 'read', '\(hash)', 1", "NULL, 'read', '\(hash)', 1", "'a', 'root', '\(hash)', 1",
      "'a', NULL, '\(hash)', 1", "'a', 'read', 'abc', 1", "'a', 'read', NULL, 1",
      "'a', 'read', '\(hash)', 0", "'a', 'read', '\(hash)', 3651", "'a', 'read', '\(hash)', NULL",
      "CONCAT('a', CHAR(10)), 'read', '\(hash)', 1",
    ])
  func refused(_ arguments: String) async throws {
    try await withSchema { connection in
      await #expect {
        try await connection.query("CALL create_api_token(\(arguments))")
      } throws: { ($0 as? DatabaseError)?.errno == 30002 }
    }
  }

  @Test("revoking an unknown token is an error")
  func unknown() async throws {
    try await withSchema { connection in
      await #expect {
        try await connection.execute("CALL revoke_api_token(77)")
      } throws: { ($0 as? DatabaseError)?.errno == 30920 }
    }
  }

  @Test("only an account of the API acts for a person, and the audit log names the person")
  func persons() async throws {
    try await withSchema { connection in
      let me = try #require(
        try await connection.query("SELECT SESSION_USER() AS me").rows.first?["me"])
      try await connection.execute("SET @payops_person = 'anna'")
      let actor = { @Sendable (connection: Connection) async throws in
        try await connection.query("SELECT acting_person() AS who").rows.first?["who"]
      }
      #expect(try await actor(connection) == me)
      try await connection.execute(
        "INSERT INTO api_accounts (account_name, scope, created_at)"
          + " VALUES (SUBSTRING_INDEX(SESSION_USER(), '@', 1), 'operate', UTC_TIMESTAMP())")
      #expect(try await actor(connection) == "api:anna")
      let row = try await connection.query("CALL raise_alert('r', 's', 'WARNING', 'm')")
      _ = row
      try await connection.execute("CALL change_alert(1, 'acknowledged', 'mine', NULL)")
      let history = try await connection.query(
        "SELECT changed_by FROM ops_alert_changes WHERE change_kind = 'acknowledged'")
      #expect(history.rows.first?["changed_by"] == "api:anna")
      // Nobody writes such a name by hand.
      await #expect {
        try await connection.execute("CALL change_alert(1, 'comment', 'x', 'api:bob')")
      } throws: { ($0 as? DatabaseError)?.errno == 30002 }
      try await connection.execute(
        "UPDATE settings SET setting_value = setting_value + 1"
          + " WHERE setting_name = 'case_minimum_score'")
      let audit = try await connection.query(
        "SELECT actor FROM audit_log ORDER BY audit_id DESC LIMIT 1")
      #expect(audit.rows.first?["actor"] == "api:anna")
      try await connection.execute("SET @payops_person = NULL")
      #expect(try await actor(connection) == me)
    }
  }
}
