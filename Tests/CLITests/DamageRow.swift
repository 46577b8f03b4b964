import Cryptography
import Foundation
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// A damage to the newest of three verified backups, and the expected output of each command.
///
/// In texts `$1`, `$2` and `$3` stand for the backups, the newest last. Every known kind of damage
/// has a row here.
struct DamageRow: Sendable {
  /// An exit status and a part of the output, on either stream.
  struct Answer: Sendable {
    let status: Int32
    let text: String

    init(_ status: Int32, _ text: String = "") {
      (self.status, self.text) = (status, text)
    }
  }

  /// Whether the backups are encrypted.
  enum Reader: Sendable {
    /// Nobody has a key, and nothing is encrypted.
    case ofPlain
    /// The backups are encrypted.
    case withKey, withOtherKey, withoutKey
  }

  let name: String
  /// `backup list` and `backup check`.
  let list: Answer
  let check: Answer
  /// `backup list --checksum` and `backup check --checksum`, when they find more.
  var checksum: Answer?
  /// `backup verify` of the newest.
  let verify: Answer
  /// `restore --latest` before that.
  let restore: Answer
  /// The backup that `restore --latest --next-good` uses before the verification.
  var nextGood = "$2"
  /// The output of `restore --latest --next-good` when it uses none.
  var nextGoodRefusal: Answer?
  /// `restore --latest --anchor` with the anchor printed before; nil where it is not run.
  var anchored: Answer?
  /// Whether a key and three encrypted backups are used.
  var reader = Reader.ofPlain
  /// The state of the newest after the verification; nil when its manifest is unreadable.
  let state: String?
  /// Whether the verification could not finish, and the manifest says so.
  var leavesAttempt = false
  /// Whether the test depends on file permissions.
  var isLimited = false
  /// Applies the damage: receives the folder and the three names.
  let happen: @Sendable (_ folder: String, _ ids: [String]) throws -> Void
}

extension DamageRow {
  static func data(_ folder: String, _ id: String) -> String {
    "\(folder)/\(id)/dump.sql.zst"
  }

  static func manifest(_ folder: String, _ id: String) -> String {
    "\(folder)/\(id)/manifest.json"
  }

  /// Changes the bytes of the newest backup.
  private static func bytes(_ edit: @escaping @Sendable (inout Data) throws -> Void)
    -> @Sendable (String, [String]) throws -> Void
  {
    { folder, ids in
      let url = URL(filePath: data(folder, ids[2]))
      var bytes = try Data(contentsOf: url)
      try edit(&bytes)
      try bytes.write(to: url)
    }
  }

  /// Adjusts the manifest of the newest backup to its present file.
  static func seal(_ folder: String, _ id: String, rawBytes: Int64? = nil) throws {
    let bytes = try Data(contentsOf: URL(filePath: data(folder, id)))
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    let digest = hash.finish()
    try editManifest(folder, id) { fields in
      var stored = fields["data"] as? [String: Any] ?? [:]
      stored["stored_bytes"] = bytes.count
      stored["sha256"] = digest
      if let rawBytes { stored["raw_bytes"] = rawBytes }
      fields["data"] = stored
    }
  }

  static func editManifest(
    _ folder: String, _ id: String, _ edit: (inout [String: Any]) -> Void
  ) throws {
    let url = URL(filePath: manifest(folder, id))
    var fields = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    edit(&fields)
    try JSONSerialization.data(withJSONObject: fields).write(to: url)
  }

  /// Edits the dump of the newest backup and seals it.
  static func dump(
    sealsRawBytes: Bool = true, _ edit: @escaping @Sendable (inout String) throws -> Void
  ) -> @Sendable (String, [String]) throws -> Void {
    { folder, ids in
      let (home, id) = (BackupFolder(path: folder), ids[2])
      let backup = try home.backup(id)
      var bytes: [UInt8] = []
      try BackupReader.read(home.dataPath(of: backup), manifest: backup, key: nil) {
        bytes.append(contentsOf: $0)
      }
      var text = String(decoding: bytes, as: UTF8.self)
      let before = text
      try edit(&text)
      try #require(text != before, "the edit changed nothing")
      unlink(data(folder, id))
      let writer = try BackupWriter(
        path: data(folder, id), id: id, compression: CompressionSettings(), key: nil)
      try text.withUTF8 { try writer.write(UnsafeRawBufferPointer($0)) }
      _ = try writer.finish()
      try seal(folder, id, rawBytes: sealsRawBytes ? writer.rawBytes : nil)
    }
  }

  /// Damage that is found only when the data are read.
  static func hidden(
    _ name: String, checksum: Answer? = nil, verify: String, restore: String,
    nextGood: String = "$2", happen: @escaping @Sendable (String, [String]) throws -> Void
  ) -> DamageRow {
    DamageRow(
      name: name, list: Answer(0, "$3"), check: Answer(0, "OK: $3 is verified"),
      checksum: checksum, verify: Answer(1, verify),
      restore: Answer(65, restore), nextGood: nextGood, state: "failed", happen: happen)
  }

