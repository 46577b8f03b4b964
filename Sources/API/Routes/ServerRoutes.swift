internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Whether the server is alive and ready, and what it offers.
enum ServerRoutes {
  static let all: [Route] = [
    Route(
      method: "GET", path: "/healthz", scope: nil, subject: "Server",
      summary: "Says that the server is alive, without asking the database"
    ) { _ in .json(.pairs(["status": .string("alive"), "version": .string(Version.current)])) },
    Route(
      method: "GET", path: "/readyz", scope: nil, subject: "Server",
      summary: "Says whether the database answers and has the schema"
    ) { request in
      try await request.service.pools.use(.read, .health) { connection in
        _ = try await connection.query("SELECT revision FROM ops_revision")
      }
      return .json(.pairs(["status": .string("ready")]))
    },
    Route(
      method: "GET", path: "/metrics", scope: .read, subject: "Server",
      summary: "Gives metrics for Prometheus", answerType: "text/plain"
    ) { request in
      .text(
        await request.metrics(), type: "text/plain; version=0.0.4; charset=utf-8",
        headers: [(name: "Cache-Control", value: "no-store")])
    },
    Route(
      method: "GET", path: "/openapi.json", scope: nil, subject: "Server",
      summary: "Describes the API (OpenAPI 3.1)"
    ) { _ in .json(OpenAPI.document) },
    Route(
      method: "GET", path: "/api/v1/revision", scope: .read, subject: "Server",
      summary: "Gives a word that changes when anything shown does"
    ) { request in
      let revision = try await request.service.revision()
      // Pages change with the minute of the clock as well.
      let minute = revision.minute
      let etag = "\"\(revision.token)-\(minute.filter(\.isNumber))\""
      guard request.http.header("if-none-match") != etag else {
        return HTTPResponse(304, headers: [(name: "ETag", value: etag)])
      }
      return .json(
        .pairs([
          "revision": .string(revision.token), "without_jobs": .string(revision.withoutJobs),
          "as_of": .string(APITime.text(revision.asOf)),
          "pages_as_of": .string(APITime.text(minute + ":00")),
        ]), headers: [(name: "ETag", value: etag), (name: "Cache-Control", value: "no-cache")])
    },
  ]
}

extension HTTPResponse {
  /// An answer with JSON as its body.
  static func json(
    _ value: JSON, status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    .text(value.compact + "\n", status: status, type: "application/json", headers: headers)
  }
}
