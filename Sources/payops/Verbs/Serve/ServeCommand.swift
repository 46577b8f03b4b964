import API
import EmbeddedServer
import Foundation
import HTTP
import MariaDBClient
import PayopsCore
import Tabular

/// `payops serve`: HTTP API, dashboard and metrics.
struct ServeCommand: DatabaseVerb {
  static let listen = Option.text(
    "listen", "WHERE",
    "address and port, or the path of a socket file (default 127.0.0.1:8093)")
  static let usualPlace = "127.0.0.1:8093"
  static let accounts = Option.path(
    "accounts", "DIR", "option files of the database accounts, as `payops token accounts` writes")
  static let publicHosts = Option.text(
    "public-host", "HOSTS", "names under which browsers reach it, separated by commas")
  static let isSecure = Flag("https", help: "a proxy in front speaks HTTPS")
  static let noLink = Flag("no-link", help: "print no link that signs a browser in")

  let name = "serve"
  let summary = "answer the HTTP API, the dashboard and metrics"
  let discussion = """
    Stays in the foreground and prints a link that signs a browser in; it works once, for
    ten minutes. Listens on the loopback unless told otherwise: for anybody else put a proxy
    with TLS in front, as docker/nginx shows. SIGTERM and Ctrl-C let requests end.

      http://127.0.0.1:8093/              dashboard
      http://127.0.0.1:8093/openapi.json  description of the API
      http://127.0.0.1:8093/metrics       Prometheus

    The database accounts of the embedded server are made at the first start; for another
    server `payops token accounts DIR` makes them.
    """
  let options = [
    listen.declaration, accounts.declaration, publicHosts.declaration, isSecure.declaration,
    noLink.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let target = try DatabaseTarget(for: invocation)
    let service = try await DashboardService(
      target: target, accountFolder: invocation[Self.accounts],
      address: try Self.address(invocation[Self.listen] ?? Self.usualPlace),
      publicHosts: (invocation[Self.publicHosts] ?? "").split(separator: ",").map(String.init),
      isSecure: invocation[Self.isSecure], console: invocation.console)
    try service.start()
    invocation.console.note("serving \(target.description) on \(service.url)")
    if !invocation[Self.noLink] { try await Self.printLink(of: service, invocation.console) }
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    await service.stop()
    return .ok
  }

  /// Prints the link that signs a browser in; without the right to make tokens the server is served
  /// all the same.
  private static func printLink(of service: DashboardService, _ console: Console) async throws {
    do {
      if let link = try await service.signInLink() { try console.write(link + "\n") }
    } catch let error as DatabaseError {
      console.note(
        "no link, since no token can be made: \(error.description);"
          + " sign in with one of `payops token create`")
    }
  }

  /// Reads an address: `127.0.0.1:8093`, `[::1]:8093`, `8093` or a path.
  static func address(_ text: String) throws -> ListeningSocket.Address {
    if text.contains("/") { return .file(text) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let host = parts.dropLast().joined(separator: ":")
      .trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    guard let port = parts.last.flatMap({ Int($0) }), (0...65_535).contains(port) else {
      throw Fault.usage(
        "'\(text)' is not where a server can listen",
        hint: "write 127.0.0.1:8093, or the path of a socket file")
    }
    return .tcp(host: host.isEmpty ? "127.0.0.1" : host, port: port)
  }
}
