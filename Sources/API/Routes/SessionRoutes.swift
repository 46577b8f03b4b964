internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Who is signed in, and the sessions of browsers.
enum SessionRoutes {
  /// The cookie of a session.
  static let cookie = "payops_session"

  static let all: [Route] = [
    Route(
      method: "GET", path: "/api/v1/session", scope: .read, subject: "Session",
      summary: "Says who is signed in, with which scopes and until when"
    ) { request in .json(facts(request.caller)) },
    Route(
      method: "POST", path: "/api/v1/session", scope: .read, subject: "Session",
      summary: "Opens a session of a browser for the holder of a token: sets a cookie",
      run: open),
    Route(
      method: "DELETE", path: "/api/v1/session", scope: .read, subject: "Session",
      summary: "Closes the session of a browser", run: close),
    Route(
      method: "GET", path: "/sign-in", scope: nil, subject: "Session",
      summary: "Signs a browser in by a link, which works once",
      parameters: [
        Route.Parameter(
          name: "code", place: .query, isRequired: true, meaning: "the code of the link")
      ], answerType: "text/html", run: signIn),
  ]

  private static func signIn(_ request: APIRequest) async throws -> HTTPResponse {
    guard let code = request.http.parameter("code"), let token = request.service.codes.take(code)
    else {
      throw Problem(
        403, code: "link", "the link was used before, or is older than ten minutes",
        hint: "start `payops serve` again, or sign in with a token")
    }
    let cookie = try await openSession(of: token, request.service)
    return HTTPResponse(
      303,
      headers: [
        (name: "Location", value: "/"), (name: "Set-Cookie", value: cookie),
        (name: "Cache-Control", value: "no-store"),
      ])
  }

  private static func facts(_ caller: Caller?) -> JSON {
    let scopes = Scope.allCases.filter { $0 <= (caller?.scope ?? .read) }
    return .pairs([
      "person": .string(caller?.person ?? ""),
      "scopes": .array(scopes.map { .string($0.rawValue) }),
      "expires_at": .string(APITime.text(caller?.expiresAt ?? "")),
    ])
  }

  private static func open(_ request: APIRequest) async throws -> HTTPResponse {
    guard let caller = request.caller, !caller.isByCookie else {
      throw Problem(
        400, code: "usage", "a session is opened with a token in the Authorization field")
    }
    let cookie = try await openSession(of: caller.token, request.service)
    return .json(
      facts(caller),
      headers: [
        (name: "Set-Cookie", value: cookie), (name: "Cache-Control", value: "no-store"),
      ])
  }

  /// Opens a session and gives the cookie for it.
  private static func openSession(
    of token: APIToken, _ service: APIService
  ) async throws -> String {
    guard let secret = APIToken.makeSecret() else {
      throw Fault(.internalError, "the system gives no random bytes")
    }
    let hash = APIToken.hash(of: secret)
    let row = try await service.pools.use(.read, .write) { connection in
      try await connection.query(
        "CALL open_api_session(?, ?, ?)",
        [.integer(token.id), .text(token.hash), .text(hash)]
      ).rows.first
    }
    guard let id = row?.integer("token_id") else {
      throw Fault(.internalError, "open_api_session gave no row")
    }
    let text = APIToken(id: id, secret: secret).text
    // No Secure: the server speaks HTTP on the loopback, or to a proxy, which may add it.
    return "\(cookie)=\(text); Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"
  }

  private static func close(_ request: APIRequest) async throws -> HTTPResponse {
    if let caller = request.caller {
      try await request.service.pools.use(.read, .write) { connection in
        _ = try await connection.query(
          "CALL close_api_session(?, ?)", [.integer(caller.token.id), .text(caller.token.hash)])
      }
      request.service.tokens.forget(caller.token.id)
    }
    return HTTPResponse(
      204, headers: [(name: "Set-Cookie", value: "\(cookie)=; Path=/; HttpOnly; Max-Age=0")])
  }
}
