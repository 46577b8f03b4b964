import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops restore", .timeLimit(.minutes(10)))
struct RestoreCommandTests {
  private static let replace = ["--replace", "--confirm", BackupFixture.schema]

  @Test("a schema that is not empty is replaced only when its name is confirmed")
  func confirmation() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      for (words, message) in [
        ([], "the schema shop is not empty\nhint: restore into a new one with --as NAME"),
        (["--confirm", "shop"], "the schema shop is not empty"),
        (["--replace"], "replacing schema shop was not confirmed\nhint: add --confirm shop"),
        (["--replace", "--no-safety-backup"], "replacing schema shop was not confirmed"),
        (["--replace", "--json"], "replacing schema shop was not confirmed"),
        (["--replace", "--confirm", "SHOP"], "the name given is not shop: nothing was changed"),
        (["--replace", "--confirm", "shop "], "the name given is not shop"),
        (["--replace", "--confirm", ""], "the name given is not shop"),
        (["--replace", "--confirm", "copy"], "the name given is not shop"),
      ] {
        let run = try await fixture.payops(["restore", good] + words)
        #expect(run.status == 64, "\(words) \(run)")
        #expect(run.errors.contains(message), "\(words) \(run)")
        #expect(try await fixture.backups() == [good: "verified"])
      }
      try await fixture.expectUnchanged(since: old)
      try await fixture.expectNothingLeft()

      let done = try await fixture.payops(["restore", good] + Self.replace)
      #expect(done.status == 0, "\(done)")
      #expect(done.output.wholeMatch(of: /restored .* into shop in [0-9.]+ s\n/) != nil)
      #expect(try await fixture.state().changes(from: new) == [])
      let safety = try #require(try await fixture.backups().keys.first { $0 != good })
      #expect(done.errors == "what is replaced is kept in \(safety) (not verified)\n")
      try await fixture.expectAllGood(including: [good, safety])

