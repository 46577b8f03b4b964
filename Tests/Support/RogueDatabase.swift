internal import Foundation

/// Servers that ask for passwords in every way of the protocol, and record the answers.
///
/// Each test has its own, and so its own connections.
package struct RogueDatabase: Sendable {
  /// The TLS that a server offers.
  package enum Transport: String, CaseIterable, Sendable {
    /// No TLS.
    case plain
    /// TLS with a certificate of another authority.
    case impostor
    /// TLS with a certificate for another host.
    case elsewhere
    /// Valid TLS, for `localhost`.
    case server
  }

  /// How it asks for the password.
  package enum Login: String, CaseIterable, Sendable {
    case native, clear, `switch`, dialog, sha2, sha256, old
  }

  /// What one connection sent.
  package struct Received: Decodable, Sendable {
    package let server: String
    /// Without TLS.
    package let raw: [UInt8]
    /// Within TLS; nil when there was none.
    package let inner: [UInt8]?
  }

  package let program: GuardedProgram
  private let ports: [String: Int]

  package static func start() async throws -> RogueDatabase {
    let folder = try await TestCertificates.folder("rogue")
    let program = try GuardedProgram(
      GuardedProgram.python(), [GuardedProgram.script("rogue_database.py"), folder.path],
      folder: folder)
    return RogueDatabase(program: program, ports: try await program.ports())
  }

  /// The certificate of the trusted authority.
  package var authority: String { program.folder.appending(path: "authority.pem").path }

  package func port(_ transport: Transport, _ login: Login) -> Int {
    ports["\(transport.rawValue)-\(login.rawValue)"] ?? 0
  }

  /// What the only connection to a server sent, once it has ended.
  package func received(_ transport: Transport, _ login: Login, after count: Int = 0)
    async throws -> Received
  {
    let name = "\(transport.rawValue)-\(login.rawValue)"
    return try await program.wait(for: "connection of \(name)") {
      let entries = try program.entries("connections.jsonl", as: Received.self)
        .filter { $0.server == name }
      return entries.count > count ? entries[count] : nil
    }
  }
}
