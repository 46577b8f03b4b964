internal import Synchronization

/// Codes of links that sign a browser in: each works once, for ten minutes.
package final class SignInCodes: Sendable {
  static let lifetime = Duration.seconds(600)
  private let codes = Mutex<[String: (token: APIToken, until: ContinuousClock.Instant)]>([:])

  /// No codes yet.
  package init() {}

  /// Makes a code for the holder of a token; nil when the system has no random bytes.
  package func make(for token: APIToken) -> String? {
    guard let code = APIToken.makeSecret() else { return nil }
    codes.withLock { $0[APIToken.hash(of: code)] = (token, .now + Self.lifetime) }
    return code
  }

  /// Takes the token of a code; nil for an unknown one, one that was used or is too old.
  func take(_ code: String) -> APIToken? {
    codes.withLock { codes in
      let found = codes.removeValue(forKey: APIToken.hash(of: code))
      codes = codes.filter { $0.value.until > .now }
      return found.flatMap { $0.until > .now ? $0.token : nil }
    }
  }
}
