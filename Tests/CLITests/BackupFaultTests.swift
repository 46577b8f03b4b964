import Backup
import Foundation
import MariaDBClient
import Restore
import TestSupport
import Testing

/// The fault points of the sources, by the tests that kill payops there.
enum FaultPoints {
  static let create = [
    "create.snapshot", "create.dumping", "create.dumped", "create.before-publish",
    "create.published",
  ]
  static let verify = ["verify.restored", "verify.compared", "manifest.before-rename"]
  static let verifyPrivate = ["verify.directory-made", "verify.server-made"]
  static let restore = [
    "restore.loading", "restore.loaded", "restore.before-switch", "restore.switched",
  ]
  static let restoreEnd = [
    "restore.keys-named", "restore.trigger-dropped", "restore.defined",
  ]
  /// Only reached in a schema of payops: see `RestoreErasureTests`.
  static let erasure = ["restore.erased"]
  static let prune = ["prune.renamed", "prune.deleted"]
}

@Suite("Backups when payops is killed", .timeLimit(.minutes(10)))
struct BackupKillTests {
  @Test("every fault point of the sources is tested")
  func points() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources").standardizedFileURL
    var found: Set<String> = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where name.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for match in text.matches(of: #/FaultPoint\.reach\(\s*"([^"]+)"/#) {
        found.insert(String(match.1))
      }
    }
    let tried = [
      FaultPoints.create, FaultPoints.verify, FaultPoints.verifyPrivate, FaultPoints.restore,
      FaultPoints.restoreEnd, FaultPoints.erasure,
      FaultPoints.prune, LogArchiveFaultTests.points,
    ].joined()
    #expect(found == Set(tried))
  }

  @Test("backup create survives a kill", arguments: FaultPoints.create)
  func create(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      try await fixture.runKilled(at: point, ["backup", "create", "--on", "server"])
      try await fixture.expectUnchanged(since: before)
      let listed = try await fixture.backups()
      #expect(listed[good] == "verified")
      #expect(listed.filter { $0.value == "verified" }.count == 1)
      let again = try await fixture.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: Array(listed.keys))
      try await fixture.expectUnchanged(since: before)
    }
  }

  @Test(
    "backup verify survives a kill",
    arguments: FaultPoints.verify.flatMap { [($0, "server"), ($0, "private")] }
      + FaultPoints.verifyPrivate.map { ($0, "private") })
  func verify(point: String, place: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let made = try await fixture.payops(["backup", "create", "--no-verify"])
      #expect(made.status == 0, "\(made)")
      let before = try await fixture.state()
      let command = ["backup", "verify", "--latest", "--on", place]
      try await fixture.runKilled(at: point, command)
      try await fixture.expectUnchanged(since: before)
      let listed = try await fixture.backups()
      #expect(listed.count == 2)
      #expect(listed[good] == "verified")
      #expect(listed.values.contains("unverified"))
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: Array(listed.keys))
      try await fixture.expectUnchanged(since: before)
    }
  }

  @Test("backup verify survives a kill while its private server is created")
  func verifyInstalling() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let command = ["backup", "verify", good, "--on", "private"]
      let killed = try await fixture.payops(command, pausedAt: nil) { running in
        try await BackupFixture.eventually("a server is installed") {
          let manager = FileManager.default
          let names = try manager.contentsOfDirectory(atPath: fixture.folder)
          return running.hasEnded
            || names.contains {
              $0.hasPrefix(".verify-")
                && manager.fileExists(atPath: "\(fixture.folder)/\($0)/data.installing")
            }
        }
        try await running.signal(SIGKILL)
      }
      #expect(killed.status == 128 + SIGKILL)
      #expect(try await fixture.backups() == [good: "verified"])
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("the private server of a killed verification ends")
  func verifyLeftServer() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let left = "\(fixture.folder)/.verify-3fvjgr4a7bpco"
      try FileManager.default.createDirectory(
        atPath: "\(left)/data", withIntermediateDirectories: true)
      let run = try await fixture.payops(["backup", "verify", good, "--on", "private"])
      #expect(run.status == 0, "\(run)")
      try await fixture.expectNothingLeft()
    }
  }

  @Test("backup pin survives a kill")
  func pin() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.runKilled(at: "manifest.before-rename", ["backup", "pin", good])
      #expect(try await fixture.backups() == [good: "verified"])
      let again = try await fixture.payops(["backup", "pin", good])
      #expect(again.status == 0, "\(again)")
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("backup prune survives a kill", arguments: FaultPoints.prune)
  func prune(point: String) async throws {
    try await BackupFixture.open { fixture in
      let before = try await fixture.state()
      let oldest = try await fixture.makeGoodBackup()
      let old = try await fixture.makeGoodBackup()
      let newest = try await fixture.makeGoodBackup()
      let command = ["backup", "prune", "--keep-days", "0", "--minimum", "1"]
      try await fixture.runKilled(at: point, command)
      #expect(try await fixture.backups() == [old: "verified", newest: "verified"])
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(!again.output.contains(oldest))
      #expect(try await fixture.backups() == [newest: "verified"])
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [newest])
      try await fixture.expectUnchanged(since: before)
    }
  }

  @Test("a restore into a new schema survives a kill", arguments: FaultPoints.restore)
  func restoreAside(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let backedUp = try await fixture.state()
      try await fixture.change()
      let before = try await fixture.state()
      let command = ["restore", good, "--as", "copy"]
      try await fixture.runKilled(at: point, command)
      try await fixture.expectUnchanged(since: before)
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await fixture.state(of: "copy").changes(from: backedUp) == [])
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
      try await fixture.expectUnchanged(since: before)
    }
  }

  @Test(
    "a restore of single tables into a new schema survives a kill", arguments: FaultPoints.restore)
  func restoreSomeAside(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let backedUp = try await fixture.state()
      let command = ["restore", good, "--as", "copy", "--tables", "accounts,payments"]
      try await fixture.runKilled(at: point, command)
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      let rows = try await fixture.state(of: "copy").rows
      #expect(rows == backedUp.rows.filter { ["accounts", "payments"].contains($0.key) })
      try await fixture.expectNothingLeft()
    }
  }

  @Test("a restore over an existing schema survives a kill", arguments: FaultPoints.restore)
  func restoreInPlace(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      let command = ["restore", good, "--replace", "--confirm", BackupFixture.schema]
      try await fixture.runKilled(at: point, command)
      let now = try await fixture.state()
      let expected = point == "restore.switched" ? new : old
      #expect(now.changes(from: expected).filter { $0.hasPrefix("rows") } == [])
      if point != "restore.switched" { try await fixture.expectUnchanged(since: old) }
      try await fixture.expectViewsWork()
      // Without permission to replace it is refused, and the moved tables stay.
      let left = try await fixture.objectsLeft()
      let refused = try await fixture.payops(["restore", good])
      #expect(refused.status == 64, "\(refused)")
      #expect(try await fixture.objectsLeft() == left)
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await fixture.state().changes(from: new) == [])
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test(
    "a restore survives a kill while rows are loaded", arguments: ["copy", BackupFixture.schema])
  func restoreHalfLoaded(target: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      let command = ["restore", good] + Self.words(for: target)
      let killed = try await fixture.payops(command, pausedAt: "restore.loading") { running in
        try await BackupFixture.eventually("the last table is being loaded") {
          let begun = try await fixture.rows(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = '\(target)'"
              + " AND table_name = '_payops_new_zones'")
          if begun.isEmpty { try await running.step() }
          return !begun.isEmpty
        }
        try await running.signal(SIGKILL)
        try await running.waitUntilEnded()
      }
      #expect(killed.status == 128 + SIGKILL)
      try await fixture.expectUnchanged(since: old)
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await fixture.state(of: target).changes(from: new) == [])
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("all tables exist at any time when a restore is killed during the exchange")
  func restoreExchanging() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      let reader = try await Connection.open(fixture.options)
      let command = ["restore", good, "--replace", "--confirm", BackupFixture.schema]
      let killed = try await fixture.payops(command, pausedAt: "restore.before-switch") { running in
        // Only a statement that moves the new tables into place waits for this.
        try await reader.execute("START TRANSACTION")
        _ = try await reader.query("SELECT * FROM _payops_new_zones")
        running.resume()
        try await fixture.waitForStatement("RENAME TABLE%")
        let names = Set(
          try await fixture.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop'"))
        #expect(names.isSuperset(of: old.rows.keys))
        try await running.signal(SIGKILL)
        try await running.waitUntilEnded()
        await reader.close()
      }
      #expect(killed.status == 128 + SIGKILL)
      try await fixture.waitForSessions()
      let now = try await fixture.state()
      #expect(now.rows == old.rows || now.rows == new.rows)
      try await fixture.expectViewsWork()
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await fixture.state().changes(from: new) == [])
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("a backup created after a killed restore is valid", arguments: FaultPoints.restore)
  func backupAfterKilledRestore(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.runKilled(
        at: point, ["restore", good, "--replace", "--confirm", BackupFixture.schema])
      let made = try await fixture.payops(["backup", "create", "--on", "server"])
      #expect(made.status == 0, "\(made)")
      try await fixture.expectAllGood(including: [good])
    }
  }

  private static func words(for target: String) -> [String] {
    target == BackupFixture.schema ? ["--replace", "--confirm", target] : ["--as", target]
  }

  /// The process to kill while the dump runs.
  enum Victim: String, CaseIterable {
    case payops, dumpTool, server
  }

  @Test(
    "a backup survives the kill of a process while the rows are dumped", arguments: Victim.allCases)
  func dumping(victim: Victim) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      let run = try await fixture.createWithHeldDump { running, tool in
        switch victim {
        case .payops:
          try await running.signal(SIGKILL)
          try await running.waitUntilEnded()
        case .dumpTool: kill(tool, SIGKILL)
        case .server: try await fixture.server.kill()
        }
      }
      if victim == .server { try await fixture.server.restart() }
      switch victim {
      case .payops: #expect(run.status == 128 + SIGKILL)
      case .dumpTool: #expect(run.status == 74, "\(run)")
      case .server: #expect([69, 74].contains(run.status), "\(run)")
      }
      try await fixture.expectUnchanged(since: before)
      #expect(try await fixture.backups() == [good: "verified"])
      if victim != .payops { try await fixture.expectNothingLeft() }
      let again = try await fixture.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
      try await fixture.expectUnchanged(since: before)
    }
  }
}
