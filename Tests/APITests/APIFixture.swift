import Foundation
import HTTP
import MariaDBClient
import PayopsCore
import Schema
import Simulation
import TestSupport

@testable import API

/// A schema with a small history, and the API on accounts of its own.
struct APIFixture: Sendable {
  let root: Connection
  let service: APIService
  let handler: APIHandler
  let tokens: [Scope: APIToken]

  /// The same API after a restart of its server: it has read nothing yet.
  func restarted() -> APIFixture {
    let service = APIService(pools: service.pools)
    return APIFixture(
      root: root, service: service, handler: Self.handler(service), tokens: tokens)
  }

  private static func handler(_ service: APIService) -> APIHandler {
    APIHandler(
      service: service, site: APIHandler.Site(hosts: ["here:1"]), metrics: { "" },
      report: { print("reported:", $0) })
  }

  /// The end of the history.
  static let end = "2026-11-18 12:30:00"

  /// Runs a test with a fixture.
  static func with(
    payments: Int = 1500, _ body: (APIFixture) async throws -> Void
  ) async throws {
    let folder = try TemporaryDirectory.make("api")
    defer { TemporaryDirectory.remove(folder) }
    try await TestServer.withSchema { root in
      let schema = root.options.database ?? ""
      let accounts = ServerAccounts(of: schema, in: folder.appending(path: "accounts"))
      try await accounts.make(
        on: root, host: "localhost", settings: root.options.optionFileLines)
      let result: Result<Void, any Error>
      do {
        try await body(try await make(root, accounts, payments: payments))
        result = .success(())
      } catch {
        result = .failure(error)
      }
      for scope in ServerAccounts.names {
        try await root.execute("DROP USER IF EXISTS `\(schema)_api_\(scope)`@localhost")
        try await root.execute("DROP ROLE IF EXISTS `\(schema)_api_\(scope)_role`")
      }
      for role in ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"] {
        try await root.execute("DROP ROLE IF EXISTS `\(schema)_\(role)`")
      }
      try result.get()
    }
  }

  private static func make(
    _ root: Connection, _ accounts: ServerAccounts, payments: Int
  ) async throws -> APIFixture {
    if payments > 0 {
      let parameters = SimulationParameters(transactions: payments, days: 4)
      _ = try await SimulationLoader(options: root.options, parameters: parameters)
        .run(now: CivilInstant(end) ?? CivilInstant(secondsSinceEpoch: 0)) { _ in }
      _ = try await root.query("CALL refresh_rollups(1000000)")
    }
    var options: [Scope: ConnectionOptions] = [:]
    var tokens: [Scope: APIToken] = [:]
    for scope in Scope.allCases {
      options[scope] = try ConnectionSettings.resolve(
        optionFiles: [accounts.optionFile(of: scope.rawValue)]
      ).options
      tokens[scope] = try await APIToken.create(for: "anna", scope, days: 1, on: root).token
    }
    let service = APIService(pools: DatabasePools(accounts: options))
    return APIFixture(
      root: root, service: service, handler: handler(service), tokens: tokens)
  }

  /// An answer.
  struct Answer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let text: String

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body as JSON.
    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    /// The rows of a list.
    var rows: [[String: Any]] { json["rows"] as? [[String: Any]] ?? [] }
  }

  /// Asks in the name of a scope; nil for nobody.
  func ask(
    _ method: String = "GET", _ target: String, as scope: Scope? = .read, body: String = "",
    headers: [(name: String, value: String)] = []
  ) async throws -> Answer {
    var all = headers + [(name: "host", value: "here:1")]
    if let scope, let token = tokens[scope] {
      all.append((name: "authorization", value: "Bearer \(token.text)"))
    }
    if !body.isEmpty, !headers.contains(where: { $0.name == "content-type" }) {
      all.append((name: "content-type", value: "application/json"))
    }
    return try await send(method, target, headers: all, body: body)
  }

  /// Sends a request as it would come from the server.
  func send(
    _ method: String, _ target: String, headers: [(name: String, value: String)],
    body: String = ""
  ) async throws -> Answer {
    var fields = headers.map { (name: Array($0.name.utf8), value: Array($0.value.utf8)) }
    if !body.isEmpty {
      fields.append((name: Array("content-length".utf8), value: Array("\(body.utf8.count)".utf8)))
    }
    let size =
      fields.reduce(method.utf8.count + target.utf8.count + 12 + 2) {
        $0 + $1.name.count + $1.value.count + 4
      }
    let head = RequestHead(
      method: method, target: target, version: "HTTP/1.1", fields: fields, size: size)
    let checked = try head.checked(HTTPLimits()).0
    let request = HTTPRequest(
      method: checked.method, path: checked.path, query: checked.query, headers: checked.headers,
      body: Array(body.utf8))
    let now = handler.immediate(request)
    let response = if let now { now.response } else { await handler.respond(to: request) }
    return Answer(
      status: response.status, headers: response.headers, text: try await text(of: response.body))
  }

  private func text(of body: HTTPResponse.Body) async throws -> String {
    switch body {
    case .none: return ""
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .stream(let write):
      let collector = Collector()
      try await write(collector)
      return String(decoding: collector.bytes, as: UTF8.self)
    }
  }
}
