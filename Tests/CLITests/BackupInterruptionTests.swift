import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Backups when the server is lost", .timeLimit(.minutes(10)))
struct BackupServerLossTests {
  private static let replace = ["restore", "ID", "--replace", "--confirm", BackupShop.schema]
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
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let command = command.map { $0 == "ID" ? good : $0 }
      let new = try await shop.state()
      try await shop.change()
      let old = try await shop.state()
      let run = try await shop.payops(command, pausedAt: point) { _ in
        try await shop.server.kill()
      }
      #expect([69, 74].contains(run.status), "\(run)")
      try await shop.server.restart()
      if point == "restore.switched" {
        #expect(try await shop.state().rows == new.rows)
      } else {
        try await shop.expectUnchanged(since: old)
      }
      try await shop.expectViewsWork()
      #expect(try await shop.backups()[good] == "verified")
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      if command.contains("--as") {
        #expect(try await shop.state(of: "copy").changes(from: new) == [])
      }
      if command.contains("--replace") {
        #expect(try await shop.state().changes(from: new) == [])
      } else {
        try await shop.expectUnchanged(since: old)
      }
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }
}

@Suite("Backups that are interrupted", .timeLimit(.minutes(10)))
struct BackupInterruptionTests {
  @Test("a backup is interrupted during the dump by either signal", arguments: [SIGINT, SIGTERM])
  func dump(signal: Int32) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let before = try await shop.state()
      let run = try await shop.createWithHeldDump { running, _ in
        try await running.signal(signal)
        try await running.waitUntilEnded()
      }
      #expect(run.status == 128 + signal, "\(run)")
      try await shop.expectNothingLeft()
      try await shop.expectUnchanged(since: before)
      try await shop.expectAllGood(including: [good])
      #expect(try await shop.backups().count == 1)
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
      ("restore.loading", ["restore", "ID", "--replace", "--confirm", BackupShop.schema]),
      ("restore.loaded", ["restore", "ID", "--replace", "--confirm", BackupShop.schema]),
    ])
  func interrupted(point: String, command: [String]) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      try await shop.change()
      let before = try await shop.state()
      let run = try await shop.payops(
        command.map { $0 == "ID" ? good : $0 }, pausedAt: point
      ) { running in
        try await running.signal(SIGINT)
      }
      #expect(run.status == 130, "\(run)")
      #expect(run.errors.hasSuffix("payops: interrupted\n"))
      try await shop.expectNothingLeft()
      try await shop.expectUnchanged(since: before)
      #expect(
        try await shop.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'copy'")
          == [])
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("a restore is interrupted while the exchange of the tables waits for a reader")
  func exchange() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      try await shop.change()
      let before = try await shop.state()
      let reader = try await Connection.open(shop.options)
      try await reader.execute("START TRANSACTION")
      _ = try await reader.query("SELECT * FROM zones")
      let run = try await shop.payops(
        [
          "restore", good, "--replace", "--confirm", BackupShop.schema, "--no-safety-backup",
        ], pausedAt: nil
      ) { running in
        try await shop.waitForStatement("RENAME TABLE%")
        try await running.signal(SIGINT)
        try await running.waitUntilEnded()
      }
      await reader.close()
      #expect(run.status == 130, "\(run)")
      try await shop.expectNothingLeft()
      try await shop.expectUnchanged(since: before)
    }
  }
}
