import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Backups with objects whose definer does not exist", .timeLimit(.minutes(10)))
struct MissingDefinerTests {
  /// The last view calls a function of the account: neither the server nor the dump tool shows it.
  private static let haunted = [
    "CREATE USER ghost@localhost",
    "GRANT ALL ON shop.* TO ghost@localhost",
    "CREATE DEFINER=ghost@localhost VIEW haunted AS SELECT zone_id FROM zones",
    "CREATE DEFINER=root@localhost VIEW through AS SELECT zone_id FROM haunted",
    """
    CREATE DEFINER=ghost@localhost FUNCTION half(in_value INT) RETURNS INT DETERMINISTIC
    RETURN in_value DIV 2
    """,
    "CREATE DEFINER=ghost@localhost PROCEDURE knock() SELECT 1",
    """
    CREATE DEFINER=ghost@localhost TRIGGER zones_knock BEFORE INSERT ON zones
    FOR EACH ROW SET NEW.name = LEFT(NEW.name, 40)
    """,
    """
    CREATE DEFINER=ghost@localhost EVENT walk ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DO 1
    """,
    """
    CREATE DEFINER=root@localhost VIEW halves AS
    SELECT half(zone_id) AS value, 'a;*/ ''b''' AS word, 'Zoë' AS name FROM zones
    WHERE half(zone_id) < 9 WITH CHECK OPTION
    """,
    "DROP USER ghost@localhost",
  ]

  private static let orphans = [
    "event walk", "function half", "procedure knock", "trigger zones_knock", "view haunted",
  ]

