import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops restore --finish", .timeLimit(.minutes(20)))
struct RestoreFinishTests {
  private static let replace = ["--replace", "--confirm", BackupFixture.schema]
  private static let earlyPoints = [
    "restore.loading", "restore.loaded", "restore.before-switch",
  ]

  private func finish(
    _ fixture: BackupFixture, _ words: [String] = [], status: Int32 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ProgramRun {
    let run = try await fixture.payops(["restore", "--finish"] + words)
    #expect(run.status == status, "\(run)", sourceLocation: sourceLocation)
    return run
  }

  @Test(
    "--finish excludes options that name a backup, table or moment",
    arguments: [
      ["20260101T000000Z"], ["--latest"], ["--next-good"], ["--tables", "t"],
      ["--to", "2026-01-01"],
      ["--to-gtid", "0-1-1"],
    ])
  func otherOptions(words: [String]) async throws {
    let run = try await ProgramRun.payops(["restore", "--finish"] + words)
    #expect(run.status == 64, "\(run)")
    #expect(run.errors.contains("--finish goes with no backup, table or moment"), "\(run)")
  }

  @Test(
    "rows written since the exchange stay, everything else is from the backup",
    arguments: ["restore.switched"] + FaultPoints.restoreEnd)
  func inPlace(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      try await fixture.runKilled(at: point, ["restore", good] + Self.replace)
      try await fixture.waitForSessions()
      try await fixture.execute(["INSERT INTO zones VALUES (77, 'since')"])
      let doctor = try await fixture.payops(["doctor", "--json"])
      #expect(doctor.output.contains("a restore of backup \(good) into schema shop, begun at 2"))
      #expect(doctor.output.contains("was interrupted after its tables were exchanged"))
      #expect(doctor.output.contains("payops restore --finish"))
      #expect(!doctor.output.contains("table _payops_"), "\(doctor)")

      let dry = try await finish(fixture, ["--dry-run"])
      #expect(dry.output.contains("no row would change"))
      let run = try await finish(fixture)
      #expect(run.output.hasPrefix("finished the restore of \(good) into shop in "), "\(run)")
      #expect(try await fixture.rows("SELECT name FROM shop.zones WHERE zone_id = 77") == ["since"])
      try await fixture.execute(["DELETE FROM zones WHERE zone_id = 77"])
      #expect(try await fixture.state().changes(from: new) == [])
      try await fixture.expectNothingLeft()
      let again = try await finish(fixture, status: 64)
      #expect(again.errors.contains("there is nothing to finish: no restore into schema shop"))
      let healthy = try await fixture.payops(["doctor", "--json"])
      #expect(healthy.output.contains("no restore into schema shop was interrupted"), "\(healthy)")
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("restore --finish can itself be killed and repeated", arguments: FaultPoints.restoreEnd)
  func killed(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      try await fixture.runKilled(at: "restore.switched", ["restore", good] + Self.replace)
      try await fixture.runKilled(at: point, ["restore", "--finish"])
      _ = try await finish(fixture)
      #expect(try await fixture.state().changes(from: new) == [])
      try await fixture.expectNothingLeft()
    }
  }

  @Test(
    "before the exchange --finish starts again, with permission to replace", arguments: earlyPoints)
  func beforeExchange(point: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      try await fixture.runKilled(at: point, ["restore", good] + Self.replace)
      let doctor = try await fixture.payops(["doctor", "--json"])
      #expect(doctor.output.contains("was interrupted before it changed anything"), "\(doctor)")
      let refused = try await finish(fixture, status: 64)
      #expect(refused.errors.contains("it begins anew"), "\(refused)")
      try await fixture.expectUnchanged(since: old)
      _ = try await finish(fixture, Self.replace)
      #expect(try await fixture.state().changes(from: new) == [])
      try await fixture.expectNothingLeft()
    }
  }

  @Test(
    "restore --finish completes a new schema and single tables",
    arguments: FaultPoints.restore + FaultPoints.restoreEnd, [false, true])
  func aside(point: String, isOfTables: Bool) async throws {
    // Single tables have no trigger.
    guard !isOfTables || point != "restore.trigger-dropped" else { return }
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let backedUp = try await fixture.state()
      let words = isOfTables ? ["--tables", "accounts,zones"] : []
      try await fixture.runKilled(at: point, ["restore", good, "--as", "copy"] + words)
      _ = try await finish(fixture, ["--as", "copy"])
      let copy = try await fixture.state(of: "copy")
      if isOfTables {
        #expect(
          copy.rows == backedUp.rows.filter { ["accounts", "zones"].contains($0.key) })
      } else {
        #expect(copy.changes(from: backedUp) == [])
      }
      try await fixture.expectNothingLeft()
      try await fixture.expectUnchanged(since: backedUp)
    }
  }

  @Test("an object created since is left alone and named")
  func madeSince() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.change()
      try await fixture.execute(["CREATE VIEW earlier AS SELECT 1 AS one"])
      try await fixture.runKilled(at: "restore.switched", ["restore", good] + Self.replace)
      try await fixture.execute(["CREATE VIEW since AS SELECT 1 AS one"])
      let run = try await finish(fixture, status: 1)
      #expect(run.errors.contains("view since was not backed up"), "\(run)")
      #expect(!run.errors.contains("view earlier"), "\(run)")
      #expect(try await fixture.rows("SELECT * FROM shop.since") == ["1"])
    }
  }

  @Test("--finish refuses a running restore, no restore, and one of another backup")
  func refused() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      for words in [[], ["--as", "nowhere"], ["--as", "copy"]] {
        let run = try await finish(fixture, words, status: 64)
        #expect(run.errors.contains("there is nothing to finish"), "\(run)")
      }
      for words in [[good], ["--latest"], ["--tables", "zones"], ["--to", "2026-01-01"]] {
        let run = try await finish(fixture, words, status: 64)
        #expect(run.errors.contains("--finish goes with no backup"), "\(run)")
      }
      try await fixture.expectUnchanged(since: before)
      let command = ["restore", good] + Self.replace
      let done = try await fixture.payops(command, pausedAt: "restore.switched") { _ in
        let busy = try await finish(fixture, status: 75)
        #expect(busy.errors.contains("is running"), "\(busy)")
        let doctor = try await fixture.payops(["doctor", "--json"])
        #expect(doctor.output.contains("is running, or was interrupted"), "\(doctor)")
      }
      #expect(done.status == 0, "\(done)")
      #expect(try await fixture.state().changes(from: before) == [])

      // The backup is missing, so nothing can be completed.
      try await fixture.change()
      try await fixture.runKilled(at: "restore.switched", command)
      try FileManager.default.moveItem(
        atPath: "\(fixture.folder)/\(good)", toPath: "\(fixture.folder)/\(good).away")
      let left = try await fixture.objectsLeft()
      let missing = try await finish(fixture, status: 64)
      #expect(missing.errors.contains("there is no backup \(good)"), "\(missing)")
      #expect(try await fixture.objectsLeft() == left)
    }
  }
}
