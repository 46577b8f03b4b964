import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("Servers that try to get the password", .timeLimit(.minutes(5)))
struct PasswordDisclosureTests {
  static let password = "Hunter2-Hunter2"
  static let user = "payops_of_test"

  /// The outcome of a connection to a server.
  private static func expected(
    _ mode: TLSMode, _ transport: RogueDatabase.Transport, _ login: RogueDatabase.Login
  ) -> DatabaseError.Code? {
    if mode.refusesPlaintext, transport == .plain { return .tlsUnavailable }
    let isVerified = mode == .verifyCA || mode == .verifyIdentity
    if isVerified, transport == .impostor { return .tlsRejected }
    if mode == .verifyIdentity, transport == .elsewhere { return .tlsRejected }
    switch login {
    case .native: return nil
    case .old: return .passwordWithheld
    case .clear, .switch, .dialog, .sha2, .sha256: return isVerified ? nil : .passwordWithheld
    }
  }

  private static func contains(_ bytes: [UInt8]?, _ text: String) -> Bool {
    bytes.map { Data($0).range(of: Data(text.utf8)) != nil } ?? false
  }

  @Test(
    "a server gets the password only within TLS and with a verified certificate",
    arguments: TLSMode.allCases)
  func matrix(_ mode: TLSMode) async throws {
    let rogue = try await RogueDatabase.start()
    for transport in RogueDatabase.Transport.allCases {
      for login in RogueDatabase.Login.allCases {
        let cell: Comment = "\(mode) \(transport) \(login)"
        let expected = Self.expected(mode, transport, login)
        let code = await Self.outcome(
          ConnectionOptions(
            host: "localhost", port: rogue.port(transport, login), user: Self.user,
            password: Secret(Self.password), database: "schema_of_test", tls: mode,
            tlsCA: rogue.authority, connectTimeoutSeconds: 20))
        #expect(code == expected, cell)
        let received = try await rogue.received(transport, login)
        #expect(!Self.contains(received.raw, Self.password), cell)
        let isLetAt = expected == nil || expected == .passwordWithheld
        if !isLetAt {
          // Not even the user name and the schema.
          #expect(received.raw.count <= 36, cell)
          #expect(received.inner ?? [] == [], cell)
          if transport == .plain { #expect(received.raw == [], cell) }
        }
        if mode.refusesPlaintext {
          #expect(!Self.contains(received.raw, Self.user), cell)
          #expect(!Self.contains(received.raw, "schema_of_test"), cell)
        }
        let isShown = Self.contains(received.inner, Self.password)
        #expect(!isShown || (expected == nil && login != .native), cell)
        // Control: a trusted server gets the password, and accepts the login.
        if expected == nil, [.clear, .switch, .dialog].contains(login) { #expect(isShown, cell) }
        if expected == nil {
          #expect(
            Self.contains(received.inner ?? received.raw, Self.user)
              && (received.inner == nil) == (transport == .plain || mode == .off), cell)
        }
      }
    }
  }

  private static func outcome(_ options: ConnectionOptions) async -> DatabaseError.Code? {
    do throws(DatabaseError) {
      let connection = try await Connection.open(options)
      await connection.close()
      return nil
    } catch {
      return error.code
    }
  }

  @Test("on a Unix socket every mode that requires TLS is refused before connecting")
  func unixSocket() async throws {
    var options = try await TestServer.shared()
    for mode in TLSMode.allCases {
      options.tls = mode
      options.tlsCA = "/nonexistent"
      options.socket = mode.refusesPlaintext ? "/nonexistent/socket" : options.socket
      #expect(await Self.outcome(options) == (mode.refusesPlaintext ? .tlsUnavailable : nil))
    }
  }

  @Test("a failed connection gives its reason")
  func reasons() async throws {
    let port = try FreePort.next()
    for mode in [TLSMode.off, .required, .verifyIdentity] {
      let error = await #expect(throws: DatabaseError.self) {
        try await Connection.open(ConnectionOptions(host: "127.0.0.1", port: port, tls: mode))
      }
      #expect(
        error?.description
          == "connection to 127.0.0.1:\(port): cannot connect: connection refused")
    }
    let folder = try TemporaryDirectory.make("socket").path(percentEncoded: false)
    let error = await #expect(throws: DatabaseError.self) {
      try await Connection.open(ConnectionOptions(socket: "\(folder)/none"))
    }
    #expect(
      error?.description
        == "connection to \(folder)/none: cannot connect: no such file or directory")
    let unknown = await #expect(throws: DatabaseError.self) {
      try await Connection.open(ConnectionOptions(host: "nowhere.invalid", port: 1))
    }
    #expect(unknown?.description.hasSuffix("cannot connect: unknown host") == true)
  }
}
