import EmbeddedServer
import Foundation
import HTTP
import PayopsCore

/// The options of verbs that answer HTTP.
enum ServeOptions {
  static let usualPlace = "127.0.0.1:8093"
  static let listen = Option.text(
    "listen", "WHERE",
    "address and port, or the path of a socket file (default \(usualPlace))")
  static let accounts = Option.path(
    "accounts", "DIR", "option files of the database accounts, as `payops token accounts` writes")
  static let publicHosts = Option.text(
    "public-host", "HOSTS", "names under which browsers reach it, separated by commas")
  static let isSecure = Flag("https", help: "a proxy in front speaks HTTPS")

  static let all = [
    listen.declaration, accounts.declaration, publicHosts.declaration, isSecure.declaration,
  ]

  /// The service that an invocation describes; it does not answer yet.
  ///
  /// - Parameter report: writes a line of the log
  static func service(
    for invocation: Invocation, report: @escaping @Sendable (String) -> Void
  ) async throws -> DashboardService {
    try await DashboardService(
      target: try DatabaseTarget(for: invocation), accountFolder: invocation[accounts],
      address: try address(invocation[listen] ?? usualPlace),
      publicHosts: (invocation[publicHosts] ?? "").split(separator: ",").map(String.init),
      isSecure: invocation[isSecure], report: report)
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
