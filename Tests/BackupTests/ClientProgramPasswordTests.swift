import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("MariaDB programs at servers that try to get the password", .timeLimit(.minutes(8)))
struct ClientProgramPasswordTests {
  private static let password = "Hunter2-Hunter2"
  private static let user = "payops_of_test"

  private static func contains(_ bytes: [UInt8]?, _ text: String) -> Bool {
    bytes.map { Data($0).range(of: Data(text.utf8)) != nil } ?? false
  }

  private static let dump = ["--default-character-set=utf8mb4", "shop"]
  private static let log = [
    "--read-from-remote-server", "--raw", "--result-file=/dev/null", "x.01",
  ]

  @Test(
    "MariaDB programs send the password only within TLS with a verified certificate",
    arguments: ["mariadb-dump", "mariadb-binlog"], TLSMode.allCases)
  func matrix(_ program: String, _ mode: TLSMode) async throws {
    let rogue = try await RogueDatabase.start()
    let tool = try await ClientProgram.find([program])
    let isVerified = mode == .verifyCA || mode == .verifyIdentity
    for transport in RogueDatabase.Transport.allCases {
      for login in RogueDatabase.Login.allCases {
        let cell: Comment = "\(program) \(mode) \(transport) \(login)"
        // These servers know no statement and no log, so the end of a run means nothing.
        _ = try? await tool.run(
          program == "mariadb-dump" ? Self.dump : Self.log,
          options: ConnectionOptions(
            host: "localhost", port: rogue.port(transport, login), user: Self.user,
            password: Secret(Self.password), tls: mode, tlsCA: rogue.authority,
            connectTimeoutSeconds: 20)
        ) { _ in }
        let received = try await rogue.received(transport, login)
        #expect(!Self.contains(received.raw, Self.password), cell)
        if !isVerified { #expect(!Self.contains(received.inner, Self.password), cell) }
        if mode.refusesPlaintext {
          #expect(!Self.contains(received.raw, Self.user), cell)
          if transport == .plain { #expect(received.raw == [], cell) }
        }
        let isRight = mode == .verifyIdentity ? transport == .server : transport != .impostor
        if isVerified, !isRight { #expect(received.inner ?? [] == [], cell) }
        // Control: a trusted server gets the password.
        if isVerified, isRight, transport != .plain, login == .switch {
          #expect(Self.contains(received.inner, Self.password), cell)
        }
        if login == .native, !isVerified, transport != .plain || !mode.refusesPlaintext {
          #expect(Self.contains(received.inner ?? received.raw, Self.user), cell)
        }
      }
    }
  }

  @Test("ed25519 accounts still work without a verified certificate")
  func ed25519() async throws {
    let plugins = try ClientPlugins()
    let names = try FileManager.default.contentsOfDirectory(atPath: plugins.folder)
    #expect(names == ["client_ed25519.so"])
    #expect(access("\(plugins.folder)/client_ed25519.so", R_OK) == 0)
  }
}
