import API
import EmbeddedServer
import Foundation
import HTTP
import MariaDBClient
import PayopsCore
import Scheduling
import Tabular

/// `payops serve`: HTTP API, dashboard and metrics.
struct ServeCommand: DatabaseVerb {
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
  let options = ServeOptions.all + [noLink.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let service = try await ServeOptions.service(for: invocation) { console.note($0) }
    try service.start()
    console.note("serving \(service.database) on \(service.url)")
    let manager = ServiceManager()
    manager.notify("READY=1\nSTATUS=serving \(service.url)")
    if !invocation[Self.noLink] { try await Self.printLink(of: service, invocation.console) }
    while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    manager.notify("STOPPING=1")
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
}
