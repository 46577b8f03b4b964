import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops backup", .timeLimit(.minutes(10)))
struct BackupCommandTests {
  func object(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  /// Path of the data of a backup.
  func data(_ fixture: BackupFixture, _ id: String) -> String {
    "\(fixture.folder)/\(id)/dump.sql.zst"
  }

  @Test("backup create prints the backup, verified or not, and makes it private to its owner")
  func create() async throws {
    try await BackupFixture.open { fixture in
      let made = try await fixture.payops(["backup", "create", "--no-verify"])
      #expect(made.status == 0, "\(made)")
      let id = try #require(try await fixture.backups().keys.first)
      let lines = made.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "backup      \(id)")
      #expect(lines[1] == "schema      shop")
      #expect(lines[3] == "file        \(data(fixture, id))")
      #expect(lines.contains { $0.hasPrefix("holds       5 tables, 645 rows, ") })
      #expect(lines.last == "verified    not yet")
      #expect(id.wholeMatch(of: /shop-\d{8}T\d{6}Z-1/) != nil)
      #expect(try mode(fixture.folder) == 0o700)
      #expect(try mode("\(fixture.folder)/\(id)") == 0o700)
      #expect(try mode(data(fixture, id)) == 0o600)
      #expect(try mode("\(fixture.folder)/\(id)/manifest.json") == 0o600)

      let second = try await fixture.payops([
        "backup", "create", "--on", "server", "--json", "--level", "19", "--threads", "0",
      ])
      #expect(second.status == 0, "\(second)")
      let backup = try object(second.output)
      #expect(
        Set(backup.keys) == [
          "id", "sequence", "schema", "created_at", "file", "stored_bytes", "raw_bytes", "sha256",
          "key_id", "tables", "rows", "objects", "dump_seconds", "state", "verified_at",
          "restore_seconds", "findings", "uncompared_views", "gtid", "pinned", "kind",
          "last_attempt", "missing_definers", "lock_seconds",
        ])
      // All tables of the fixture use InnoDB: writers continued once the snapshots were open.
      let locked = try #require(backup["lock_seconds"] as? Double)
      #expect(locked > 0 && locked < backup["dump_seconds"] as? Double ?? 0)
      #expect(backup["sequence"] as? Int == 2)
      #expect(backup["rows"] as? Int == 645)
      #expect(backup["state"] as? String == "verified")
      #expect(backup["findings"] as? [String] == [])
      #expect(backup["key_id"] is NSNull)
      #expect((backup["restore_seconds"] as? Double ?? 0) > 0)
      for wrong in [["--level", "20"], ["--on", "moon"], ["--connections", "0"]] {
        #expect(try await fixture.payops(["backup", "create"] + wrong).status == 64)
      }
    }
  }

  @Test("backup list prints a table, CSV and JSON, and names what it cannot read")
  func list() async throws {
    try await BackupFixture.open { fixture in
      let none = try await fixture.payops(["backup", "list"])
      #expect(none.status == 0)
      #expect(none.output == "")
      #expect(none.errors == "no backups in \(fixture.folder)\n")
      #expect(try await fixture.backups() == [:])

      let good = try await fixture.makeGoodBackup()
      let table = try await fixture.payops(["backup", "list"])
      let lines = table.output.split(separator: "\n").map(String.init)
      try #require(lines.count == 2)
      #expect(
        lines[0].split(separator: " ") == [
          "backup", "age", "state", "size", "restore", "remarks",
        ])
      #expect(lines[1].hasPrefix("\(good)  "))
      #expect(lines[1].contains("verified"))
      let csv = try await fixture.payops(["backup", "list", "--format", "csv"])
      #expect(
        csv.output.hasPrefix(
          "id,created_at,age_hours,state,stored_bytes,raw_bytes,rows,dump_seconds,"
            + "restore_seconds,encrypted,pinned,kind,data\r\n\(good),"))
      #expect(csv.output.hasSuffix(",no,no,manual,whole\r\n"))
      #expect(try await fixture.backups() == [good: "verified"])

      let manifest = "\(fixture.folder)/\(good)/manifest.json"
      let text = try String(contentsOfFile: manifest, encoding: .utf8)
      for (damaged, reason) in [
        ("{}", "is not a backup manifest"),
        (text.replacing("\"format\" : 1", with: "\"format\" : 2"), "has format 2, newer than 1"),
        (text.replacing(good, with: "shop-20200101T000000Z-1"), "is the manifest of shop-2020"),
        (text.replacing("\"sequence\"", with: "\"order\""), "fields are missing or wrong"),
      ] {
        try damaged.write(toFile: manifest, atomically: false, encoding: .utf8)
        let list = try await fixture.payops(["backup", "list"])
        #expect(list.status == 1)
        #expect(
          list.output.split(separator: "\n").last?.hasPrefix("\(good)  -") == true, "\(list)")
        #expect(list.output.contains("unreadable"))
        #expect(list.errors.contains("note: \(good) is not a usable backup: "))
        #expect(list.errors.contains(reason), "\(list.errors)")
        for command in [["backup", "show", good], ["restore", good, "--as", "copy"]] {
          let run = try await fixture.payops(command)
          #expect(run.status == 65, "\(run)")
          #expect(run.errors.contains(reason))
        }
      }
    }
  }

  @Test("backup show prints one backup, and refuses unknown names")
  func show() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let page = try await fixture.payops(["backup", "show", good])
      #expect(page.status == 0)
      #expect(page.output.contains("\nverified    yes, restored in "))
      let json = try await fixture.payops(["backup", "show", good, "--json"])
      #expect(try object(json.output)["id"] as? String == good)
      for other in ["shop-20200101T000000Z-1", "../\(good)", "./\(good)", "", "manifest.json"] {
        let run = try await fixture.payops(["backup", "show", other])
        #expect(run.status == 64, "\(run)")
        let error = try await fixture.payops(["backup", "show", other, "--json"])
        #expect(try object(error.errors)["exit_code"] as? Int == 64)
      }
      let run = try await fixture.payops(["backup", "show", "shop-20200101T000000Z-1"])
      #expect(
        run.errors == """
          payops: error: there is no backup shop-20200101T000000Z-1 in \(fixture.folder)
          hint: see `payops backup list`

          """)
    }
  }

  @Test("backup check passes only with a verified backup that is recent enough")
  func check() async throws {
    try await BackupFixture.open { fixture in
      func expectCheck(
        _ arguments: [String] = [], _ status: Int32, _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
      ) async throws {
        let run = try await fixture.payops(["backup", "check"] + arguments)
        #expect(run.status == status, "\(run)", sourceLocation: sourceLocation)
        #expect(run.output.contains(text), "\(run)", sourceLocation: sourceLocation)
        #expect(run.output.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
      }
      try await expectCheck([], 1, "CRITICAL: there is no backup")
      #expect(try await fixture.payops(["backup", "create", "--no-verify"]).status == 0)
      try await expectCheck([], 1, "CRITICAL: none of 1 backups in \(fixture.folder) is verified")

      // Created two days ago by the clock.
      let folder = BackupFolder(path: fixture.folder)
      let past = Int64(Date().timeIntervalSince1970) - 48 * 3600 - 60
      let old = try await BackupCreation(
        options: fixture.options, folder: folder, payopsVersion: "test", now: { past }
      ).run()
      #expect(try await fixture.payops(["backup", "verify", old.id, "--on", "server"]).status == 0)
      try await expectCheck([], 1, "CRITICAL: \(old.id) is verified, 2 days old, restores in ")
      try await expectCheck([], 1, "older than 26 h")
      try await expectCheck(["--max-age", "3d"], 0, "OK: \(old.id) is verified")
      try await expectCheck(["--max-age", "47h"], 1, "CRITICAL: ")
      for wrong in ["26", "0h", "-1h", "h", "1w"] {
        #expect(try await fixture.payops(["backup", "check", "--max-age=\(wrong)"]).status == 64)
      }

      let good = try await fixture.makeGoodBackup()
      try await expectCheck([], 0, "OK: \(good) is verified, ")
      let json = try await fixture.payops(["backup", "check", "--json"])
      let values = try object(json.output)
      #expect(values["ok"] as? Bool == true)
      #expect(values["newest_verified"] as? String == good)
      #expect(values["max_age_seconds"] as? Int == 26 * 3600)
      #expect((values["age_seconds"] as? Int).map { 0..<3600 ~= $0 } == true)

      // A newer unverified backup does not matter; a failed one does.
      #expect(try await fixture.payops(["backup", "create", "--no-verify"]).status == 0)
      try await expectCheck([], 0, "OK: \(good) is verified, ")
      let newest = try #require(
        try await fixture.backups().keys.max { $0.suffix(1) < $1.suffix(1) })
      unlink(data(fixture, newest))
      let verify = try await fixture.payops(["backup", "verify", "--latest", "--on", "server"])
      #expect(verify.status == 1, "\(verify)")
      try await expectCheck([], 1, "; \(newest) FAILED its verification; \(good) is")

      // Backups of another schema do not count.
      let other = try await fixture.payops(["backup", "check", "--database", "other"])
      #expect(other.status == 1)
      #expect(other.output == "CRITICAL: there is no backup of schema other in \(fixture.folder)\n")
    }
  }

  /// The damage to the data of a backup in its folder.
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
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let bad = try await fixture.makeGoodBackup()
      try damage.happen(to: data(fixture, bad))
      let before = try await fixture.state()
      // The damage is not noticed yet: it is the newest verified one.
      let latest = ["restore", "--latest", "--replace", "--confirm", BackupFixture.schema]
      let unnoticed = try await fixture.payops(latest + ["--no-safety-backup"])
      #expect(unnoticed.status == 65, "\(unnoticed)")
      try await fixture.expectUnchanged(since: before)
      let dryRun = try await fixture.payops(["restore", bad, "--as", "copy", "--dry-run"])
      #expect(dryRun.status == 65, "\(dryRun)")

      let verify = try await fixture.payops(["backup", "verify", bad, "--on", "server"])
      #expect(verify.status == 1, "\(verify)")
      #expect(verify.output.contains("\nverified    FAILED, "))
      #expect(
        try await fixture.backups(areWhole: damage == .bit) == [good: "verified", bad: "failed"])
      #expect(try await fixture.payops(["backup", "show", bad]).status == 1)
      let all = try await fixture.payops(["backup", "verify", "--all", "--on", "server", "--json"])
      #expect(all.status == 1)
      let outcomes = try #require(
        try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
      #expect(outcomes.map { $0["state"] as? String } == ["verified", "failed"])
      #expect((outcomes.last?["findings"] as? [[String: String]])?.isEmpty == false)

      let named = try await fixture.payops(["restore", bad, "--as", "copy"])
      #expect(named.status == 65, "\(named)")
      #expect(named.errors.contains("note: \(bad) is not known to be good (failed)\n"))
      #expect(
        try await fixture.rows(
          "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'copy'")
          == [])
      let other = try await fixture.payops(["restore", "--latest", "--as", "copy"])
      #expect(other.output.hasPrefix("restored \(good) into copy in "), "\(other)")
      try await fixture.expectUnchanged(since: before)
      try await fixture.expectNothingLeft()
    }
  }

  @Test("restore --latest uses only a verified backup")
  func latest() async throws {
    try await BackupFixture.open { fixture in
      let none = try await fixture.payops(["restore", "--latest", "--as", "copy"])
      #expect(none.status == 65)
      #expect(try await fixture.payops(["backup", "create", "--no-verify"]).status == 0)
      let id = try #require(try await fixture.backups().keys.first)
      let unverified = try await fixture.payops(["restore", "--latest", "--as", "copy"])
      #expect(unverified.status == 65)
      #expect(
        unverified.errors == """
          note: \(id) is newer, and not verified
          payops: error: there is no verified backup of schema shop in \(fixture.folder)
          hint: see `payops backup list`; name one to restore it as it is

          """)
      let named = try await fixture.payops(["restore", id, "--as", "copy"])
      #expect(named.status == 0, "\(named)")
      #expect(named.errors == "note: \(id) is not known to be good (unverified)\n")
      for wrong in [["restore"], ["restore", id, "--latest"]] {
        #expect(try await fixture.payops(wrong).status == 64)
      }
    }
  }

  @Test("backup verify needs exactly one way to name the backup")
  func verifyUsage() async throws {
    try await BackupFixture.open { fixture in
      for words in [[], ["--latest", "--all"], ["shop-20200101T000000Z-1", "--latest"]] {
        let run = try await fixture.payops(["backup", "verify"] + words)
        #expect(run.status == 64, "\(run)")
        #expect(run.errors == "payops: error: say which: a name, --latest or --all\n")
      }
      for words in [["--latest"], ["--all"], ["shop-20200101T000000Z-1"]] {
        let run = try await fixture.payops(["backup", "verify", "--on", "server"] + words)
        #expect(run.status == (words == ["--latest"] || words == ["--all"] ? 65 : 64), "\(run)")
      }
    }
  }
}
