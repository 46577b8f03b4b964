import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Backups when the server is lost", .timeLimit(.minutes(10)))
struct BackupServerLossTests {
  private static let replace = ["restore", "ID", "--replace", "--confirm", BackupFixture.schema]
  private static let aside = ["restore", "ID", "--as", "copy"]

  @Test(
    "a lost server at a fault point fails the run cleanly",
    arguments: [
      ("create.snapshot", ["backup", "create", "--on", "server"]),
      ("create.dumping", ["backup", "create", "--on", "server"]),
      ("verify.restored", ["backup", "verify", "--latest", "--on", "server"]),
      ("restore.loading", aside), ("restore.before-switch", aside),
      ("restore.loading", replace), ("restore.loaded", replace),
      ("restore.before-switch", replace), ("restore.switched", replace),
    ])
  func lost(point: String, command: [String]) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let command = command.map { $0 == "ID" ? good : $0 }
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      let run = try await fixture.payops(command, pausedAt: point) { _ in
        try await fixture.server.kill()
      }
      #expect([69, 74].contains(run.status), "\(run)")
      try await fixture.server.restart()
      if point == "restore.switched" {
        #expect(try await fixture.state().rows == new.rows)
      } else {
        try await fixture.expectUnchanged(since: old)
      }
      try await fixture.expectViewsWork()
      #expect(try await fixture.backups()[good] == "verified")
      let again = try await fixture.payops(command)
      #expect(again.status == 0, "\(again)")
      if command.contains("--as") {
        #expect(try await fixture.state(of: "copy").changes(from: new) == [])
      }
      if command.contains("--replace") {
        #expect(try await fixture.state().changes(from: new) == [])
      } else {
        try await fixture.expectUnchanged(since: old)
      }
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
    }
  }
}

@Suite("Backups that are interrupted", .timeLimit(.minutes(10)))
struct BackupInterruptionTests {
  @Test("a backup is interrupted during the dump by either signal", arguments: [SIGINT, SIGTERM])
  func dump(signal: Int32) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      let run = try await fixture.createWithHeldDump { running, _ in
        try await running.signal(signal)
        try await running.waitUntilEnded()
      }
      #expect(run.status == 128 + signal, "\(run)")
      try await fixture.expectNothingLeft()
      try await fixture.expectUnchanged(since: before)
      try await fixture.expectAllGood(including: [good])
      #expect(try await fixture.backups().count == 1)
    }
  }

  @Test(
    "a signal at a fault point interrupts the run cleanly",
    arguments: [
      ("create.snapshot", ["backup", "create", "--on", "server"]),
      ("create.dumping", ["backup", "create", "--on", "server"]),
      ("verify.restored", ["backup", "verify", "--latest", "--on", "server"]),
      ("verify.directory-made", ["backup", "verify", "--latest", "--on", "private"]),
      ("verify.server-made", ["backup", "verify", "--latest", "--on", "private"]),
      ("verify.restored", ["backup", "verify", "--latest", "--on", "private"]),
      ("restore.loading", ["restore", "ID", "--as", "copy"]),
      ("restore.loaded", ["restore", "ID", "--as", "copy"]),
      ("restore.loading", ["restore", "ID", "--replace", "--confirm", BackupFixture.schema]),
      ("restore.loaded", ["restore", "ID", "--replace", "--confirm", BackupFixture.schema]),
    ])
  func interrupted(point: String, command: [String]) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.change()
      let before = try await fixture.state()
      let run = try await fixture.payops(
        command.map { $0 == "ID" ? good : $0 }, pausedAt: point
      ) { running in
        try await running.signal(SIGINT)
      }
      #expect(run.status == 130, "\(run)")
      #expect(run.errors.hasSuffix("payops: interrupted\n"))
      try await fixture.expectNothingLeft()
      try await fixture.expectUnchanged(since: before)
      #expect(
        try await fixture.rows(
          "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'copy'")
          == [])
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("a restore is interrupted while the exchange of the tables waits for a reader")
  func exchange() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.change()
      let before = try await fixture.state()
      let reader = try await Connection.open(fixture.options)
      try await reader.execute("START TRANSACTION")
      _ = try await reader.query("SELECT * FROM zones")
      let run = try await fixture.payops(
        [
          "restore", good, "--replace", "--confirm", BackupFixture.schema, "--no-safety-backup",
        ], pausedAt: nil
      ) { running in
        try await fixture.waitForStatement("RENAME TABLE%")
        try await running.signal(SIGINT)
        try await running.waitUntilEnded()
      }
      await reader.close()
      #expect(run.status == 130, "\(run)")
      try await fixture.expectNothingLeft()
      try await fixture.expectUnchanged(since: before)
    }
  }
}
