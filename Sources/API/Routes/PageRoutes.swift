internal import Catalogue
internal import Compression
internal import HTTP
internal import MariaDBClient
internal import Pages
internal import PayopsCore
internal import Tabular

/// Whole pages: each is read from one snapshot, and kept until something changes.
enum PageRoutes {
  private static let start = "/api/v1/pages/"

  static let all: [Route] = [
    Route(
      method: "GET", path: "/api/v1/pages", scope: .read, subject: "Pages",
      summary: "Lists the pages of the dashboard with their parameters"
    ) { _ in
      .json(
        .pairs(["pages": .array(PageDefinition.all.map(describe))]),
        headers: [(name: "Cache-Control", value: "no-cache")])
    },
    Route(
      method: "GET", path: "/api/v1/pages/{name}", scope: .read, subject: "Pages",
      summary: "Gives a page, read from one snapshot; parameters are those of the page",
      parameters: [
        Route.Parameter(
          name: "name", place: .path, kind: .choice(PageDefinition.all.map(\.name)),
          isRequired: true, meaning: "the page")
      ], takesColumnFilters: true, run: page),
  ]

  private static func page(named name: Substring) -> PageDefinition? {
    PageDefinition.all.first { $0.name == name }
  }

  private static func describe(_ page: PageDefinition) -> JSON {
    .pairs([
      "name": .string(page.name), "title": .string(page.title),
      "question": .string(page.question), "is_listed": .bool(page.isListed),
      "parameters": .array(
        page.parameters.map { parameter in
          .pairs([
            "name": .string(parameter.name),
            "values": .array(parameter.values.map { .string($0) }),
            "default": .string(parameter.usual),
          ])
        }),
    ])
  }

  /// The answer from the cache; nil when it must be made.
  static func cached(
    _ request: HTTPRequest, scope: Scope, revision: APIService.Revision, in cache: PageCache
  ) -> KeptResponse? {
    guard let page = page(named: request.path.dropFirst(start.count)) else { return nil }
    let key = PageCache.Key(scope: scope, target: target(of: request))
    let entry = cache.entry(
      key, revision: revision.token(of: page), minute: revision.minute)
    return entry.map { answer($0, to: request) }
  }

  private static func page(_ request: APIRequest) async throws -> HTTPResponse {
    let name = request.path["name"] ?? ""
    guard let page = page(named: name[...]) else {
      throw Problem(
        404, code: "not_found", "there is no page '\(name)'",
        hint: "there are " + PageDefinition.all.map(\.name).joined(separator: ", "))
    }
    let values = try page.values(request.http.query)
    let service = request.service
    let revision = try await service.revision()
    let token = revision.token(of: page)
    let minute = revision.minute
    let scope = request.scope
    let key = PageCache.Key(scope: scope, target: target(of: request.http))
    let entry = try await service.cache.entry(key, revision: token, minute: minute) {
      let catalogue = try await service.catalogue()
      let result = try await service.pools.use(scope, .page) { connection in
        try await Moment.fix(on: connection, as: nil)
        return try await PageReader(catalogue).read(page, values, on: connection)
      }
      let body = Array((PageJSON(result, revision: token).json.compact + "\n").utf8)
      // Weak: it names what the page says, compressed or not. With the scope: a browser that signs in
      // with another one keeps what it has by this tag.
      let etag = "W/\"\(token)-\(minute.filter(\.isNumber))-\(name)-\(scope.rawValue)\""
      return Self.answers(body, etag: etag, revision: token, minute: minute)
    }
    return answer(entry, to: request.http).response
  }

  /// The answers that a page gives from now on.
  private static func answers(
    _ body: [UInt8], etag: String, revision: String, minute: String
  ) -> PageCache.Entry {
    let headers = [
      (name: "ETag", value: etag), (name: "Cache-Control", value: "private, no-cache"),
      (name: "Vary", value: "Accept-Encoding"),
    ]
    func kept(_ response: HTTPResponse) -> KeptResponse {
      KeptResponse(SecurityHeaders.secured(response))
    }
    let whole = headers + [(name: "Content-Type", value: "application/json")]
    let plain = HTTPResponse(200, headers: whole, body: .bytes(body))
    let packed = Gzip.compressed(body).map {
      HTTPResponse(
        200, headers: whole + [(name: "Content-Encoding", value: "gzip")], body: .bytes($0))
    }
    return PageCache.Entry(
      revision: revision, minute: minute, etag: etag, plain: kept(plain),
      packed: kept(packed ?? plain), unchanged: kept(HTTPResponse(304, headers: headers)))
  }

  private static func answer(_ entry: PageCache.Entry, to request: HTTPRequest) -> KeptResponse {
    if request.header("if-none-match") == entry.etag { return entry.unchanged }
    return request.takesGzip ? entry.packed : entry.plain
  }

  /// Page and query, in one order.
  private static func target(of request: HTTPRequest) -> String {
    request.path + "?"
      + request.query.map { "\($0.name)=\($0.value)" }.sorted().joined(separator: "&")
  }
}
