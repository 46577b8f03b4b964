import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

extension BackupCommandTests {
  @Test("prune deletes what its dry run lists, keeps pinned backups, and leaves other files alone")
  func prune() async throws {
    try await BackupFixture.open { fixture in
      let empty = try await fixture.payops(["backup", "prune"])
      #expect(empty.status == 0)
      #expect(empty.errors == "0 deleted, 0 kept\n")
      var ids: [String] = []
      for _ in 0..<5 { ids.append(try await fixture.makeGoodBackup()) }
      #expect(try await fixture.payops(["backup", "pin", ids[0]]).status == 0)
      let pinned = try await fixture.payops(["backup", "list"])
      #expect(pinned.output.split(separator: "\n")[1].hasSuffix("pinned"))
      try "mine".write(
        toFile: "\(fixture.folder)/\(ids[1])/mine.txt", atomically: true, encoding: .utf8)

      func decisions(_ arguments: String...) async throws -> [String: String] {
        let run = try await fixture.payops(["backup", "prune", "--json"] + arguments)
        #expect(run.status == 0, "\(run)")
        let rows = try #require(
          try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
        return Dictionary(
          uniqueKeysWithValues: rows.compactMap { row in
            (row["backup"] as? String).map {
              ($0, (row["decision"] as? String ?? "").replacing("would delete", with: "deleted"))
            }
          })
      }
      let kept = try await decisions()
      #expect(kept.values.allSatisfy { $0 == "keep" })
      let foretold = try await decisions("--dry-run", "--keep-days", "0", "--minimum", "2")
      #expect(
        foretold
          == [ids[0]: "keep", ids[3]: "keep", ids[4]: "keep"].merging(
            [ids[1]: "deleted", ids[2]: "deleted"]) { $1 })
      #expect(try await fixture.backups().count == 5)
      let done = try await decisions("--keep-days", "0", "--minimum", "2")
      #expect(done == foretold)
      #expect(
        try await fixture.backups()
          == [ids[0]: "verified", ids[3]: "verified", ids[4]: "verified"])
      #expect(!FileManager.default.fileExists(atPath: "\(fixture.folder)/.deleted-\(ids[2])"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(fixture.folder)/.deleted-\(ids[1])")
          == ["mine.txt"])

      #expect(try await fixture.payops(["backup", "unpin", ids[0]]).status == 0)
      let table = try await fixture.payops(
        ["backup", "prune", "--keep-days", "0", "--minimum", "1"])
      #expect(table.errors.hasPrefix("2 deleted, 1 kept\n"))
      #expect(table.output.contains("\(ids[0])  deleted"))
      #expect(try await fixture.backups() == [ids[4]: "verified"])
      for wrong in [["backup", "pin", ids[0]], ["backup", "unpin", ids[0]]] {
        #expect(try await fixture.payops(wrong).status == 64)
      }
    }
  }

  @Test("an unverified backup never replaces an older one")
  func pruneUnverified() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      #expect(try await fixture.payops(["backup", "create", "--no-verify"]).status == 0)
      let prune = try await fixture.payops(["backup", "prune", "--keep-days", "0"])
      #expect(prune.errors.hasPrefix("0 deleted, 2 kept\n"), "\(prune)")
      #expect(try await fixture.backups()[good] == "verified")
    }
  }

  @Test("files that payops did not create stay in the folder")
  func foreignFiles() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let manager = FileManager.default
      let foreign = [
        "notes.txt", ".hidden", ".unfinished-notes/dump.sql.zst", ".deleted-notes/manifest.json",
        ".unfinished-shop-1/dump.sql.zst", ".verify-notes/data/ibdata1", "mine/dump.sql.zst",
        ".unfinished-shop-20200101T000000Z-7/mine.txt", ".deleted-\(good).txt",
      ]
      let own = [
        ".unfinished-shop-20200101T000000Z-7/dump.sql.zst",
        ".deleted-shop-20200101T000000Z-8/manifest.json",
      ]
      for file in foreign + own {
        let url = URL(filePath: "\(fixture.folder)/\(file)")
        try manager.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: url)
      }
      for command in [
        ["backup", "create", "--on", "server"],
        ["backup", "prune", "--keep-days", "0", "--minimum", "1"],
        ["backup", "verify", "--latest", "--on", "private"],
      ] {
        let run = try await fixture.payops(command)
        #expect(run.status == 0, "\(run)")
      }
      for file in foreign {
        #expect(manager.fileExists(atPath: "\(fixture.folder)/\(file)"), "\(file) is gone")
      }
      for file in own {
        #expect(!manager.fileExists(atPath: "\(fixture.folder)/\(file)"), "\(file) is there")
      }
      #expect(!manager.fileExists(atPath: "\(fixture.folder)/.deleted-shop-20200101T000000Z-8"))
      #expect(try await fixture.backups().count == 1)
    }
  }
}
