import Cryptography
import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// A backup that differs from its manifest, and the checks that must find it.
struct Damage: Sendable, CustomTestStringConvertible {
  /// What is wrong.
  let name: String
  /// The checks, one of which must find it.
  let checks: Set<VerificationCheck>
  /// Part of the expected message.
  let message: String
  /// Creates the backup, and everything that it depends on, while the body runs.
  let apply: @Sendable (_ body: (BackupSample) async throws -> Void) async throws -> Void

  var testDescription: String { name }

  init(
    _ name: String, _ checks: Set<VerificationCheck>, _ message: String,
    apply: @escaping @Sendable (_ body: (BackupSample) async throws -> Void) async throws -> Void
  ) {
    self.name = name
    self.checks = checks
    self.message = message
    self.apply = apply
  }

  /// A damage to one of the usual samples.
  static func copy(
    _ name: String, _ checks: Set<VerificationCheck>, _ message: String,
    of source: TruthSource = .plain,
    make: @escaping @Sendable (BackupSample) throws -> BackupSample
  ) -> Damage {
    Damage(name, checks, message) { body in
      let copy = try make(try await source.sample())
      try await body(copy)
    }
  }

  /// A damage to the text of the dump.
  static func text(
    _ name: String, _ check: VerificationCheck, _ message: String,
    in source: TruthSource = .plain, edit: @escaping @Sendable (inout String) throws -> Void
  ) -> Damage {
    copy(name, [check], message, of: source) { try $0.withDump(edit) }
  }

  /// One text for another in the dump.
  static func text(
    _ name: String, _ check: VerificationCheck, _ message: String, _ old: String, _ new: String,
    in source: TruthSource = .plain
  ) -> Damage {
    text(name, check, message, in: source) { try $0.exchange(old, for: new) }
  }

  static let all =
    file + encryption + ends + objects + definitions + rows(in: .plain)
    + rows(in: .streamed) + otherRows + surroundings

  // MARK: - The file

