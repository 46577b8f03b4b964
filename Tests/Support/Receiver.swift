internal import Foundation
package import Notifications

/// Servers of HTTP and HTTPS that record requests. All tests share them, and each test uses its own
/// last part of the path.
package struct Receiver: Sendable {
  /// A recorded request.
  package struct Request: Decodable {
    package let method: String
    package let path: String
    /// Headers by name in lower case.
    package let headers: [String: String]
    package let body: String
  }

  package let program: GuardedProgram
  package let ports: [String: Int]

  private static let started = Task<Receiver, any Error> {
    let folder = try await TestCertificates.folder("receiver")
    let program = try GuardedProgram(
      GuardedProgram.python(), [GuardedProgram.script("receiver.py"), folder.path], folder: folder)
    return Receiver(program: program, ports: try await program.ports())
  }

  package static func shared() async throws -> Receiver { try await started.value }

  /// The certificate of the authority that signed the servers' certificates.
  package var authority: String { program.folder.appending(path: "authority.pem").path }

  /// A URL of the server without TLS.
  package func url(_ path: String) -> String { "http://127.0.0.1:\(ports["http"] ?? 0)\(path)" }

  /// A URL of a server with TLS: `server`, `elsewhere` or `impostor`.
  package func secureURL(_ server: String, _ path: String, host: String = "localhost") -> String {
    "https://\(host):\(ports[server] ?? 0)\(path)"
  }

  /// The requests whose path has a part.
  package func requests(_ token: String) throws -> [Request] {
    try program.entries("requests.jsonl", as: Request.self).filter { $0.path.contains(token) }
  }

  /// A path for the requests of one test.
  package static func token() -> String { UUID().uuidString }

  /// The ports, by kind of server.
  package static func connection(
    total: Duration = .seconds(60), allowed: [String] = ["127.0.0.0/8", "::1"],
    authority: String? = nil, plaintext: Bool = true
  ) throws -> ChannelConnection {
    ChannelConnection(
      connectTimeout: min(.seconds(30), total), totalTimeout: total,
      allowedNetworks: try allowed.map { try IPNetwork($0) }, authorityFile: authority,
      allowsPlaintextOnLoopback: plaintext)
  }
}