  /// Damage of the data that every command finds.
  private static func plain(
    _ name: String, _ words: String, happen: @escaping @Sendable (String, [String]) throws -> Void
  ) -> DamageRow {
    DamageRow(
      name: name, list: Answer(1, "the data of $3 \(words)"),
      check: Answer(1, "CRITICAL: the data of $3 \(words)"), verify: Answer(1, "FAILED"),
      restore: Answer(65, "the next good backup is $2"), state: "failed", happen: happen)
  }

  /// An unusable manifest.
  private static func unusable(
    _ name: String, _ words: String, verify: Int32 = 65,
    happen: @escaping @Sendable (String, [String]) throws -> Void
  ) -> DamageRow {
    DamageRow(
      name: name, list: Answer(1, words), check: Answer(1, "$3 is not a usable backup"),
      verify: Answer(verify, words), restore: Answer(65, "the next good backup is $2"),
      state: nil, happen: happen)
  }

  private static func flip(_ place: @escaping @Sendable (Int) -> Int)
    -> @Sendable (String, [String]) throws -> Void
  {
    bytes { $0[$0.startIndex + place($0.count)] ^= 0x10 }
  }

  private static let changed = Answer(1, "the data of $3 are not those published: SHA-256 differs")
  static let next = "the next good backup is $2"

  static let all: [DamageRow] =
    [
      DamageRow(
        name: "0 none", list: Answer(0, "$3"), check: Answer(0, "OK: $3 is verified"),
        verify: Answer(0, "verified    yes"), restore: Answer(0, "restored $3 into"),
        nextGood: "$3", state: "verified"
      ) { _, _ in }
    ] + ofBytes + ofFiles + ofManifests + ofPermissions + ofForgeries + ofKeys

  private static let ofBytes = [
    hidden(
      "1 a flipped byte at the front", checksum: changed, verify: "FAILED", restore: next,
      happen: flip { _ in 3 }),
    hidden(
      "2 a flipped byte in the middle", checksum: changed, verify: "FAILED", restore: next,
      happen: flip { $0 / 2 }),
    hidden(
      "3 a flipped byte at the end", checksum: changed, verify: "FAILED", restore: next,
      happen: flip { $0 - 1 }),
    hidden("4 a flipped byte, sealed", verify: "FAILED", restore: next) { folder, ids in
      try flip { $0 / 2 }(folder, ids)
      try seal(folder, ids[2])
    },
    plain("5 cut to the half", "have ", happen: bytes { $0.removeLast($0.count / 2) }),
    hidden("6 cut by a byte, sealed", verify: "FAILED", restore: next) { folder, ids in
      try bytes { $0.removeLast() }(folder, ids)
      try seal(folder, ids[2])
    },
    hidden(
      "11 a row removed, sealed", verify: "rows, backed up with",
      restore: "rows were restored, ",
      happen: dump { try $0.exchange("(1,'here'),\n", for: "") }),
    hidden(
      "13 a value changed, sealed", verify: "the rows of table zones are not those backed up",
      restore: "the rows of table zones are not those backed up",
      happen: dump { try $0.exchange("(1,'here')", for: "(1,'gone')") }),
    hidden(
      "27 random bytes", checksum: changed, verify: "FAILED", restore: next,
      happen: bytes { bytes in
        for place in bytes.indices { bytes[place] = UInt8(truncatingIfNeeded: place &* 167 &+ 13) }
      }),
    hidden(
      "37 a row removed, sealed but for the size of the dump", verify: "rows, backed up with",
      restore: "rows were restored, ",
      happen: dump(sealsRawBytes: false) { try $0.exchange("(1,'here'),\n", for: "") }),
    plain("14 an empty file", "have 0 bytes", happen: bytes { $0 = Data() }),
  ]

  private static let ofFiles = [
    DamageRow(
      name: "7 the data of two backups changed places", list: Answer(1, "the data of $3 have"),
      check: Answer(1, "the data of $2 have"), verify: Answer(1, "FAILED"),
      restore: Answer(65, "the next good backup is $1"), nextGood: "$1", state: "failed"
    ) { folder, ids in
      let aside = "\(folder)/aside"
      try FileManager.default.moveItem(atPath: data(folder, ids[1]), toPath: aside)
      try FileManager.default.moveItem(
        atPath: data(folder, ids[2]), toPath: data(folder, ids[1]))
      try FileManager.default.moveItem(atPath: aside, toPath: data(folder, ids[2]))
    },
    plain("15 no data", "are missing") { unlink(data($0, $1[2])) },
    plain("19 a link to other data", "are a link, not a file") { folder, ids in
      unlink(data(folder, ids[2]))
      symlink(data(folder, ids[0]), data(folder, ids[2]))
    },
    plain("20 a link to nothing", "are a link, not a file") { folder, ids in
      unlink(data(folder, ids[2]))
      symlink("/nowhere", data(folder, ids[2]))
    },
    plain("21 a pipe, which nobody writes into", "are a pipe, not a file") { folder, ids in
      unlink(data(folder, ids[2]))
      mkfifo(data(folder, ids[2]), 0o600)
    },
    plain("22 a folder", "are a folder, not a file") { folder, ids in
      unlink(data(folder, ids[2]))
      mkdir(data(folder, ids[2]), 0o700)
    },
    DamageRow(
      name: "23 no folder", list: Answer(1, "$3, the last backup made, is not in"),
      check: Answer(1, "$3, the last backup made, is not in"),
      verify: Answer(64, "there is no backup $3"), restore: Answer(0, "restored $2 into"),
      state: nil
    ) { try FileManager.default.removeItem(atPath: "\($0)/\($1[2])") },
    DamageRow(
      name: "24 a folder of another name", list: Answer(1, "$3.old is not a usable backup"),
      check: Answer(1, "$3, the last backup made, is not in"),
      verify: Answer(64, "there is no backup $3"), restore: Answer(0, "restored $2 into"),
      state: nil
    ) { rename("\($0)/\($1[2])", "\($0)/\($1[2]).old") },
  ]