  static let file = [
    copy("an empty file", [.file, .restore], "is empty") {
      try $0.withFile(seals: false) { $0 = [] }
    },
    copy("an empty file that the manifest expects", [.file, .restore], "is empty") {
      try $0.withFile(seals: true) { $0 = [] }
    },
    copy("a file cut in the middle", [.file], "bytes, not ") {
      try $0.withFile(seals: false) { $0.removeLast($0.count / 2) }
    },
    copy("a cut file that the manifest expects", [.restore], "cut off inside a zstd frame") {
      try $0.withFile(seals: true) { $0.removeLast($0.count / 2) }
    },
    copy("one flipped byte", [.file, .restore], "") {
      try $0.withFile(seals: false) { $0[$0.count / 2] ^= 0x10 }
    },
    copy("one flipped byte that the manifest expects", [.restore], "corrupt") {
      try $0.withFile(seals: true) { $0[$0.count / 2] ^= 0x10 }
    },
    copy("a file compressed again", [.file], "bytes, not ") { sample in
      let bytes = try packed([try sample.dump], level: 9)
      return try sample.withFile(seals: false) { $0 = bytes }
    },
    copy("another file of the same length", [.file], "SHA-256") { sample in
      // The line end at the end of the dump is missing; a skippable frame fills the gap.
      let file = try packed([try sample.dump]) + skippable(40)
      var other = try packed([String(try sample.dump.dropLast())])
      other += skippable(file.count - other.count)
      let filled = other
      return try sample.withFile(seals: true) { $0 = file }.withFile(seals: false) { $0 = filled }
    },
    copy("two frames that changed places", [.file, .restore], "") { sample in
      let frames = try frames(of: sample)
      return try sample.withFile(seals: false) {
        $0 = frames[0] + frames[2] + frames[1] + frames[3]
      }
    },
    copy(
      "two frames that changed places and that the manifest expects", [.restore],
      "refused a statement"
    ) { sample in
      let frames = try frames(of: sample)
      return try sample.withFile(seals: true) { $0 = frames[0] + frames[2] + frames[1] + frames[3] }
    },
    copy("a last frame in front", [.restore], "no last line") { sample in
      let frames = try frames(of: sample)
      return try sample.withFile(seals: true) { $0 = frames[3] + frames[0] + frames[1] + frames[2] }
    },
    copy("the file of another backup", [.file], "") { sample in
      let other = try sample.withDump { try $0.exchange("'Cem'", for: "'Kim'") }
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: other.dataPath)))
      return try sample.withFile(seals: false) { $0 = bytes }
    },
    copy("the manifest of another backup", [.checksums], "table customers") { sample in
      // As after a copy of the folder in which one file remained old.
      let other = try sample.withDump { try $0.exchange("'Cem'", for: "'Kim'") }
      return try other.withManifest { $0["id"] = "shop-20260101T000000Z-7" }
    },
  ]

  /// Texts as zstd frames, one after the other.
  static func packed(_ texts: [String], level: Int32 = 3) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for text in texts {
      let compression = try Compression(CompressionSettings(level: level, threads: 0))
      var text = text
      try text.withUTF8 { plain in
        try compression.update(UnsafeRawBufferPointer(plain)) { bytes.append(contentsOf: $0) }
      }
      try compression.finish { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// A frame that readers skip.
  static func skippable(_ length: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x50, 0x2a, 0x4d, 0x18]
    withUnsafeBytes(of: UInt32(length - 8).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: [UInt8](repeating: 0, count: length - 8))
    return bytes
  }

  /// Four frames: the head, the definition of a table, its rows, the rest.
  static func frames(of sample: BackupSample) throws -> [[UInt8]] {
    let dump = try sample.dump
    let definition = try #require(dump.range(of: "DROP TABLE IF EXISTS `customers`"))
    let rows = try #require(dump.range(of: "INSERT INTO `customers`"))
    let end = try #require(dump.range(of: "UNLOCK TABLES", range: rows.upperBound..<dump.endIndex))
    return try [
      dump[..<definition.lowerBound], dump[definition.lowerBound..<rows.lowerBound],
      dump[rows.lowerBound..<end.lowerBound], dump[end.lowerBound...],
    ].map { try packed([String($0)]) }
  }

  // MARK: - The encryption

  static let encryption = [
    copy("another key of the same name", [.restore], "cannot be decrypted", of: .encrypted) {
      sample in
      let other = try BackupSample.newKey()
      var sample = sample
      sample.key = other
      return try sample.withManifest { fields in
        var data = try #require(fields["data"] as? [String: Any])
        data["key_id"] = other.id
        fields["data"] = data
      }
    },
    copy("one flipped byte, encrypted", [.restore], "cannot be decrypted", of: .encrypted) {
      try $0.withFile(seals: true) { $0[$0.count / 2] ^= 1 }
    },
    copy("two pieces that changed places", [.restore], "cannot be decrypted", of: .encrypted) {
      try $0.withFile(seals: true) { bytes in
        let (first, second) = (piece(0), piece(1))
        try #require(bytes.count > second.upperBound)
        let pieces = (Array(bytes[first]), Array(bytes[second]))
        bytes.replaceSubrange(first, with: pieces.1)
        bytes.replaceSubrange(second, with: pieces.0)
      }
    },
    copy("a missing piece", [.restore], "cannot be decrypted", of: .encrypted) {
      try $0.withFile(seals: true) { $0.removeSubrange(piece(1)) }
    },
    copy("a missing last piece", [.restore], "its last piece is missing", of: .encrypted) {
      try $0.withFile(seals: true) { bytes in
        let whole = (bytes.count - piece(0).lowerBound) / piece(0).count
        bytes.removeSubrange(piece(whole - 1).upperBound...)
      }
    },
    copy("bytes after the last piece", [.restore], "", of: .encrypted) {
      try $0.withFile(seals: true) { $0 += [UInt8](repeating: 0, count: 100) }
    },
    copy(
      "the file of another backup of the same key", [.restore], "cannot be decrypted",
      of: .encrypted
    ) { sample in
      try sample.withManifest { $0["id"] = "shop-20260101T000000Z-7" }
    },
    copy("a file that is not encrypted", [.restore], "not an encrypted backup", of: .encrypted) {
      sample in
      let bytes = try packed([try sample.dump])
      return try sample.withFile(seals: true) { $0 = bytes }
    },
  ]

  /// Where a piece of an encrypted file is.
  static func piece(_ number: Int) -> Range<Int> {
    let length = BackupCipher.pieceLength + SecretStream.tagLength
    let start = BackupCipher.mark.count + SecretStream.headerLength + number * length
    return start..<start + length
  }

  // MARK: - The end of the dump

  static let ends = [
    text("a dump cut at the end of a statement", .restore, "no last line") { text in
      text.removeSubrange(try end(of: "INSERT INTO `customers`", in: text)...)
    },
    text("a dump cut inside an INSERT", .restore, "no last line") { text in
      text.removeSubrange(try #require(text.range(of: ",\n(2,'Bea'")).lowerBound...)
    },
    text("a dump without its last line", .restore, "no last line") { text in
      try text.exchange("\n-- Dump completed\n", for: "\n")
    },
    text("a cut inside an INSERT, with a last line", .restore, "inside a statement") { text in
      text.removeSubrange(try #require(text.range(of: ",\n(2,'Bea'")).lowerBound...)
      text += "\n-- Dump completed\n"
    },
    text("a cut at the end of a statement, with a last line", .objects, "table orders is missing") {
      text in
      text.removeSubrange(try end(of: "INSERT INTO `customers`", in: text)...)
      text += "\n-- Dump completed\n"
    },
    text("a cut after a row that looks like the last line", .objects, "view best_customers") {
      text in
      text.removeSubrange(try end(of: "INSERT INTO `remarks`", in: text)...)
      try #require(text.hasSuffix("'-- Dump completed');\n"))
    },
  ]

  /// Where the statement that begins with a text ends.
  static func end(of front: String, in text: String) throws -> String.Index {
    let start = try #require(text.range(of: front))
    return try #require(text.range(of: ";\n", range: start.upperBound..<text.endIndex)).upperBound
  }

  // MARK: - Objects
}
