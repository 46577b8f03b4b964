import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("Encrypted connections", .timeLimit(.minutes(3)))
struct TLSTests {
  /// A server that offers TLS on a loopback port, and the authority that signed for `localhost`.
  private struct Setting {
    let server: PrivateServer
    let port: Int
    let authority: String
    let otherAuthority: String

    func options(_ mode: TLSMode, host: String = "localhost", authority: String? = nil)
      -> ConnectionOptions
    {
      ConnectionOptions(
        host: host, port: port, user: "remote", password: Secret("pass"), tls: mode,
        tlsCA: authority)
    }
  }

  private static func openssl(_ arguments: [String]) async throws {
    let status = try await TestProcess("/usr/bin/openssl", arguments).end()
    try #require(status == 0, "openssl \(arguments.first ?? "") failed")
  }

  private static func makeAuthority(_ name: String, in folder: String) async throws -> String {
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    try await openssl(
      ["req", "-x509"] + key + [
        "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem", "-days", "2",
        "-subj", "/CN=\(name)",
      ])
    return "\(folder)/\(name).pem"
  }

  private static func start(withTLS: Bool) async throws -> Setting {
    let folder = try TemporaryDirectory.make("tls").path(percentEncoded: false)
    let authority = try await makeAuthority("authority", in: folder)
    let other = try await makeAuthority("other", in: folder)
    try await openssl([
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
      "\(folder)/server.key", "-out", "\(folder)/server.csr", "-subj", "/CN=localhost",
    ])
    try await openssl([
      "x509", "-req", "-in", "\(folder)/server.csr", "-CA", authority, "-CAkey",
      "\(folder)/authority.key", "-CAcreateserial", "-out", "\(folder)/server.pem", "-days", "2",
    ])
    let port = try FreePort.next()
    let server = try await TestServer.privateServer(
      options: withTLS
        ? ["--ssl-cert=\(folder)/server.pem", "--ssl-key=\(folder)/server.key"] : ["--skip-ssl"],
      port: port)
    let owner = try await Connection.open(server.connectionOptions)
    try await owner.execute("CREATE USER remote@'%' IDENTIFIED BY 'pass'")
    try await owner.execute("CREATE USER remote@localhost IDENTIFIED BY 'pass'")
    await owner.close()
    return Setting(server: server, port: port, authority: authority, otherAuthority: other)
  }

  private static func failure(_ options: ConnectionOptions) async -> DatabaseError? {
    do throws(DatabaseError) {
      let connection = try await Connection.open(options)
      await connection.close()
      return nil
    } catch {
      return error
    }
  }

  @Test("a server without TLS is refused by every mode that requires it")
  func plaintextServer() async throws {
    let setting = try await Self.start(withTLS: false)
    for mode in TLSMode.allCases {
      let failure = await Self.failure(setting.options(mode, authority: setting.authority))
      #expect((failure != nil) == mode.refusesPlaintext, "\(mode)")
      if let failure { #expect(failure.code == .tlsUnavailable, "\(mode)") }
      // Whether the schema exists is not revealed before.
      var elsewhere = setting.options(mode, authority: setting.authority)
      elsewhere.database = "no_such_schema"
      let missing = await Self.failure(elsewhere)
      #expect(
        missing?.code == (mode.refusesPlaintext ? .tlsUnavailable : .accessDenied), "\(mode)")
    }
    var local = setting.server.connectionOptions
    local.tls = .required
    #expect(await Self.failure(local)?.code == .tlsUnavailable)
    try await setting.server.remove()
  }

  @Test("the certificate is checked against authority and host name as the mode requires")
  func certificates() async throws {
    let setting = try await Self.start(withTLS: true)
    let right = setting.authority
    let wrong = setting.otherAuthority
    for mode in [TLSMode.preferred, .required, .verifyCA, .verifyIdentity] {
      let connection = try await Connection.open(setting.options(mode, authority: right))
      #expect(connection.tlsCipher != nil, "\(mode)")
      let row = try await connection.query("SHOW STATUS LIKE 'Ssl_cipher'").rows.first
      #expect(row?["Value"] == connection.tlsCipher)
      await connection.close()
    }
    #expect(await Self.failure(setting.options(.required, authority: wrong)) == nil)
    #expect(
      await Self.failure(setting.options(.verifyCA, authority: wrong))?.code == .tlsRejected)
    #expect(
      await Self.failure(setting.options(.verifyIdentity, authority: wrong))?.code == .tlsRejected)
    // The certificate is for localhost, not for the address.
    #expect(
      await Self.failure(setting.options(.verifyCA, host: "127.0.0.1", authority: right)) == nil)
    #expect(
      await Self.failure(setting.options(.verifyIdentity, host: "127.0.0.1", authority: right))?
        .code == .tlsRejected)
    // Without an authority file nothing can be verified.
    #expect(await Self.failure(setting.options(.verifyCA))?.code == .tlsRejected)
    #expect(await Self.failure(setting.options(.verifyIdentity))?.code == .tlsRejected)
    let plain = try await Connection.open(setting.options(.off))
    #expect(plain.tlsCipher == nil)
    await plain.close()
    try await setting.server.remove()
  }
}
