internal import PayopsCore

/// Who sent a request.
package struct Caller: Sendable, Equatable {
  /// The token or session.
  package let token: APIToken
  /// The person who holds it.
  package let person: String
  /// What the person may do.
  package let scope: Scope
  /// Until when, as the database writes it (UTC).
  package let expiresAt: String
  /// Whether the token came in a cookie, which browsers send by themselves.
  package let isByCookie: Bool
}
