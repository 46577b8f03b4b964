import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Findings of a verification", .timeLimit(.minutes(10)))
struct VerificationTruthTests {
  @Test("an intact backup is verified", arguments: TruthSource.allCases)
  func intact(source: TruthSource) async throws {
    let outcome = try await source.sample().examine()
    #expect(outcome.findings == [])
    #expect(outcome.state == .verified)
    #expect(outcome.restoreSeconds ?? 0 > 0)
    #expect(outcome.serverVersion?.contains("MariaDB") == true)
    #expect(outcome.verifiedAt != nil)
  }

  @Test("an intact backup is verified on a private server, which is removed afterwards")
  func privateServer() async throws {
    let sample = try await TruthSource.encrypted.sample()
    let verified = try await BackupVerification(
      folder: sample.folder, key: sample.key, place: .privateServer
    ).run(sample.manifest)
    #expect(verified.verification.findings == [])
    #expect(verified.isVerified)
    #expect(try sample.folder.backup(sample.manifest.id) == verified)
    let names = try FileManager.default.contentsOfDirectory(atPath: sample.folder.path)
    #expect(names.sorted() == [".lock", sample.manifest.id].sorted())
  }

  @Test("damage is found and named", arguments: Damage.all)
  func red(damage: Damage) async throws {
    try await damage.apply { sample in
      let outcome = try await sample.examine(trust: .source)
      #expect(outcome.state == .failed)
      let isNamed = outcome.findings.contains { finding in
        damage.checks.map(\.rawValue).contains(finding.check)
          && (damage.message.isEmpty || finding.message.contains(damage.message))
      }
      #expect(isNamed, "\(outcome.findings)")
    }
  }

  @Test("each check finds something that no other does", arguments: VerificationCheck.allCases)
  func necessary(check: VerificationCheck) async throws {
    var others = Set(VerificationCheck.allCases)
    others.remove(check)
    var isNecessary = false
    for damage in Damage.all where damage.checks.contains(check) && !isNecessary {
      try await damage.apply { sample in
        isNecessary =
          try await sample.examine(checks: others, trust: .source).state == .verified
      }
    }
    #expect(isNecessary, "without \(check) every damage is still found")
  }

  @Test("an encrypted backup without a key cannot be verified")
  func keyNeeded() async throws {
    var sample = try await TruthSource.encrypted.sample()
    sample.key = nil
    let error = await #expect(throws: BackupError.self) { try await sample.examine() }
    #expect(error?.code == .keyNeeded)
  }

  @Test("a verification leaves no schema behind, whatever it finds")
  func noLeftovers() async throws {
    let server = try await TestServer.privateServer()
    let place = ScratchPlace.server(server.connectionOptions)
    let sample = try await TruthSource.plain.sample()
    let broken = try sample.withDump { try $0.exchange("(2,'Bea',NULL)", for: "(2,'Bea')") }
    let expected: [(BackupSample, BackupManifest.Verification.State)] = [
      (sample, .verified), (broken, .failed),
    ]
    for (sample, state) in expected {
      let outcome = try await BackupVerification(folder: sample.folder, place: place)
        .examine(sample.manifest)
      #expect(outcome.state == state)
    }
    let connection = try await Connection.open(server.connectionOptions)
    let left = try await connection.query(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE 'payops%'"
    ).rows.map { $0["name"] }
    #expect(left == [])
    await connection.close()
    try await server.remove()
  }
}
