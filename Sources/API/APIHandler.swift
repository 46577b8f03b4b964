internal import Foundation
package import HTTP
internal import PayopsCore
internal import Tabular

/// Answers requests: who may ask what, by which route, and in which form it goes out.
package struct APIHandler: HTTPHandler {
  /// Where a browser may believe this server to be.
  package struct Site: Sendable {
    /// Values of Host that are answered, lower case, with their port; nil for any, behind a socket
    /// file.
    package let hosts: Set<String>?
    /// Whether a proxy in front speaks HTTPS.
    package let isSecure: Bool

    /// Describes a site.
    package init(hosts: Set<String>?, isSecure: Bool = false) {
      self.hosts = hosts
      self.isSecure = isSecure
    }
  }

  private let service: APIService
  private let site: Site
  private let assets: @Sendable (HTTPRequest) -> HTTPResponse?
  private let metrics: @Sendable () async -> String
  private let table = RouteTable.all
  /// Gets what no client may see.
  private let report: @Sendable (String) -> Void

  /// Makes a handler.
  ///
  /// - Parameters:
  ///   - service: what requests share
  ///   - site: where browsers may believe it to be
  ///   - assets: the files of the dashboard
  ///   - metrics: the page that Prometheus scrapes
  ///   - report: writes a line of the log
  package init(
    service: APIService, site: Site,
    assets: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
    metrics: @escaping @Sendable () async -> String = { "" },
    report: @escaping @Sendable (String) -> Void
  ) {
    self.service = service
    self.site = site
    self.assets = assets
    self.metrics = metrics
    self.report = report
  }

  package func bodyLimit(_ request: HTTPRequest) -> Int {
    request.path == "/api/v1/payments/bulk" ? 8 << 20 : 64 << 10
  }

  package func refuse(_ refusal: HTTPRefusal) -> HTTPResponse {
    SecurityHeaders.secured(Problem(refusal.status, code: "malformed", refusal.message).response)
  }

  package func immediate(_ request: HTTPRequest) -> ImmediateAnswer? {
    if let problem = misdirected(request) {
      return .once(SecurityHeaders.secured(problem.response))
    }
    if request.path == "/healthz", request.method == "GET" {
      return .once(
        SecurityHeaders.secured(
          .json(.pairs(["status": .string("alive"), "version": .string(Version.current)]))))
    }
    if !request.path.hasPrefix("/api/"), request.method == "GET" || request.method == "HEAD",
      let asset = assets(request)
    {
      return .once(SecurityHeaders.secured(asset))
    }
    return cached(request)
  }

  package func respond(to request: HTTPRequest) async -> HTTPResponse {
    do {
      return SecurityHeaders.secured(try await answer(request).packed(for: request))
    } catch {
      let problem = Problem(error)
      if problem.status == 500 {
        report("\(request.method) \(request.path): \(Fault(error).message)")
      }
      return SecurityHeaders.secured(problem.response)
    }
  }

  /// A page that was made for the present revision, when all that it takes is known.
  private func cached(_ request: HTTPRequest) -> ImmediateAnswer? {
    guard request.method == "GET", request.path.hasPrefix("/api/v1/pages/"),
      let revision = service.recentRevision,
      let (token, isByCookie) = Self.token(of: request),
      case .valid(let caller) = service.tokens.known(
        token, isByCookie: isByCookie, audit: revision.audit)
    else { return nil }
    return PageRoutes.cached(request, scope: caller.scope, revision: revision, in: service.cache)
      .map(ImmediateAnswer.kept)
  }

  private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
    let route: Route
    let values: [String: String]
    switch table.match(request.method, request.path) {
    case .route(let found, let path): (route, values) = (found, path)
    case .otherMethods(let methods):
      var response = Problem(
        405, code: "usage", "\(request.path) has no \(request.method)",
        hint: "it has " + methods.sorted().joined(separator: ", ")
      ).response
      response.headers.append((name: "Allow", value: methods.sorted().joined(separator: ", ")))
      return response
    case .none:
      throw Problem(
        404, code: "not_found", "there is nothing at \(request.path)", hint: "see /openapi.json")
    }
    let caller = try await authorized(request, for: route)
    return try await route.run(
      APIRequest(http: request, path: values, caller: caller, service: service, metrics: metrics))
  }

  /// Who asks, when the route wants to know.
  private func authorized(_ request: HTTPRequest, for route: Route) async throws -> Caller? {
    guard let scope = route.scope else { return nil }
    guard let (token, isByCookie) = Self.token(of: request) else {
      throw Problem(
        401, code: "not_signed_in", "the request has no token",
        hint: "open the link that `payops serve` prints, or send Authorization: Bearer TOKEN")
    }
    guard let caller = try await caller(of: token, isByCookie: isByCookie, for: route) else {
      throw Problem(
        401, code: "not_signed_in", "the token is unknown, revoked or has expired",
        hint: "make one with `payops token create`")
    }
    guard caller.scope >= scope else {
      throw Problem(
        403, code: "scope",
        "this takes the scope \(scope.rawValue); the token has"
          + " \(caller.scope.rawValue)",
        hint: "an administrator makes one with `payops token create --scope \(scope.rawValue)`")
    }
    // A page elsewhere can make a browser send the cookie, but not pass for this one.
    if caller.isByCookie, request.method != "GET", request.method != "HEAD" {
      guard let origin = request.header("origin"), isOwn(origin, host: request.header("host"))
      else {
        throw Problem(403, code: "origin", "the request comes from another page")
      }
    }
    return caller
  }

  /// The holder of a token. Metrics must say that the database is away, so there a token counts that
  /// was known before.
  private func caller(
    of token: APIToken, isByCookie: Bool, for route: Route
  ) async throws -> Caller? {
    do {
      let audit = try await service.revision().audit
      return try await service.tokens.caller(token, isByCookie: isByCookie, audit: audit)
    } catch  where route.path == "/metrics" {
      guard let caller = service.tokens.lastKnown(token, isByCookie: isByCookie) else {
        throw error
      }
      return caller
    }
  }

  /// The token of a request, and whether it came in the cookie.
  private static func token(of request: HTTPRequest) -> (APIToken, isByCookie: Bool)? {
    if let field = request.header("authorization") {
      guard field.utf8.count > 7, field.prefix(7).lowercased() == "bearer " else { return nil }
      return APIToken(String(field.dropFirst(7).drop { $0 == " " })).map { ($0, false) }
    }
    return request.cookie(SessionRoutes.cookie).flatMap { APIToken($0) }.map { ($0, true) }
  }

  private func isOwn(_ origin: String, host: String?) -> Bool {
    guard let host = host?.lowercased() else { return false }
    return origin.lowercased() == (site.isSecure ? "https://" : "http://") + host
  }

  /// A request that was meant for another host: a name that somebody pointed to this address.
  private func misdirected(_ request: HTTPRequest) -> Problem? {
    guard let hosts = site.hosts else { return nil }
    guard let host = request.header("host")?.lowercased(), hosts.contains(host) else {
      return Problem(
        421, code: "host", "this server does not answer for that host",
        hint: "name it with `payops serve --public-host`")
    }
    return nil
  }
}
