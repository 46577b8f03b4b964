import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

extension BackupCommandTests {
  @Test("a backup key is created once, private to its owner, and needed for every later use")
  func encryption() async throws {
    try await BackupFixture.open { fixture in
      let key = fixture.root.appending(path: "key").path
      let made = try await fixture.payops(["backup", "keygen", key])
      #expect(made.status == 0, "\(made)")
      let digits = try String(contentsOfFile: key, encoding: .utf8)
      #expect(digits.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
      #expect(try mode(key) == 0o600)
      #expect(made.output.wholeMatch(of: /key [0-9a-f]{16} in .*\n/) != nil)
      #expect(!made.output.contains(digits.prefix(16)))
      let again = try await fixture.payops(["backup", "keygen", key])
      #expect(again.status == 78)
      #expect(again.errors.contains("hint: a key is never overwritten"))
      #expect(try String(contentsOfFile: key, encoding: .utf8) == digits)

      try await fixture.execute(["INSERT INTO zones VALUES (9, 'in-the-clear')"])
      let before = try await fixture.state()
      let id = try await fixture.makeGoodBackup(["--encrypt", key])
      let file = "\(fixture.folder)/\(id)/dump.sql.zst.enc"
      let bytes = try Data(contentsOf: URL(filePath: file))
      #expect(bytes.starts(with: Data("PAYOPSE1".utf8)))
      #expect(bytes.firstRange(of: Data([0x28, 0xb5, 0x2f, 0xfd])) == nil, "zstd in the clear")
      #expect(try await fixture.payops(["backup", "list"]).output.contains("encrypted"))

      let other = fixture.root.appending(path: "other").path
      #expect(try await fixture.payops(["backup", "keygen", other]).status == 0)
      let open = fixture.root.appending(path: "open").path
      try FileManager.default.copyItem(atPath: key, toPath: open)
      chmod(open, 0o644)
      let short = fixture.root.appending(path: "short").path
      try Data(digits.utf8.dropLast(3)).write(to: URL(filePath: short))
      chmod(short, 0o600)
      for (words, message) in [
        ([], "\(id) is encrypted with the key"), (["--key", other], ", not with "),
        (["--key", open], "can be read by others"), (["--key", short], "does not hold 64"),
        (["--key", "/nowhere"], "cannot read the key file /nowhere: No such file"),
      ] {
        for command in [
          ["backup", "verify", id, "--on", "server"], ["restore", id, "--as", "copy"],
        ] {
          let run = try await fixture.payops(command + words)
          #expect(run.status == 78, "\(run)")
          #expect(run.errors.contains(message), "\(run)")
        }
      }
      #expect(try await fixture.backups() == [id: "verified"])
      #expect(
        try await fixture.payops(["backup", "verify", id, "--key", key, "--on", "server"]).status
          == 0)
      let restored = try await fixture.payops(["restore", id, "--as", "copy", "--key", key])
      #expect(restored.status == 0, "\(restored)")
      #expect(try await fixture.state(of: "copy").changes(from: before) == [])
      let unusable = try await fixture.payops(["backup", "create", "--encrypt", open])
      #expect(unusable.status == 78)
      #expect(try await fixture.backups().count == 1)

      // The safety backup of a restore is encrypted like the backup.
      let replaced = try await fixture.payops([
        "restore", id, "--key", key, "--replace", "--confirm", BackupFixture.schema,
      ])
      #expect(replaced.status == 0, "\(replaced)")
      let safety = try #require(try await fixture.backups().keys.first { $0 != id })
      #expect(
        FileManager.default.fileExists(atPath: "\(fixture.folder)/\(safety)/dump.sql.zst.enc"))
      try await fixture.expectNothingLeft()
    }
  }

  /// Creates an account and an option file for it.
  func account(
    _ fixture: BackupFixture, privileges: [String], readsRoutines: Bool = true
  ) async throws -> String {
    try await fixture.execute([
      "CREATE USER saver@localhost IDENTIFIED BY 'se\"cret # \\\\'",
      "GRANT \(privileges.joined(separator: ", ")) ON shop.* TO saver@localhost",
    ])
    if readsRoutines {
      try await fixture.execute(["GRANT SELECT ON mysql.proc TO saver@localhost"])
    }
    let file = fixture.root.appending(path: "saver.cnf").path
    try """
    [payops]
    user=saver
    password="se\\"cret # \\\\"
    socket=\(fixture.options.socket ?? "")

    """.write(toFile: file, atomically: true, encoding: .utf8)
    chmod(file, 0o600)
    return file
  }

  static let needed = ["SELECT", "LOCK TABLES", "SHOW VIEW", "TRIGGER", "EVENT"]

  @Test("an account with the documented privileges suffices, and its password stays hidden")
  func leastPrivileges() async throws {
    try await BackupFixture.open { fixture in
      let file = try await account(fixture, privileges: Self.needed)
      // Otherwise the account named by the environment would be used.
      let variables = ["PAYOPS_USER": "saver"]
      let run = try await fixture.payops(
        ["backup", "create", "--no-verify", "--defaults-file", file], variables: variables)
      #expect(run.status == 0, "\(run)")
      try await fixture.expectAllGood(including: [])
      let held = try await fixture.createWithHeldDump(
        arguments: ["--defaults-file", file], variables: variables
      ) { _, tool in
        for pid in fixture.processes().map(\.pid) {
          for name in ["cmdline", "environ"] {
            let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/\(name)") ?? Data()
            #expect(bytes.firstRange(of: Data("cret".utf8)) == nil, "\(name) of \(pid)")
          }
        }
        #expect(fixture.processes().contains { $0.pid == tool })
        let visible = try await fixture.leftovers()
        #expect(!visible.contains { $0.contains("/dev/shm") })
      }
      #expect(held.status == 0, "\(held)")
      for id in try await fixture.backups().keys {
        let text = try String(
          contentsOfFile: "\(fixture.folder)/\(id)/manifest.json", encoding: .utf8)
        #expect(!text.contains("cret"))
      }
      try await fixture.expectNothingLeft()
    }
  }

  @Test("a missing privilege is named, and no backup is created", arguments: needed)
  func missingPrivilege(name: String) async throws {
    try await BackupFixture.open { fixture in
      let file = try await account(fixture, privileges: Self.needed.filter { $0 != name })
      let run = try await fixture.payops(
        ["backup", "create", "--defaults-file", file], variables: ["PAYOPS_USER": "saver"])
      #expect(run.status == 77, "\(run)")
      #expect(
        run.errors == """
          payops: error: the account lacks \(name) on schema shop: a backup would silently omit \
          objects
          hint: GRANT \(name) ON `shop`.* TO the account

          """)
      #expect(try await fixture.backups() == [:])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("an account that may not read routines gets an error")
  func hiddenRoutines() async throws {
    try await BackupFixture.open { fixture in
      let file = try await account(fixture, privileges: Self.needed, readsRoutines: false)
      let run = try await fixture.payops(
        ["backup", "create", "--defaults-file", file], variables: ["PAYOPS_USER": "saver"])
      #expect(run.status == 77, "\(run)")
      #expect(run.errors.contains("cannot see every routine"), "\(run.errors)")
      #expect(run.errors.contains("mysql.proc"), "\(run.errors)")
      #expect(try await fixture.backups() == [:])
      try await fixture.expectNothingLeft()
    }
  }

  @Test(
    "a missing definer is named with its object where it is refused",
    arguments: [
      ("view haunted", "VIEW haunted AS SELECT 1 AS a"),
      ("function haunted", "FUNCTION haunted() RETURNS INT DETERMINISTIC RETURN 1"),
      ("procedure haunted", "PROCEDURE haunted() SELECT 1"),
      ("trigger haunted", "TRIGGER haunted BEFORE INSERT ON zones FOR EACH ROW SET @a = 1"),
      ("event haunted", "EVENT haunted ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DO 1"),
    ])
  func missingDefiner(object: String, definition: String) async throws {
    try await BackupFixture.open { fixture in
      try await fixture.execute(["CREATE DEFINER=`ghost`@`%` \(definition)"])
      let run = try await fixture.payops(["backup", "create", "--missing-definers", "refuse"])
      #expect(run.status == 78, "\(run)")
      #expect(
        run.errors.hasPrefix(
          "payops: error: \(object) has the definer ghost@%, an account that does not exist\n"
            + "hint: "))
      #expect(try await fixture.backups() == [:])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("the backup folder comes from --dir, PAYOPS_BACKUP_DIR or the working directory")
  func folders() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let elsewhere = fixture.root.appending(path: "elsewhere").path
      let list = try await fixture.payops(["backup", "list", "--dir", elsewhere])
      #expect(list.errors == "no backups in \(elsewhere)\n")
      #expect(!FileManager.default.fileExists(atPath: elsewhere))
      let usual = try await fixture.payops(
        ["backup", "list"], variables: ["PAYOPS_BACKUP_DIR": ""])
      #expect(usual.errors == "no backups in payops-backups\n")
      let slash = try await fixture.payops(["backup", "show", good, "--dir", "\(fixture.folder)//"])
      #expect(slash.output.contains("file        \(data(fixture, good))\n"), "\(slash)")
    }
  }

  @Test("the view ops_backup_status shows the backups in the folder")
  func status() async throws {
    let folder = try TemporaryDirectory.make("status").path(percentEncoded: false)
    defer { TemporaryDirectory.remove(URL(filePath: folder)) }
    try await TestServer.withSchema { connection in
      let schema = try #require(
        try await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      func payops(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.payops(
          arguments + ["--dir", folder],
          environment: [
            "PAYOPS_DATABASE": schema, "PAYOPS_SOCKET": connection.options.socket ?? "",
            "PAYOPS_USER": connection.options.user ?? "",
          ], deadline: .seconds(240))
      }
      func status() async throws -> [String] {
        let row = try #require(
          try await connection.query(
            "SELECT newest_backup_id, newest_verified_id, backup_count, verified_count,"
              + " unverified_count, pinned_count, rto_seconds > 0 AS is_measured,"
              + " rpo_seconds BETWEEN 0 AND 3600 AS is_recent FROM ops_backup_status"
          ).rows.first)
        return row.values.map { $0 ?? "NULL" }
      }
      #expect(try await status() == ["NULL", "NULL", "0", "0", "0", "0", "NULL", "NULL"])
      let made = try await payops("backup", "create", "--on", "server", "--json")
      #expect(made.status == 0, "\(made)")
      #expect(!made.errors.contains("note:"), "\(made.errors)")
      let first = try #require(try object(made.output)["id"] as? String)
      #expect(try await status() == [first, first, "1", "1", "0", "0", "1", "1"])
      let second = try await payops("backup", "create", "--no-verify", "--json")
      let unverified = try #require(try object(second.output)["id"] as? String)
      #expect(try await status() == [unverified, first, "2", "1", "1", "0", "1", "1"])
      #expect(try await payops("backup", "verify", unverified, "--on", "server").status == 0)
      #expect(try await status() == [unverified, unverified, "2", "2", "0", "0", "1", "1"])
      let pruned = try await payops("backup", "prune", "--keep-days", "0", "--minimum", "1")
      #expect(pruned.errors == "1 deleted, 1 kept\n", "\(pruned)")
      #expect(try await status() == [unverified, unverified, "1", "1", "0", "0", "1", "1"])
    }
  }
}
