import Foundation
import Testing

@testable import Backup
@testable import Restore

/// Forged backups, and encrypted ones.
extension DamageRow {
  private static let unproved = "nothing proves that $3 is the newest"
  private static let otherThanKnown = Answer(65, "the manifest of $3 is not the one that ")

  /// Without a key and an anchor a folder proves nothing more, and the messages say so.
  private static func forged(
    _ name: String, happen: @escaping @Sendable (String, [String]) throws -> Void
  ) -> DamageRow {
    DamageRow(
      name: name, list: Answer(0, "$3"), check: Answer(0, "OK: $3 is verified"),
      verify: Answer(0, "verified    yes"), restore: Answer(0, unproved), nextGood: "$3",
      anchored: otherThanKnown, state: "verified", happen: happen)
  }

  /// A statement put before the last line of the dump.
  private static func injected(_ statement: String) -> @Sendable (String, [String]) throws -> Void {
    dump { try $0.exchange("-- Dump completed", for: "\(statement);\n\n-- Dump completed") }
  }

  static let ofForgeries = [
    forged("10 an old backup under the name of the newest") { folder, ids in
      try takePlace(of: ids[2], ids[0], folder)
    },
    forged("12 a row removed, and the facts of the manifest made to agree") { folder, ids in
      try dump { try $0.exchange("(1,'here'),\n", for: "") }(folder, ids)
      let (home, id) = (BackupFolder(path: folder), ids[2])
      let backup = try home.backup(id)
      var digest = RowDigest()
      try BackupReader.read(home.dataPath(of: backup), manifest: backup, key: nil) {
        digest.update($0)
      }
      let sum = try #require(digest.digest(of: "zones"))
      try editManifest(folder, id) { fields in
        var tables = fields["tables"] as? [[String: Any]] ?? []
        for place in tables.indices where tables[place]["name"] as? String == "zones" {
          tables[place]["rows"] = (tables[place]["rows"] as? Int ?? 0) - 1
          tables[place]["row_digest"] = sum
          tables[place]["checksum"] = nil
          tables[place]["text_bytes"] = "there".utf8.count
        }
        fields["tables"] = tables
      }
    },
    hidden(
      "28 all rights given to somebody, sealed", verify: "FAILED",
      restore: "holds what a dump of a schema never contains: a statement GRANT",
      happen: injected("GRANT ALL ON *.* TO 'eve'@'%'")),
    hidden(
      "29 another schema dropped, sealed", verify: "FAILED",
      restore: "holds what a dump of a schema never contains: a statement DROP DATABASE",
      happen: injected("DROP DATABASE victim")),
  ]

  /// Replaces a backup by another, with every field that repeats its name.
  private static func takePlace(of id: String, _ other: String, _ folder: String) throws {
    let home = BackupFolder(path: folder)
    let (wanted, given) = (try home.backup(id), try home.backup(other))
    for path in [data(folder, id), manifest(folder, id)] { unlink(path) }
    try FileManager.default.copyItem(atPath: data(folder, other), toPath: data(folder, id))
    try FileManager.default.copyItem(atPath: manifest(folder, other), toPath: manifest(folder, id))
    try #require(given.sequence != wanted.sequence)
    try editManifest(folder, id) { fields in
      fields["id"] = id
      fields["sequence"] = wanted.sequence
      fields["created_at"] = wanted.createdAt
      fields["created_epoch"] = wanted.createdEpoch
    }
  }

  static let ofKeys = [
    DamageRow(
      name: "30 encrypted: a flipped byte", list: Answer(0, "$3"),
      check: Answer(0, "OK: $3 is verified"),
      checksum: Answer(1, "the data of $3 are not those published: SHA-256 differs"),
      verify: Answer(1, "FAILED"), restore: Answer(65, next), reader: .withKey, state: "failed"
    ) { folder, ids in
      let url = URL(filePath: "\(folder)/\(ids[2])/dump.sql.zst.enc")
      var bytes = try Data(contentsOf: url)
      bytes[bytes.startIndex + bytes.count / 2] ^= 0x10
      try bytes.write(to: url)
    },
    DamageRow(
      name: "31 encrypted: another key", list: Answer(0, "$3"),
      check: Answer(0, "OK: $3 is verified"), verify: Answer(78, "$3 is encrypted with the key"),
      restore: Answer(78, "name the right key file with --key FILE"),
      nextGoodRefusal: Answer(78, "$3 is encrypted with the key"), reader: .withOtherKey,
      state: "verified"
    ) { _, _ in },
    DamageRow(
      name: "32 encrypted: no key", list: Answer(0, "$3"), check: Answer(0, "OK: $3 is verified"),
      verify: Answer(78, "--key"), restore: Answer(78, "--key"),
      nextGoodRefusal: Answer(78, "--key"), reader: .withoutKey, state: "verified",
      leavesAttempt: true
    ) { _, _ in },
    DamageRow(
      name: "33 encrypted: a plain backup in its place", list: Answer(0, "$3"),
      check: Answer(0, "OK: $3 is verified"),
      verify: Answer(65, "$3 is not encrypted, and a key was given"),
      restore: Answer(65, "it may have replaced one that was"),
      nextGoodRefusal: Answer(65, "$3 is not encrypted, and a key was given"), reader: .withKey,
      state: "verified"
    ) { folder, ids in
      let (home, id) = (BackupFolder(path: folder), ids[2])
      let backup = try home.backup(id)
      let key = try EncryptionKey(file: DamageTableTests.keyFile(of: folder))
      let writer = try BackupWriter(
        path: data(folder, id), id: id, compression: CompressionSettings(), key: nil)
      try BackupReader.read(home.dataPath(of: backup), manifest: backup, key: key) {
        try writer.write($0)
      }
      _ = try writer.finish()
      unlink(home.dataPath(of: backup))
      try editManifest(folder, id) { fields in
        var stored = fields["data"] as? [String: Any] ?? [:]
        stored["file"] = "dump.sql.zst"
        stored["key_id"] = nil
        fields["data"] = stored
        fields["seal"] = nil
      }
      try seal(folder, id)
    },
  ]
}
