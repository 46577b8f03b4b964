import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Seals of backups", .timeLimit(.minutes(5)))
struct SealTests {
  private static let sample = Task {
    try await BackupSample.withSchema { connection in
      try await connection.runScript("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2);")
      return try await BackupSample.make(connection, key: BackupSample.newKey())
    }
  }

  private func code(_ body: () throws -> Void) -> BackupError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? BackupError)?.code
    }
  }

  @Test("a backup created with a key is sealed, and is restored and verified with it")
  func sealed() async throws {
    let sample = try await Self.sample.value
    #expect(try BackupSeal.check(sample.manifest, key: sample.key))
    let verified = try await BackupVerification(
      folder: sample.folder, key: sample.key, place: .server(try await TestServer.shared())
    ).run(sample.manifest)
    #expect(verified.isVerified)
    let key = try #require(sample.key)
    #expect(try BackupSeal.provesOutcome(verified, key: key))
    // Pinning needs no key and breaks no seal.
    let pinned = try sample.folder.setPinned(true, of: sample.manifest.id)
    #expect(try BackupSeal.check(pinned, key: key))
    #expect(try BackupSeal.provesOutcome(pinned, key: key))
    #expect(try pinned.hash == sample.manifest.hash)
    try await BackupSample.withNewName { try await sample.restore(into: $0) }
    // Somebody without the key marks it as verified.
    var forged = sample.manifest
    forged.verification.state = .verified
    #expect(try !BackupSeal.provesOutcome(forged, key: key))
  }

  /// Fields of the manifest that an attacker may want to change.
  static let changes: [String] = [
    "sequence", "created_epoch", "schema", "tables", "objects", "data", "sequences",
    "server_version",
  ]

  @Test("a change of any fact of the manifest breaks the seal", arguments: changes)
  func doctored(field: String) async throws {
    let sample = try await Self.sample.value
    var fields = try #require(
      try JSONSerialization.jsonObject(with: try sample.manifest.encoded()) as? [String: Any])
    switch field {
    case "tables", "objects": fields[field] = []
    case "sequences": fields[field] = ["s": 1]
    case "data":
      var data = try #require(fields[field] as? [String: Any])
      data["sha256"] = String(repeating: "0", count: 64)
      fields[field] = data
    case "sequence", "created_epoch": fields[field] = (fields[field] as? Int ?? 0) + 98
    default: fields[field] = "other"
    }
    let doctored = try BackupManifest.decode(
      try JSONSerialization.data(withJSONObject: fields), path: "test")
    #expect(doctored != sample.manifest)
    #expect(code { try BackupSeal.check(doctored, key: sample.key) } == .unauthentic)
    #expect(
      code { try BackupSeal.check(doctored, key: sample.key, allowsUnsealed: true) } == .unauthentic
    )
    let restore = Restore(
      doctored, in: sample.folder, key: sample.key,
      plan: RestorePlan(options: try await TestServer.shared(), schema: "never_made"))
    let error = await #expect(throws: BackupError.self) { try await restore.run() }
    #expect(error?.code == .unauthentic)
  }

  @Test("with a key a plain backup is refused, and an older one without a seal unless allowed")
  func substituted() async throws {
    let sample = try await Self.sample.value
    let plain = try await BackupSample.withSchema { connection in
      try await connection.runScript("CREATE TABLE t (a INT)")
      return try await BackupSample.make(connection)
    }
    #expect(code { try BackupSeal.check(plain.manifest, key: sample.key) } == .unauthentic)
    #expect(try !BackupSeal.check(plain.manifest, key: nil))
    let other = try BackupSample.newKey()
    #expect(code { try BackupSeal.check(sample.manifest, key: other) } == .wrongKey)

    var older = sample
    var manifest = sample.manifest
    manifest.seal = nil
    let folder = try BackupSample.newFolder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(manifest.id)", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: sample.dataPath, toPath: folder.dataPath(of: manifest))
    try folder.update(manifest)
    older = BackupSample(
      options: sample.options, folder: folder, manifest: manifest, key: sample.key)
    let error = await #expect(throws: BackupError.self) { try await older.examine() }
    #expect(error?.code == .unauthentic)
    #expect(error?.hint?.contains("--unsealed") == true)
    let verified = try await BackupVerification(
      folder: folder, key: sample.key, place: .server(try await TestServer.shared()),
      allowsUnsealed: true
    ).run(manifest)
    #expect(verified.isVerified)
    #expect(try BackupSeal.check(verified, key: sample.key), "a verification leads it along")
  }

  @Test("the record of known backups reveals a changed one, and one that is not the newest")
  func anchors() async throws {
    let sample = try await Self.sample.value
    let file = "\(try BackupSample.newFolder().path)-anchor"
    let newer = "shop-20300101T000000Z-9"
    let hash = String(repeating: "a", count: 64)
    try
      "\(sample.manifest.id) \(sample.manifest.sequence) \(sample.manifest.hash)\n\(newer) 9 \(hash)\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
    var known = BackupAnchor()
    try known.add(file: file)
    #expect(try known.check(sample.manifest))
    #expect(code { try known.checkNewest(sample.manifest) { _ in false } } == .unauthentic)
    #expect(code { try known.checkNewest(sample.manifest) { $0 == newer } } == nil)
    try "\(sample.manifest.id) 1 \(hash)\n".write(toFile: file, atomically: true, encoding: .utf8)
    var other = BackupAnchor()
    try other.add(file: file)
    #expect(code { try other.check(sample.manifest) } == .unauthentic)
    try "something else\n".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(code { try other.add(file: file) } == .unreadableManifest)
  }

  @Test("the register and the audit log of the database know the hash of each manifest")
  func register() async throws {
    try await TestServer.withSchema { connection in
      let sample = try await Self.sample.value
      let schema = sample.manifest.schema
      try await BackupRegister(connection).record(sample.folder, policy: .init())
      var known = BackupAnchor()
      #expect(try await known.add(registerOn: connection, schema: schema))
      #expect(try known.check(sample.manifest))
      // A manifest that has changed since is found, even when it is recorded again.
      let doctored = try sample.withManifest { $0["server_version"] = "other" }
      try await BackupRegister(connection).record(doctored.folder, policy: .init())
      var again = BackupAnchor()
      try await again.add(registerOn: connection, schema: schema)
      #expect(code { try again.check(doctored.manifest) } == .unauthentic)
      // Changing the register does not help: the audit log has it, too.
      try await connection.execute(
        "UPDATE backups SET manifest_hash = ?", [.text(try doctored.manifest.hash)])
      var third = BackupAnchor()
      try await third.add(registerOn: connection, schema: schema)
      #expect(code { try third.check(doctored.manifest) } == .unauthentic)
      // A verified backup that the register has and the folder lacks is reported.
      try await connection.execute(
        """
        INSERT INTO backups (backup_id, backup_sequence, schema_name, folder, state, verified_at,
          dump_seconds, raw_bytes, stored_bytes, is_encrypted, is_pinned, created_at)
        VALUES ('x-20300101T000000Z-9', 9, ?, '/x', 'verified', '2030-01-01', 1, 1, 1, 0, 0, '2030-01-01')
        """, [.text(schema)])
      var last = BackupAnchor()
      try await last.add(registerOn: connection, schema: schema)
      #expect(code { try last.checkNewest(sample.manifest) { _ in false } } == .unauthentic)
    }
  }
}
