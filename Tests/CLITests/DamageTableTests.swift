import Foundation
import TestSupport
import Testing

@testable import Backup
@testable import Restore

@Suite("Reports of damaged backups", .timeLimit(.minutes(20)))
struct DamageTableTests {
  /// Without this the owner root may read everything.
  private static let limits =
    geteuid() == 0
    ? [
      "/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps",
      "-dac_override,-dac_read_search",
    ] : []

  @Test("every damage is reported by list, check, verify and restore, as far as it is known")
  func table() async throws {
    try await BackupFixture.open { fixture in
      for name in ["right.key", "other.key"] {
        _ = try EncryptionKey.make(file: fixture.root.appending(path: name).path)
      }
      let plain = try await Self.make(in: "backups", [], fixture)
      let sealed = try await Self.make(
        in: "sealed", ["--encrypt", Self.keyFile(of: "\(fixture.root.path)/sealed")], fixture)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (place, damage) in DamageRow.all.enumerated() {
          if place >= 4 { try await group.next() }
          let made = damage.reader == .ofPlain ? plain : sealed
          group.addTask { try await Self.run(damage, number: place, made, fixture) }
        }
        try await group.waitForAll()
      }
    }
  }

  /// The key of the encrypted backups, beside the folder that they are in.
  static func keyFile(of folder: String) -> String {
    URL(filePath: folder).deletingLastPathComponent().appending(path: "right.key").path
  }

  /// Three verified backups, and their anchors stored elsewhere.
  private struct Made {
    let folder: String
    let ids: [String]
    let anchor: String
  }

  private static func make(
    in name: String, _ options: [String], _ fixture: BackupFixture
  ) async throws -> Made {
    let folder = fixture.root.appending(path: name).path
    var ids: [String] = []
    for number in 1...3 {
      // No two of the same size.
      try await fixture.execute([
        "INSERT INTO notes (note) SELECT SHA2(seq, 512) FROM seq_1_to_\(number * 20)"
      ])
      // Nor of the same second, which is a part of the name.
      if number > 1 { try await Task.sleep(for: .milliseconds(1100)) }
      ids.append(try await fixture.makeGoodBackup(options + ["--dir", folder]))
    }
    let anchor = fixture.root.appending(path: "\(name).anchor").path
    let printed = try await fixture.payops(["backup", "anchor", "--dir", folder])
    try #require(printed.status == 0, "\(printed)")
    try printed.output.write(toFile: anchor, atomically: true, encoding: .utf8)
    return Made(folder: folder, ids: ids, anchor: anchor)
  }

  private static func run(
    _ damage: DamageRow, number: Int, _ made: Made, _ fixture: BackupFixture
  ) async throws {
    let ids = made.ids
    let folder = fixture.root.appending(path: "row-\(number)").path
    try FileManager.default.copyItem(atPath: made.folder, toPath: folder)
    try damage.happen(folder, ids)
    func filled(_ text: String) -> String {
      ids.enumerated().reduce(text) { $0.replacing("$\($1.offset + 1)", with: $1.element) }
    }
    let key: [String] =
      switch damage.reader {
      case .ofPlain, .withoutKey: []
      case .withKey: ["--key", keyFile(of: folder)]
      case .withOtherKey: ["--key", fixture.root.appending(path: "other.key").path]
      }
    func expect(_ arguments: [String], _ answer: DamageRow.Answer) async throws {
      let run = try await fixture.payops(
        arguments + ["--dir", folder], wrapper: damage.isLimited ? Self.limits : [])
      let hasAnswered =
        run.status == answer.status && (run.output + run.errors).contains(filled(answer.text))
      #expect(hasAnswered, "\(damage.name): \(arguments.joined(separator: " ")): \(run)")
    }
    let restore = ["restore", "--latest", "--as", "row_\(number)"] + key
    try await expect(["backup", "list"], damage.list)
    try await expect(["backup", "check"], damage.check)
    if let checksum = damage.checksum {
      try await expect(["backup", "list", "--checksum"], checksum)
      try await expect(["backup", "check", "--checksum"], checksum)
    }
    try await expect(restore, damage.restore)
    try await fixture.execute(["DROP DATABASE IF EXISTS row_\(number)"])
    if let anchored = damage.anchored {
      try await expect(restore + ["--anchor", made.anchor], anchored)
    }
    try await expect(
      restore + ["--next-good"],
      damage.nextGoodRefusal ?? .init(0, "restored \(damage.nextGood) into"))
    try await fixture.execute(["DROP DATABASE IF EXISTS row_\(number)"])
    try await expect(["backup", "verify", ids[2], "--on", "server"] + key, damage.verify)
    guard let state = damage.state else { return }
    let backup = try BackupFolder(path: folder).backup(ids[2])
    #expect(backup.verification.state.rawValue == state, "\(damage.name)")
    #expect((backup.verification.attempt != nil) == damage.leavesAttempt, "\(damage.name)")
    guard state == "failed" else { return }
    // From now on the damage is known, and the previous one is the newest verified backup.
    try await expect(["backup", "check"], .init(1, "$3 FAILED its verification"))
    if damage.nextGood == "$2" {
      try await expect(restore, .init(0, "restored $2 into"))
      try await fixture.execute(["DROP DATABASE IF EXISTS row_\(number)"])
    }
  }
}