  private static let ofManifests = [
    unusable("8 the manifest of another backup", "is the manifest of $1") { folder, ids in
      unlink(manifest(folder, ids[2]))
      try FileManager.default.copyItem(
        atPath: manifest(folder, ids[0]), toPath: manifest(folder, ids[2]))
    },
    unusable("9 the manifest of another backup with name and number", "was changed") {
      folder, ids in
      unlink(manifest(folder, ids[2]))
      try FileManager.default.copyItem(
        atPath: manifest(folder, ids[0]), toPath: manifest(folder, ids[2]))
      try editManifest(folder, ids[2]) { fields in
        fields["id"] = ids[2]
        fields["sequence"] = 3
      }
    },
    unusable("16 no manifest", "manifest.json is missing") { unlink(manifest($0, $1[2])) },
    unusable("17 an empty manifest", "is not a backup manifest") {
      try Data().write(to: URL(filePath: manifest($0, $1[2])))
    },
    unusable("18 a manifest cut off", "is not a backup manifest") {
      let url = URL(filePath: manifest($0, $1[2]))
      try Data(contentsOf: url).prefix(400).write(to: url)
    },
    unusable("25 a manifest of data beside it", "names data outside its folder") {
      try editFile($0, $1, "../\($1[0])/dump.sql.zst")
    },
    unusable("26 a manifest of a file of the system", "names data outside its folder") {
      try editFile($0, $1, "/etc/hostname")
    },
    hidden(
      "34 another number of rows in the manifest", verify: "rows, backed up with 17",
      restore: "rows were restored, 17 backed up"
    ) { folder, ids in
      try editManifest(folder, ids[2]) { fields in
        var tables = fields["tables"] as? [[String: Any]] ?? []
        for place in tables.indices where tables[place]["name"] as? String == "zones" {
          tables[place]["rows"] = 17
        }
        fields["tables"] = tables
      }
    },
    DamageRow(
      name: "35 an old backup with a high number", list: Answer(1, "$1 is not a usable backup"),
      check: Answer(1, "was changed"), verify: Answer(0, "verified    yes"),
      restore: Answer(0, "restored $3 into"), nextGood: "$3", state: "verified"
    ) { folder, ids in try editManifest(folder, ids[0]) { $0["sequence"] = 99 } },
    unusable("36 another instant", "was changed") { folder, ids in
      try editManifest(folder, ids[2]) { fields in
        fields["created_epoch"] = (fields["created_epoch"] as? Int ?? 0) + 3600
      }
    },
    unusable("a pipe in place of the manifest", "is a pipe, not a file") { folder, ids in
      unlink(manifest(folder, ids[2]))
      mkfifo(manifest(folder, ids[2]), 0o600)
    },
  ]

  private static func editFile(_ folder: String, _ ids: [String], _ file: String) throws {
    try editManifest(folder, ids[2]) { fields in
      var stored = fields["data"] as? [String: Any] ?? [:]
      stored["file"] = file
      fields["data"] = stored
    }
  }

  private static let ofPermissions = [
    DamageRow(
      name: "38 data that may not be read",
      list: Answer(1, "the data of $3 cannot be read: Permission denied"),
      check: Answer(1, "the data of $3 cannot be read: Permission denied"),
      verify: Answer(74, "nothing is known about the backup, and nothing was changed"),
      restore: Answer(74, next), state: "verified", leavesAttempt: true, isLimited: true
    ) { chmod(data($0, $1[2]), 0) },
    DamageRow(
      name: "39 a manifest that may not be read",
      list: Answer(1, "manifest.json cannot be read: Permission denied"),
      check: Answer(1, "$3 is not a usable backup"),
      verify: Answer(74, "cannot be read: Permission denied"), restore: Answer(65, next),
      state: nil, isLimited: true
    ) { chmod(manifest($0, $1[2]), 0) },
  ]
}

extension String {
  /// Replaces a text that occurs once.
  mutating func exchange(_ old: String, for new: String) throws {
    let parts = components(separatedBy: old)
    try #require(parts.count == 2, "\(old) is there \(parts.count - 1) times")
    self = parts.joined(separator: new)
  }
}