  @Test(
    "a backup with missing definers names them, verifies, and restores the objects",
    arguments: [true, false])
  func report(isOnServer: Bool) async throws {
    try await BackupFixture.open { fixture in
      try await fixture.execute(Self.haunted)
      let run = try await fixture.payops(
        ["backup", "create", "--on", isOnServer ? "server" : "private"])
      #expect(run.status == 0, "\(run)")
      #expect(run.output.contains("verified    yes"), "\(run)")
      for object in Self.orphans {
        let sentence = "\(object) has the definer ghost@localhost, an account that does not exist"
        #expect(run.errors.contains("note: \(sentence)\n"), "\(run)")
        #expect(run.output.contains("note        \(sentence)\n"), "\(run)")
      }
      let good = try #require(try await fixture.backups().keys.first)
      let verified = try await fixture.payops(["backup", "verify", good, "--on", "server"])
      #expect(verified.status == 0, "\(verified)")
      #expect(verified.errors.contains("note: view haunted has the definer"), "\(verified)")

      let copied = try await fixture.payops(["restore", good, "--as", "copy"])
      #expect(copied.status == 0, "\(copied)")
      #expect(
        copied.errors.contains(
          "note: ghost@localhost does not exist here: \(Self.orphans.joined(separator: ", "))"
            + " now belong to root@localhost, and run with its rights"), "\(copied)")
      #expect(try await fixture.rows("SELECT * FROM copy.through ORDER BY 1") == ["1", "2"])
      #expect(
        try await fixture.rows("SELECT * FROM copy.halves ORDER BY 1")
          == ["0|a;*/ 'b'|Zoë", "1|a;*/ 'b'|Zoë"])
      #expect(
        try await fixture.rows(
          "SELECT check_option FROM information_schema.views"
            + " WHERE table_schema = 'copy' AND table_name = 'halves'") == ["CASCADED"])
      try await fixture.execute(["INSERT INTO copy.zones VALUES (9, 'new')"])

      // Where the objects still exist, they work again afterwards.
      let replaced = try await fixture.payops(["restore", good, "--replace", "--confirm", "shop"])
      #expect(replaced.status == 0, "\(replaced)")
      #expect(try await fixture.rows("SELECT value FROM shop.halves ORDER BY 1") == ["0", "1"])
      #expect(try await fixture.rows("SELECT * FROM shop.through ORDER BY 1") == ["1", "2"])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("--missing-definers refuse creates no backup and names the first missing definer")
  func refuseBackup() async throws {
    try await BackupFixture.open { fixture in
      try await fixture.execute(Self.haunted)
      let run = try await fixture.payops(["backup", "create", "--missing-definers", "refuse"])
      #expect(run.status == 78, "\(run)")
      #expect(
        run.errors.hasPrefix(
          "payops: error: event walk has the definer ghost@localhost, an account that does not"
            + " exist; the same holds for 4 more\nhint: "), "\(run)")
      #expect(try await fixture.backups() == [:])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("--missing-definers refuse restores nothing; a dry run names the future definers")
  func refuseRestore() async throws {
    try await BackupFixture.open { fixture in
      // The definition of a view that the server does not show cannot be read.
      try await fixture.execute(Self.haunted + ["DROP VIEW halves"])
      let good = try await fixture.makeGoodBackup()
      let before = try await fixture.state()
      for words in [["--as", "copy"], ["--replace", "--confirm", "shop"]] {
        let run = try await fixture.payops(
          ["restore", good, "--missing-definers", "refuse"] + words)
        #expect(run.status == 78, "\(run)")
        #expect(run.errors.contains(" of the backup has the definer ghost@localhost"), "\(run)")
        #expect(run.errors.contains("hint: nothing was changed"), "\(run)")
      }
      let dry = try await fixture.payops(["restore", good, "--as", "copy", "--dry-run"])
      #expect(dry.status == 0, "\(dry)")
      #expect(
        dry.errors.contains(
          "ghost@localhost does not exist here: \(Self.orphans.joined(separator: ", "))"
            + " would belong to the account that restores"), "\(dry)")
      #expect(try await fixture.backups() == [good: "verified"])
      try await fixture.expectUnchanged(since: before)
      try await fixture.expectNothingLeft()

      // Once the account exists nothing is missing, and it keeps its objects.
      try await fixture.execute([
        "CREATE USER ghost@localhost", "GRANT ALL ON *.* TO ghost@localhost",
      ])
      let run = try await fixture.payops(
        ["restore", good, "--missing-definers", "refuse", "--as", "copy"])
      #expect(run.status == 0, "\(run)")
      #expect(!run.errors.contains("does not exist here"), "\(run)")
      #expect(
        try await fixture.rows(
          "SELECT definer FROM information_schema.views"
            + " WHERE table_schema = 'copy' AND table_name = 'haunted'") == ["ghost@localhost"])
    }
  }

  @Test("tables alone have only the definers of their triggers")
  func tables() async throws {
    try await BackupFixture.open { fixture in
      try await fixture.execute(Self.haunted)
      let good = try await fixture.makeGoodBackup()
      let command = ["restore", good, "--missing-definers", "refuse", "--as", "copy", "--tables"]
      let notes = try await fixture.payops(command + ["notes"])
      #expect(notes.status == 0, "\(notes)")
      let zones = try await fixture.payops(command + ["zones"])
      #expect(zones.status == 78, "\(zones)")
      #expect(zones.errors.contains("trigger zones_knock of the backup"), "\(zones)")
    }
  }

  @Test("for an account that cannot read accounts the views that do not open are named")
  func leastPrivileges() async throws {
    try await BackupFixture.open { fixture in
      try await fixture.execute(Self.haunted)
      try await fixture.execute([
        "CREATE USER saver@localhost",
        """
        GRANT SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON shop.* TO saver@localhost
        """,
        "GRANT SELECT ON mysql.proc TO saver@localhost",
      ])
      let account = ["PAYOPS_USER": "saver"]
      let run = try await fixture.payops(["backup", "create", "--no-verify"], variables: account)
      #expect(run.status == 0, "\(run)")
      // Those that open are not named.
      let named = run.errors.matches(of: /note: view (\w+) does not open/).map { String($0.1) }
      #expect(named.sorted() == ["halves", "haunted", "through"], "\(run)")
      try await fixture.expectAllGood(including: [])
      let refused = try await fixture.payops(
        ["backup", "create", "--missing-definers", "refuse"], variables: account)
      #expect(refused.status == 78, "\(refused)")
      #expect(refused.errors.contains("view halves does not open"), "\(refused)")
    }
  }
}
