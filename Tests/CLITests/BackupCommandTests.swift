import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops backup", .timeLimit(.minutes(10)))
struct BackupCommandTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// Path of the data of a backup.
  private func data(_ shop: BackupShop, _ id: String) -> String {
    "\(shop.folder)/\(id)/dump.sql.zst"
  }

  @Test("create prints the backup, verified or not, and keeps it to its owner")
  func create() async throws {
    try await BackupShop.open { shop in
      let made = try await shop.payops(["backup", "create", "--no-verify"])
      #expect(made.status == 0, "\(made)")
      let id = try #require(try await shop.backups().keys.first)
      let lines = made.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "backup      \(id)")
      #expect(lines[1] == "schema      shop")
      #expect(lines[3] == "file        \(data(shop, id))")
      #expect(lines.contains { $0.hasPrefix("holds       5 tables, 645 rows, ") })
      #expect(lines.last == "verified    not yet")
      #expect(id.wholeMatch(of: /shop-\d{8}T\d{6}Z-1/) != nil)
      #expect(try mode(shop.folder) == 0o700)
      #expect(try mode("\(shop.folder)/\(id)") == 0o700)
      #expect(try mode(data(shop, id)) == 0o600)
      #expect(try mode("\(shop.folder)/\(id)/manifest.json") == 0o600)

      let second = try await shop.payops([
        "backup", "create", "--on", "server", "--json", "--level", "19", "--threads", "0",
      ])
      #expect(second.status == 0, "\(second)")
      let backup = try object(second.output)
      #expect(
        Set(backup.keys) == [
          "id", "sequence", "schema", "created_at", "file", "stored_bytes", "raw_bytes", "sha256",
          "key_id", "tables", "rows", "objects", "dump_seconds", "state", "verified_at",
          "restore_seconds", "findings", "uncompared_views", "gtid", "pinned", "kind",
          "last_attempt",
        ])
      #expect(backup["sequence"] as? Int == 2)
      #expect(backup["rows"] as? Int == 645)
      #expect(backup["state"] as? String == "verified")
      #expect(backup["findings"] as? [String] == [])
      #expect(backup["key_id"] is NSNull)
      #expect((backup["restore_seconds"] as? Double ?? 0) > 0)
      for wrong in [["--level", "20"], ["--on", "moon"], ["--connections", "0"]] {
        #expect(try await shop.payops(["backup", "create"] + wrong).status == 64)
      }
    }
  }

  @Test("list prints a table, CSV and JSON, and names what it cannot read")
  func list() async throws {
    try await BackupShop.open { shop in
      let none = try await shop.payops(["backup", "list"])
      #expect(none.status == 0)
      #expect(none.output == "")
      #expect(none.errors == "no backups in \(shop.folder)\n")
      #expect(try await shop.backups() == [:])

      let good = try await shop.makeGoodBackup()
      let table = try await shop.payops(["backup", "list"])
      let lines = table.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 2)
      #expect(lines[0].split(separator: " ") == ["backup", "age", "state", "size", "restore"])
      #expect(lines[1].hasPrefix("\(good)  "))
      #expect(lines[1].contains("verified"))
      let csv = try await shop.payops(["backup", "list", "--format", "csv"])
      #expect(
        csv.output.hasPrefix(
          "id,created_at,age_hours,state,stored_bytes,raw_bytes,rows,dump_seconds,"
            + "restore_seconds,encrypted,pinned,kind,data\r\n\(good),"))
      #expect(csv.output.hasSuffix(",no,no,manual,whole\r\n"))
      #expect(try await shop.backups() == [good: "verified"])

      let manifest = "\(shop.folder)/\(good)/manifest.json"
      let text = try String(contentsOfFile: manifest, encoding: .utf8)
      for (damaged, reason) in [
        ("{}", "is no manifest of a backup"),
        (text.replacing("\"format\" : 1", with: "\"format\" : 2"), "has format 2, newer than 1"),
        (text.replacing(good, with: "shop-20200101T000000Z-1"), "is the manifest of shop-2020"),
        (text.replacing("\"sequence\"", with: "\"order\""), "fields are missing or wrong"),
      ] {
        try damaged.write(toFile: manifest, atomically: false, encoding: .utf8)
        let list = try await shop.payops(["backup", "list"])
        #expect(list.status == 1)
        #expect(
          list.output.split(separator: "\n").last?.hasPrefix("\(good)  -") == true, "\(list)")
        #expect(list.output.contains("unreadable"))
        #expect(list.errors.contains("note: \(good) is no usable backup: "))
        #expect(list.errors.contains(reason), "\(list.errors)")
        for command in [["backup", "show", good], ["restore", good, "--as", "copy"]] {
          let run = try await shop.payops(command)
          #expect(run.status == 65, "\(run)")
          #expect(run.errors.contains(reason))
        }
      }
    }
  }

  @Test("show prints one backup, and knows no other names")
  func show() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let page = try await shop.payops(["backup", "show", good])
      #expect(page.status == 0)
      #expect(page.output.contains("\nverified    yes, restored in "))
      let json = try await shop.payops(["backup", "show", good, "--json"])
      #expect(try object(json.output)["id"] as? String == good)
      for other in ["shop-20200101T000000Z-1", "../\(good)", "./\(good)", "", "manifest.json"] {
        let run = try await shop.payops(["backup", "show", other])
        #expect(run.status == 64, "\(run)")
        let error = try await shop.payops(["backup", "show", other, "--json"])
        #expect(try object(error.errors)["exit_code"] as? Int == 64)
      }
      let run = try await shop.payops(["backup", "show", "shop-20200101T000000Z-1"])
      #expect(
        run.errors == """
          payops: error: there is no backup shop-20200101T000000Z-1 in \(shop.folder)
          hint: see `payops backup list`

          """)
    }
  }

  @Test("check is good only for a verified backup that is young enough")
  func check() async throws {
    try await BackupShop.open { shop in
      func expectCheck(
        _ arguments: [String] = [], _ status: Int32, _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        let run = try await shop.payops(["backup", "check"] + arguments)
        #expect(run.status == status, "\(run)", sourceLocation: sourceLocation)
        #expect(run.output.contains(text), "\(run)", sourceLocation: sourceLocation)
        #expect(run.output.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
      }
      try await expectCheck([], 1, "CRITICAL: there is no backup")
      #expect(try await shop.payops(["backup", "create", "--no-verify"]).status == 0)
      try await expectCheck([], 1, "CRITICAL: none of 1 backups in \(shop.folder) is verified")

      // Taken two days ago by the clock.
      let folder = BackupFolder(path: shop.folder)
      let past = Int64(Date().timeIntervalSince1970) - 48 * 3600 - 60
      let old = try await BackupCreation(
        options: shop.options, folder: folder, payopsVersion: "test", now: { past }
      ).run()
      #expect(try await shop.payops(["backup", "verify", old.id, "--on", "server"]).status == 0)
      try await expectCheck([], 1, "CRITICAL: \(old.id) is verified, 2 days old, restores in ")
      try await expectCheck([], 1, "older than 26 h")
      try await expectCheck(["--max-age", "3d"], 0, "OK: \(old.id) is verified")
      try await expectCheck(["--max-age", "47h"], 1, "CRITICAL: ")
      for wrong in ["26", "0h", "-1h", "h", "1w"] {
        #expect(try await shop.payops(["backup", "check", "--max-age=\(wrong)"]).status == 64)
      }

      let good = try await shop.makeGoodBackup()
      try await expectCheck([], 0, "OK: \(good) is verified, ")
      let json = try await shop.payops(["backup", "check", "--json"])
      let values = try object(json.output)
      #expect(values["ok"] as? Bool == true)
      #expect(values["newest_verified"] as? String == good)
      #expect(values["max_age_seconds"] as? Int == 26 * 3600)
      #expect((values["age_seconds"] as? Int).map { 0..<3600 ~= $0 } == true)

      // A newer one that nobody has verified takes nothing away; one that failed does.
      #expect(try await shop.payops(["backup", "create", "--no-verify"]).status == 0)
      try await expectCheck([], 0, "OK: \(good) is verified, ")
      let newest = try #require(try await shop.backups().keys.max { $0.suffix(1) < $1.suffix(1) })
      unlink(data(shop, newest))
      let verify = try await shop.payops(["backup", "verify", "--latest", "--on", "server"])
      #expect(verify.status == 1, "\(verify)")
      try await expectCheck([], 1, "; \(newest) FAILED its verification; \(good) is")

      // Backups of another schema are none of this one.
      let other = try await shop.payops(["backup", "check", "--database", "other"])
      #expect(other.status == 1)
      #expect(other.output == "CRITICAL: there is no backup of schema other in \(shop.folder)\n")
    }
  }

  /// What happens to the data of a backup in its folder.
  enum Damage: String, CaseIterable {
    case bit, cutOff, longer, empty, missing

    func happen(to path: String) throws {
      var bytes = try Data(contentsOf: URL(filePath: path))
      switch self {
      case .bit: bytes[bytes.count / 2] ^= 1
      case .cutOff: bytes.removeLast()
      case .longer: bytes.append(0)
      case .empty: bytes.removeAll()
      case .missing: return try FileManager.default.removeItem(atPath: path)
      }
      try bytes.write(to: URL(filePath: path))
    }
  }

  @Test("a damaged backup fails its verification, and is not restored", arguments: Damage.allCases)
  func damaged(damage: Damage) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let bad = try await shop.makeGoodBackup()
      try damage.happen(to: data(shop, bad))
      let before = try await shop.state()
      // Nobody has noticed yet: it is the newest that was verified.
      let latest = ["restore", "--latest", "--replace", "--confirm", BackupShop.schema]
      let unnoticed = try await shop.payops(latest + ["--no-safety-backup"])
      #expect(unnoticed.status == 65, "\(unnoticed)")
      try await shop.expectUnchanged(since: before)
      let dryRun = try await shop.payops(["restore", bad, "--as", "copy", "--dry-run"])
      #expect(dryRun.status == 65, "\(dryRun)")

      let verify = try await shop.payops(["backup", "verify", bad, "--on", "server"])
      #expect(verify.status == 1, "\(verify)")
      #expect(verify.output.contains("\nverified    FAILED, "))
      #expect(
        try await shop.backups(areWhole: damage == .bit) == [good: "verified", bad: "failed"])
      #expect(try await shop.payops(["backup", "show", bad]).status == 1)
      let all = try await shop.payops(["backup", "verify", "--all", "--on", "server", "--json"])
      #expect(all.status == 1)
      let outcomes = try #require(
        try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
      #expect(outcomes.map { $0["state"] as? String } == ["verified", "failed"])
      #expect((outcomes.last?["findings"] as? [[String: String]])?.isEmpty == false)

      let named = try await shop.payops(["restore", bad, "--as", "copy"])
      #expect(named.status == 65, "\(named)")
      #expect(named.errors.contains("note: \(bad) is not known to be good (failed)\n"))
      #expect(
        try await shop.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'copy'")
          == [])
      let other = try await shop.payops(["restore", "--latest", "--as", "copy"])
      #expect(other.output.hasPrefix("restored \(good) into copy in "), "\(other)")
      try await shop.expectUnchanged(since: before)
      try await shop.expectNothingLeft()
    }
  }

  @Test("restore --latest takes no backup that is not verified")
  func latest() async throws {
    try await BackupShop.open { shop in
      let none = try await shop.payops(["restore", "--latest", "--as", "copy"])
      #expect(none.status == 65)
      #expect(try await shop.payops(["backup", "create", "--no-verify"]).status == 0)
      let id = try #require(try await shop.backups().keys.first)
      let unverified = try await shop.payops(["restore", "--latest", "--as", "copy"])
      #expect(unverified.status == 65)
      #expect(
        unverified.errors == """
          note: \(id) is newer, and not verified
          payops: error: there is no verified backup of schema shop in \(shop.folder)
          hint: see `payops backup list`; name one to take it as it is

          """)
      let named = try await shop.payops(["restore", id, "--as", "copy"])
      #expect(named.status == 0, "\(named)")
      #expect(named.errors == "note: \(id) is not known to be good (unverified)\n")
      for wrong in [["restore"], ["restore", id, "--latest"]] {
        #expect(try await shop.payops(wrong).status == 64)
      }
    }
  }

  @Test("verify wants to know which, and only one way")
  func verifyUsage() async throws {
    try await BackupShop.open { shop in
      for words in [[], ["--latest", "--all"], ["shop-20200101T000000Z-1", "--latest"]] {
        let run = try await shop.payops(["backup", "verify"] + words)
        #expect(run.status == 64, "\(run)")
        #expect(run.errors == "payops: error: say which: a name, --latest or --all\n")
      }
      for words in [["--latest"], ["--all"], ["shop-20200101T000000Z-1"]] {
        let run = try await shop.payops(["backup", "verify", "--on", "server"] + words)
        #expect(run.status == (words == ["--latest"] || words == ["--all"] ? 65 : 64), "\(run)")
      }
    }
  }

  @Test("prune deletes what its dry run says, keeps what is pinned, and leaves others' files alone")
  func prune() async throws {
    try await BackupShop.open { shop in
      let empty = try await shop.payops(["backup", "prune"])
      #expect(empty.status == 0)
      #expect(empty.errors == "0 deleted, 0 kept\n")
      var ids: [String] = []
      for _ in 0..<5 { ids.append(try await shop.makeGoodBackup()) }
      #expect(try await shop.payops(["backup", "pin", ids[0]]).status == 0)
      let pinned = try await shop.payops(["backup", "list"])
      #expect(pinned.output.split(separator: "\n")[1].hasSuffix("pinned"))
      try "mine".write(
        toFile: "\(shop.folder)/\(ids[1])/mine.txt", atomically: true, encoding: .utf8)

      func decisions(_ arguments: String...) async throws -> [String: String] {
        let run = try await shop.payops(["backup", "prune", "--json"] + arguments)
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
      #expect(try await shop.backups().count == 5)
      let done = try await decisions("--keep-days", "0", "--minimum", "2")
      #expect(done == foretold)
      #expect(
        try await shop.backups()
          == [ids[0]: "verified", ids[3]: "verified", ids[4]: "verified"])
      #expect(!FileManager.default.fileExists(atPath: "\(shop.folder)/.deleted-\(ids[2])"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(shop.folder)/.deleted-\(ids[1])")
          == ["mine.txt"])

      #expect(try await shop.payops(["backup", "unpin", ids[0]]).status == 0)
      let table = try await shop.payops(
        ["backup", "prune", "--keep-days", "0", "--minimum", "1"])
      #expect(table.errors.hasPrefix("2 deleted, 1 kept\n"))
      #expect(table.output.contains("\(ids[0])  deleted"))
      #expect(try await shop.backups() == [ids[4]: "verified"])
      for wrong in [["backup", "pin", ids[0]], ["backup", "unpin", ids[0]]] {
        #expect(try await shop.payops(wrong).status == 64)
      }
    }
  }

  @Test("a backup that is not verified is never taken for one that replaces an older one")
  func pruneUnverified() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      #expect(try await shop.payops(["backup", "create", "--no-verify"]).status == 0)
      let prune = try await shop.payops(["backup", "prune", "--keep-days", "0"])
      #expect(prune.errors.hasPrefix("0 deleted, 2 kept\n"), "\(prune)")
      #expect(try await shop.backups()[good] == "verified")
    }
  }

  @Test("what payops did not make stays in the folder")
  func foreignFiles() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
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
        let url = URL(filePath: "\(shop.folder)/\(file)")
        try manager.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: url)
      }
      for command in [
        ["backup", "create", "--on", "server"],
        ["backup", "prune", "--keep-days", "0", "--minimum", "1"],
        ["backup", "verify", "--latest", "--on", "private"],
      ] {
        let run = try await shop.payops(command)
        #expect(run.status == 0, "\(run)")
      }
      for file in foreign {
        #expect(manager.fileExists(atPath: "\(shop.folder)/\(file)"), "\(file) is gone")
      }
      for file in own {
        #expect(!manager.fileExists(atPath: "\(shop.folder)/\(file)"), "\(file) is there")
      }
      #expect(!manager.fileExists(atPath: "\(shop.folder)/.deleted-shop-20200101T000000Z-8"))
      #expect(try await shop.backups().count == 1)
    }
  }

  @Test("keys: made once, kept private, needed again")
  func encryption() async throws {
    try await BackupShop.open { shop in
      let key = shop.root.appending(path: "key").path
      let made = try await shop.payops(["backup", "keygen", key])
      #expect(made.status == 0, "\(made)")
      let digits = try String(contentsOfFile: key, encoding: .utf8)
      #expect(digits.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
      #expect(try mode(key) == 0o600)
      #expect(made.output.wholeMatch(of: /key [0-9a-f]{16} in .*\n/) != nil)
      #expect(!made.output.contains(digits.prefix(16)))
      let again = try await shop.payops(["backup", "keygen", key])
      #expect(again.status == 78)
      #expect(again.errors.contains("hint: a key is never overwritten"))
      #expect(try String(contentsOfFile: key, encoding: .utf8) == digits)

      try await shop.execute(["INSERT INTO zones VALUES (9, 'in-the-clear')"])
      let before = try await shop.state()
      let id = try await shop.makeGoodBackup(["--encrypt", key])
      let file = "\(shop.folder)/\(id)/dump.sql.zst.enc"
      let bytes = try Data(contentsOf: URL(filePath: file))
      #expect(bytes.starts(with: Data("PAYOPSE1".utf8)))
      #expect(bytes.firstRange(of: Data([0x28, 0xb5, 0x2f, 0xfd])) == nil, "zstd in the clear")
      #expect(try await shop.payops(["backup", "list"]).output.contains("encrypted"))

      let other = shop.root.appending(path: "other").path
      #expect(try await shop.payops(["backup", "keygen", other]).status == 0)
      let open = shop.root.appending(path: "open").path
      try FileManager.default.copyItem(atPath: key, toPath: open)
      chmod(open, 0o644)
      let short = shop.root.appending(path: "short").path
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
          let run = try await shop.payops(command + words)
          #expect(run.status == 78, "\(run)")
          #expect(run.errors.contains(message), "\(run)")
        }
      }
      #expect(try await shop.backups() == [id: "verified"])
      #expect(
        try await shop.payops(["backup", "verify", id, "--key", key, "--on", "server"]).status == 0)
      let restored = try await shop.payops(["restore", id, "--as", "copy", "--key", key])
      #expect(restored.status == 0, "\(restored)")
      #expect(try await shop.state(of: "copy").changes(from: before) == [])
      let unusable = try await shop.payops(["backup", "create", "--encrypt", open])
      #expect(unusable.status == 78)
      #expect(try await shop.backups().count == 1)

      // The safety backup of a restore is encrypted like the backup.
      let replaced = try await shop.payops([
        "restore", id, "--key", key, "--replace", "--confirm", BackupShop.schema,
      ])
      #expect(replaced.status == 0, "\(replaced)")
      let safety = try #require(try await shop.backups().keys.first { $0 != id })
      #expect(FileManager.default.fileExists(atPath: "\(shop.folder)/\(safety)/dump.sql.zst.enc"))
      try await shop.expectNothingLeft()
    }
  }

  /// Writes an option file for an account and makes the account.
  private func account(
    _ shop: BackupShop, privileges: [String], readsRoutines: Bool = true
  ) async throws -> String {
    try await shop.execute([
      "CREATE USER saver@localhost IDENTIFIED BY 'se\"cret # \\\\'",
      "GRANT \(privileges.joined(separator: ", ")) ON shop.* TO saver@localhost",
    ])
    if readsRoutines { try await shop.execute(["GRANT SELECT ON mysql.proc TO saver@localhost"]) }
    let file = shop.root.appending(path: "saver.cnf").path
    try """
    [payops]
    user=saver
    password="se\\"cret # \\\\"
    socket=\(shop.options.socket ?? "")

    """.write(toFile: file, atomically: true, encoding: .utf8)
    chmod(file, 0o600)
    return file
  }

  private static let needed = ["SELECT", "LOCK TABLES", "SHOW VIEW", "TRIGGER", "EVENT"]

  @Test("an account with the privileges that are documented suffices, its password stays hidden")
  func leastPrivileges() async throws {
    try await BackupShop.open { shop in
      let file = try await account(shop, privileges: Self.needed)
      // The account named by the environment would count instead.
      let variables = ["PAYOPS_USER": "saver"]
      let run = try await shop.payops(
        ["backup", "create", "--no-verify", "--defaults-file", file], variables: variables)
      #expect(run.status == 0, "\(run)")
      try await shop.expectAllGood(including: [])
      let held = try await shop.createWithHeldDump(
        arguments: ["--defaults-file", file], variables: variables
      ) { _, tool in
        for pid in shop.processes().map(\.pid) {
          for name in ["cmdline", "environ"] {
            let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/\(name)") ?? Data()
            #expect(bytes.firstRange(of: Data("cret".utf8)) == nil, "\(name) of \(pid)")
          }
        }
        #expect(shop.processes().contains { $0.pid == tool })
        let visible = try await shop.leftovers()
        #expect(!visible.contains { $0.contains("/dev/shm") })
      }
      #expect(held.status == 0, "\(held)")
      for id in try await shop.backups().keys {
        let text = try String(
          contentsOfFile: "\(shop.folder)/\(id)/manifest.json", encoding: .utf8)
        #expect(!text.contains("cret"))
      }
      try await shop.expectNothingLeft()
    }
  }

  @Test("a privilege that is missing is named, and nothing is made", arguments: needed)
  func missingPrivilege(name: String) async throws {
    try await BackupShop.open { shop in
      let file = try await account(shop, privileges: Self.needed.filter { $0 != name })
      let run = try await shop.payops(
        ["backup", "create", "--defaults-file", file], variables: ["PAYOPS_USER": "saver"])
      #expect(run.status == 77, "\(run)")
      #expect(
        run.errors == """
          payops: error: the account lacks \(name) on schema shop: a backup would silently leave \
          things out
          hint: GRANT \(name) ON `shop`.* to it

          """)
      #expect(try await shop.backups() == [:])
      try await shop.expectNothingLeft()
    }
  }

  @Test("an account that may not read routines is told so")
  func hiddenRoutines() async throws {
    try await BackupShop.open { shop in
      let file = try await account(shop, privileges: Self.needed, readsRoutines: false)
      let run = try await shop.payops(
        ["backup", "create", "--defaults-file", file], variables: ["PAYOPS_USER": "saver"])
      #expect(run.status == 77, "\(run)")
      #expect(run.errors.contains("cannot see every routine"), "\(run.errors)")
      #expect(run.errors.contains("mysql.proc"), "\(run.errors)")
      #expect(try await shop.backups() == [:])
      try await shop.expectNothingLeft()
    }
  }

  @Test(
    "a definer that does not exist is named with its object where that is refused",
    arguments: [
      ("view haunted", "VIEW haunted AS SELECT 1 AS a"),
      ("function haunted", "FUNCTION haunted() RETURNS INT DETERMINISTIC RETURN 1"),
      ("procedure haunted", "PROCEDURE haunted() SELECT 1"),
      ("trigger haunted", "TRIGGER haunted BEFORE INSERT ON zones FOR EACH ROW SET @a = 1"),
      ("event haunted", "EVENT haunted ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DO 1"),
    ])
  func missingDefiner(object: String, definition: String) async throws {
    try await BackupShop.open { shop in
      try await shop.execute(["CREATE DEFINER=`ghost`@`%` \(definition)"])
      let run = try await shop.payops(["backup", "create", "--missing-definers", "refuse"])
      #expect(run.status == 78, "\(run)")
      #expect(
        run.errors.hasPrefix(
          "payops: error: \(object) has the definer ghost@%, an account that does not exist\n"
            + "hint: "))
      #expect(try await shop.backups() == [:])
      try await shop.expectNothingLeft()
    }
  }

  @Test("the folder comes from --dir, from PAYOPS_BACKUP_DIR, or lies here")
  func folders() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let elsewhere = shop.root.appending(path: "elsewhere").path
      let list = try await shop.payops(["backup", "list", "--dir", elsewhere])
      #expect(list.errors == "no backups in \(elsewhere)\n")
      #expect(!FileManager.default.fileExists(atPath: elsewhere))
      let usual = try await shop.payops(["backup", "list"], variables: ["PAYOPS_BACKUP_DIR": ""])
      #expect(usual.errors == "no backups in payops-backups\n")
      let slash = try await shop.payops(["backup", "show", good, "--dir", "\(shop.folder)//"])
      #expect(slash.output.contains("file        \(data(shop, good))\n"), "\(slash)")
    }
  }

  @Test("the view ops_backup_status shows what is in the folder")
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
