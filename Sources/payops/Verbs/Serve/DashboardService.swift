import API
import Dashboard
import EmbeddedServer
import Foundation
import HTTP
import MariaDBClient
import Metrics
import PayopsCore
import Schema
import Tabular

/// The HTTP server with its database accounts, the files of the dashboard, and the metrics.
final class DashboardService: Sendable {
  /// How it is reached.
  let url: String
  /// Which database it shows.
  let database: String
  private let target: DatabaseTarget
  private let socket: ListeningSocket
  private let server = MicrohttpdServer()
  private let api: APIService
  private let pools: DatabasePools
  private let handler: APIHandler

  /// Finds or makes the accounts and opens the socket.
  ///
  /// - Parameters:
  ///   - accountFolder: the folder of option files; nil for that of the embedded server
  ///   - publicHosts: names under which browsers reach it, beside the address itself
  ///   - report: writes a line of the log, which no client sees
  init(
    target: DatabaseTarget, accountFolder: String?, address: ListeningSocket.Address,
    publicHosts: [String] = [], isSecure: Bool = false,
    report: @escaping @Sendable (String) -> Void
  ) async throws {
    self.target = target
    let (accounts, scraping) = try await Self.accounts(of: target, folder: accountFolder)
    pools = DatabasePools(accounts: accounts)
    let reading = accounts[.read] ?? ConnectionOptions()
    // The option files say themselves where the database is.
    database =
      accountFolder == nil
      ? target.description : "schema \(reading.database ?? "") on \(reading.endpoint)"
    api = APIService(pools: pools)
    socket = try ListeningSocket(address)
    var hosts = Set(publicHosts.map { $0.lowercased() })
    switch socket.address {
    case .tcp(let host, let port):
      let shown = host.contains(":") ? "[\(host)]" : host
      url = "http://\(shown):\(port)/"
      hosts.formUnion(["\(shown):\(port)"])
      if ["127.0.0.1", "localhost", "::1"].contains(host) {
        hosts.formUnion(["localhost:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)"])
      }
    case .file(let path): url = "the socket file \(path)"
    }
    let isFile = if case .file = address { true } else { false }
    let metrics = MetricsPage { try await Connection.open(scraping) }
    let server = server
    handler = APIHandler(
      service: api,
      // A socket file is reached by a proxy or by people of this machine alone.
      site: APIHandler.Site(hosts: isFile && hosts.isEmpty ? nil : hosts, isSecure: isSecure),
      assets: Self.asset,
      metrics: { await metrics.text(extra: Self.families(server.statistics)) },
      report: report)
  }

  /// Starts to answer.
  func start() throws { try server.start(on: socket, handler: handler) }

  /// Stops answering; requests in progress have ten seconds.
  func stop() async {
    await server.stop(drain: .seconds(10))
    await pools.close()
  }

  /// A link that signs a browser in, for the person who started the server; nil behind a socket
  /// file, which no browser reaches.
  func signInLink() async throws -> String? {
    guard case .tcp = socket.address else { return nil }
    let person = "\(NSUserName())"
    let token = try await target.connect().use {
      try await APIToken.create(for: person, .admin, days: 1, on: $0).token
    }
    return api.codes.make(for: token).map { "\(url)sign-in?code=\($0)" }
  }

  /// The database accounts by scope, and the one that reads metrics.
  private static func accounts(
    of target: DatabaseTarget, folder: String?
  ) async throws -> (scopes: [Scope: ConnectionOptions], metrics: ConnectionOptions) {
    let place: URL
    if let folder {
      place = URL(filePath: folder, directoryHint: .isDirectory)
    } else if case .embedded(let server) = target.place {
      place = server.directory.appending(path: "serve")
    } else {
      throw Fault.usage(
        "which database accounts should it use?",
        hint: "make them with `payops token accounts DIR` and name DIR with --accounts")
    }
    let accounts = ServerAccounts(of: target.database, in: place)
    let missing = ServerAccounts.names.filter { !accounts.has($0) }
    // A folder of an earlier version, whose accounts this server cannot make, has no account for
    // metrics: that of the scope read may see the same.
    let canDoWithout = folder != nil && missing == [ServerAccounts.metrics]
    if !missing.isEmpty, !canDoWithout {
      guard folder == nil else {
        throw Fault(
          .configuration, "\(place.path(percentEncoded: false)) lacks the option files of accounts",
          hint: "make them with `payops token accounts DIR`")
      }
      let options = try await target.connectionOptions()
      try await target.connect().use {
        try await accounts.make(
          missing, on: $0, host: "localhost", settings: options.optionFileLines, tls: options.tls)
      }
    } else if folder == nil {
      // The embedded server is started where it is stopped; files that were named say themselves
      // where the database is.
      await (try target.connect()).close()
    }
    func options(_ name: String) throws -> ConnectionOptions {
      try ConnectionSettings.resolve(optionFiles: [accounts.optionFile(of: name)]).options
    }
    var scopes: [Scope: ConnectionOptions] = [:]
    for scope in Scope.allCases { scopes[scope] = try options(scope.rawValue) }
    return (scopes, try options(canDoWithout ? Scope.read.rawValue : ServerAccounts.metrics))
  }

  /// A file of the dashboard.
  private static func asset(_ request: HTTPRequest) -> HTTPResponse? {
    guard let asset = DashboardAssets.byPath[request.path] else { return nil }
    let isPacked =
      asset.gzipBytes != nil && (request.header("accept-encoding") ?? "").contains("gzip")
    let etag = isPacked ? asset.gzipETag : asset.etag
    var headers = [
      (name: "ETag", value: etag), (name: "Cache-Control", value: "no-cache"),
      (name: "Vary", value: "Accept-Encoding"),
    ]
    if request.header("if-none-match") == etag { return HTTPResponse(304, headers: headers) }
    headers.append((name: "Content-Type", value: asset.contentType))
    if isPacked { headers.append((name: "Content-Encoding", value: "gzip")) }
    return HTTPResponse(
      200, headers: headers, body: .bytes(isPacked ? asset.gzipBytes ?? [] : asset.bytes))
  }

  /// Metrics of the HTTP server itself.
  private static func families(_ counts: HTTPStatistics) -> [MetricFamily] {
    [
      MetricFamily(
        "payops_http_connections", help: "open connections",
        samples: [.init(Double(counts.openConnections))]),
      MetricFamily(
        "payops_http_requests_total", .counter, help: "requests with a complete head",
        samples: [.init(Double(counts.requests))]),
      MetricFamily(
        "payops_http_refused_requests_total", .counter,
        help: "requests refused for their head", samples: [.init(Double(counts.refused))]),
      MetricFamily(
        "payops_http_overdue_connections_total", .counter,
        help: "connections that were ended because a request took too long",
        samples: [.init(Double(counts.overdue))]),
    ]
  }
}