      // And back, without another safety backup.
      let json = try await fixture.payops(
        ["restore", safety, "--no-safety-backup", "--json"] + Self.replace)
      #expect(json.status == 0, "\(json)")
      #expect(json.output.contains("\"schema\": \"shop\""))
      #expect(json.output.contains("\"tables\": 6"))
      #expect(try await fixture.state().changes(from: old) == [])
      #expect(try await fixture.backups().count == 2)
      try await fixture.expectNothingLeft()
    }
  }

  @Test("without a safety backup nothing is replaced")
  func noSafetyBackup() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.execute([
        "CREATE EVENT haunted ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO SELECT ';;'"
      ])
      let before = try await fixture.state()
      let run = try await fixture.payops(["restore", good] + Self.replace)
      #expect(run.status == 78, "\(run)")
      #expect(run.errors.contains("no safety backup could be made: event haunted has"))
      #expect(run.errors.contains("continue without one: --no-safety-backup"))
      try await fixture.expectUnchanged(since: before)
      let forced = try await fixture.payops(["restore", good, "--no-safety-backup"] + Self.replace)
      #expect(forced.status == 0, "\(forced)")
      #expect(try await fixture.backups() == [good: "verified"])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("a schema with only events or routines is not replaced without confirmation")
  func almostEmpty() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      for (name, definition) in [
        ("events", "EVENT events.one ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DO 1"),
        ("routines", "PROCEDURE routines.one() SELECT 1"),
        ("sequences", "SEQUENCE sequences.one"),
      ] {
        try await fixture.execute(["CREATE DATABASE \(name)", "CREATE \(definition)"])
        let before = try await fixture.state(of: name)
        for words in [[], ["--replace"]] {
          let run = try await fixture.payops(["restore", good, "--as", name] + words)
          #expect(run.status == 64, "\(name) \(run)")
          #expect(try await fixture.state(of: name).changes(from: before) == [], "\(name)")
        }
      }
    }
  }

  @Test("a dry run of a restore changes nothing and says what would be done")
  func dryRun() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      try await fixture.change()
      let before = try await fixture.state()
      func expect(_ words: [String], _ text: String) async throws {
        let run = try await fixture.payops(["restore", good, "--dry-run"] + words)
        #expect(run.status == 0, "\(run)")
        #expect(run.output.contains(text), "\(run)")
        let json = try await fixture.payops(["restore", good, "--dry-run", "--json"] + words)
        #expect(
          json.output.contains("\"would_run\": \(!text.contains("refused"))"), "\(json)")
      }
      try await expect([], "schema      shop: would be refused: it is not empty (--as NAME or")
      try await expect(
        ["--replace"], "schema      shop: 6 tables would be replaced, after a safety")
      try await expect(["--as", "copy"], "schema      copy: would be made or filled: it is empty")
      try await expect(["--as", "copy", "--tables", "zones,notes"], "tables      2, 42 rows")
      #expect(try await fixture.backups() == [good: "verified"])
      #expect(
        try await fixture.rows(
          "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'copy'")
          == [])
      try await fixture.expectUnchanged(since: before)
      try await fixture.expectNothingLeft()
    }
  }

  @Test("a restored copy under another name works by itself")
  func aside() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      let run = try await fixture.payops(["restore", good, "--as", "copy", "--connections", "4"])
      #expect(run.status == 0, "\(run)")
      #expect(try await fixture.state(of: "copy").changes(from: before) == [])
      try await fixture.execute([
        "INSERT INTO copy.payments (account_id, amount) VALUES (1, 100000)",
        "CALL copy.list_zones()",
      ])
      #expect(try await fixture.rows("SELECT COUNT(*) FROM copy.entries") == ["301"])
      #expect(
        try await fixture.rows("SELECT COUNT(*) FROM copy.largest WHERE account_id = 1") == ["1"])
      #expect(try await fixture.rows("SELECT NEXTVAL(copy.numbers)") == ["1001"])
      await #expect(throws: DatabaseError.self) {
        try await fixture.execute(["INSERT INTO copy.payments (account_id) VALUES (77)"])
      }
      try await fixture.expectUnchanged(since: before)
      let again = try await fixture.payops(["restore", good, "--as", "copy"])
      #expect(again.status == 64)
      let replaced = try await fixture.payops([
        "restore", good, "--as", "copy", "--replace", "--confirm", "copy", "--no-safety-backup",
      ])
      #expect(replaced.status == 0, "\(replaced)")
      #expect(try await fixture.state(of: "copy").changes(from: before) == [])
      // An existing empty schema is filled.
      try await fixture.execute(["CREATE DATABASE `pay-ops ü` CHARACTER SET latin1"])
      let filled = try await fixture.payops(["restore", good, "--as", "pay-ops ü"])
      #expect(filled.status == 0, "\(filled)")
      #expect(try await fixture.state(of: "pay-ops ü").changes(from: before) == [])
      try await fixture.expectNothingLeft()
    }
  }

  @Test(
    "a system schema is never a target",
    arguments: ["mysql", "sys", "information_schema", "performance_schema"])
  func systemSchemas(name: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = '\(name)'"
      let before = try await fixture.rows(tables)
      for words in [[], ["--replace", "--confirm", name, "--no-safety-backup"]] {
        let run = try await fixture.payops(["restore", good, "--as", name] + words)
        #expect(run.status == 64, "\(run)")
      }
      #expect(try await fixture.rows(tables) == before)
    }
  }

  @Test("single tables are restored, and nothing else changes")
  func tables() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      let old = try await fixture.state()
      for (words, message) in [
        (["--tables", "zones"], "the schema shop is not empty"),
        (["--tables", "zones", "--replace"], "replacing schema shop was not confirmed"),
        (["--tables", "zones,nowhere"] + Self.replace, "there is no table nowhere in \(good)"),
        (["--tables", "totals"] + Self.replace, "there is no table totals in \(good)"),
        (
          ["--tables", "accounts", "--no-safety-backup"] + Self.replace,
          "table accounts is referenced by payments, which is not restored"
        ),
      ] {
        let run = try await fixture.payops(["restore", good] + words)
        #expect(run.status == 64, "\(run)")
        #expect(run.errors.contains(message), "\(run)")
        try await fixture.expectUnchanged(since: old)
      }
      let backups = try await fixture.backups()
      let run = try await fixture.payops(
        ["restore", good, "--tables", "zones, payments", "--tables=accounts"] + Self.replace)
      #expect(run.status == 0, "\(run)")
      var expected = old
      for name in ["zones", "payments", "accounts"] { expected.rows[name] = new.rows[name] }
      #expect(try await fixture.state().changes(from: expected) == [])
      #expect(try await fixture.backups().count == backups.count + 1)
      try await fixture.execute(["INSERT INTO payments (account_id, amount) VALUES (1, 1)"])

      // A missing table is not a replacement.
      try await fixture.execute(["DROP TABLE zones"])
      let missing = try await fixture.payops(["restore", good, "--tables", "zones"])
      #expect(missing.status == 0, "\(missing)")
      #expect(try await fixture.state().rows["zones"] == new.rows["zones"])

      let aside = try await fixture.payops([
        "restore", good, "--tables", "zones,notes", "--as", "copy",
      ])
      #expect(aside.status == 0, "\(aside)")
      #expect(try await fixture.state(of: "copy").rows.keys.sorted() == ["notes", "zones"])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("two restores into one schema exclude each other")
  func busy() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      let first = try await fixture.payops(
        ["restore", good, "--as", "copy"], pausedAt: "restore.loaded"
      ) { _ in
        let second = try await fixture.payops(["restore", good, "--as", "copy"])
        #expect(second.status == 75, "\(second)")
        #expect(second.errors.contains("restore of schema copy is running"))
      }
      #expect(first.status == 0, "\(first)")
      #expect(try await fixture.state(of: "copy").changes(from: before) == [])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("a restore that cannot create a view says whether old or new rows are in place")
  func failing() async throws {
    try await BackupFixture.open { fixture in
      try await fixture.execute([
        "CREATE DATABASE other", "CREATE TABLE other.rates (rate INT)",
        "CREATE VIEW outside AS SELECT rate FROM other.rates",
      ])
      let good = try await fixture.makeGoodBackup()
      let new = try await fixture.state()
      try await fixture.change()
      try await fixture.execute(["DROP VIEW outside", "DROP TABLE other.rates"])
      let old = try await fixture.state()
      let run = try await fixture.payops(
        ["restore", good, "--no-safety-backup", "--trusted"] + Self.replace)
      let now = try await fixture.state()
      #expect(now.rows == old.rows || now.rows == new.rows, "\(run)")
      #expect(run.status == 65, "\(run)")
      #expect(run.errors.contains("nothing was changed") == (now == old), "\(run)")
      #expect(try await fixture.objectsLeft() == ["table _payops_restored"])

      // It is unfinished: once the cause is fixed, it can be finished.
      let tooEarly = try await fixture.payops(["restore", "--finish", "--trusted"])
      #expect(tooEarly.status == 65, "\(tooEarly)")
      try await fixture.execute(["CREATE TABLE other.rates (rate INT)"])
      let finished = try await fixture.payops(["restore", "--finish", "--trusted"])
      #expect(finished.status == 0, "\(finished)")
      #expect(try await fixture.state().changes(from: new) == [])
      try await fixture.expectNothingLeft()
    }
  }
}
