import Backup
import Foundation
import MariaDBClient
import Restore
import TestSupport
import Testing

/// A small file system of its own.
private struct SmallDisk {
  let path: String

  /// Mounts a file system; nil when this user may not.
  init?(_ path: String, bytes: Int) async throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let mounted = try await ProgramRun.run(
      URL(filePath: "/usr/bin/mount"),
      ["-t", "tmpfs", "-o", "size=\(bytes),mode=0700", "tmpfs", path])
    guard mounted.status == 0 else { return nil }
  }

  func remove() async throws {
    _ = try await ProgramRun.run(URL(filePath: "/usr/bin/umount"), [path])
  }

  /// Fills the file system except for some bytes.
  func fill(leaving bytes: Int = 0) throws {
    let file = FileManager.default
    let path = "\(path)/filler"
    _ = file.createFile(atPath: path, contents: nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    defer { try? handle.close() }
    while (try? handle.write(contentsOf: Data(repeating: 1, count: 4096))) != nil {}
    let size = try handle.offset()
    try handle.truncate(atOffset: size - UInt64(bytes))
  }

  func free() throws { try FileManager.default.removeItem(atPath: "\(path)/filler") }
}

@Suite("Backups under adverse conditions", .timeLimit(.minutes(10)))
struct BackupTroubleTests {
  /// A table whose rows hardly compress.
  private static let bulk = [
    "CREATE TABLE bulk (bulk_id INT PRIMARY KEY, content VARCHAR(128))",
    "INSERT INTO bulk SELECT seq, SHA2(seq, 512) FROM seq_1_to_8000",
  ]

  /// Runs a body with a file system for the backups; nil when this user may not mount one.
  private func withSmallDisk<Value>(
    of bytes: Int, _ fixture: BackupFixture, _ body: (SmallDisk?) async throws -> Value
  ) async throws -> Value {
    let disk = try await SmallDisk(fixture.folder, bytes: bytes)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(disk))
    } catch {
      result = .failure(error)
    }
    try await disk?.remove()
    return try result.get()
  }

  /// Starts a program with a limit on the size of files, whose signal is ignored.
  private static let limitingFiles = [
    "/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=200000 \"$@\"", "sh",
  ]

  @Test("a full disk during the dump fails the backup cleanly", arguments: [true, false])
  func fullDisk(mounts: Bool) async throws {
    try await BackupFixture.open { fixture in
      try await withSmallDisk(of: mounts ? 400 << 10 : 64 << 20, fixture) { disk in
        let isMounted = mounts && disk != nil
        let good = try await fixture.makeGoodBackup()
        try await fixture.execute(Self.bulk)
        let before = try await fixture.state()
        let run = try await fixture.payops(
          ["backup", "create", "--on", "server"], wrapper: isMounted ? [] : Self.limitingFiles)
        #expect(run.status == (isMounted ? 74 : 73), "\(run)")
        #expect(run.errors.contains("dump.sql.zst"))
        #expect(run.errors.contains(isMounted ? "No space left" : "File too large"))
        try await fixture.expectNothingLeft()
        #expect(try await fixture.backups() == [good: "verified"])
        try await fixture.expectUnchanged(since: before)
        try await fixture.expectAllGood(including: [good])
        try await fixture.execute(["DELETE FROM bulk"])
        #expect(try await fixture.payops(["backup", "create", "--on", "server"]).status == 0)
        try await fixture.expectAllGood(including: [good])
      }
    }
  }

  @Test(
    "a full disk at the manifest fails the backup cleanly",
    arguments: [
      ("create.dumped", 0), ("create.dumped", 4096), ("verify.compared", 0),
      ("verify.compared", 4096),
    ])
  func fullDiskAtEnd(point: String, left: Int) async throws {
    try await BackupFixture.open { fixture in
      // More than a page of manifest.
      try await fixture.execute((1...30).map { "CREATE TABLE table_\($0) (a INT)" })
      try await withSmallDisk(of: 1 << 20, fixture) { disk in
        guard let disk else { return try await limitedManifest(fixture, at: point) }
        let good = try await fixture.makeGoodBackup()
        let run = try await fixture.payops(
          ["backup", "create", "--on", "server"], pausedAt: point
        ) { _ in
          try disk.fill(leaving: left)
        }
        #expect(run.status == 74, "\(run)")
        #expect(run.errors.contains("No space left"), "\(run.errors)")
        #expect(try await fixture.backups().values.filter { $0 == "verified" }.count == 1)
        try disk.free()
        let again = try await fixture.payops(["backup", "create", "--on", "server"])
        #expect(again.status == 0, "\(again)")
        try await fixture.expectAllGood(including: [good])
        try await fixture.expectNothingLeft()
      }
    }
  }

  /// The same where no file system can be mounted: files may not reach the length of the manifest.
  private func limitedManifest(_ fixture: BackupFixture, at point: String) async throws {
    let good = try await fixture.makeGoodBackup()
    let files = try FileManager.default.attributesOfItem(
      atPath: "\(fixture.folder)/\(good)/manifest.json")
    let size = try #require(files[.size] as? Int)
    let command =
      point == "create.dumped"
      ? ["backup", "create", "--no-verify"] : ["backup", "verify", "--latest", "--on", "server"]
    let run = try await fixture.payops(
      command,
      wrapper: [
        "/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=\(size - 500) \"$@\"", "sh",
      ])
    #expect(run.status == 73, "\(run)")
    #expect(try await fixture.backups() == [good: "verified"])
    #expect(try await fixture.payops(command).status == 0)
    try await fixture.expectAllGood(including: [good])
    try await fixture.expectNothingLeft()
  }

  @Test("a folder that cannot be written is an error")
  func readOnlyFolder() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      // Without this the owner root may write everywhere.
      let powers = "-dac_override,-dac_read_search"
      let wrapper =
        geteuid() == 0
        ? ["/usr/bin/setpriv", "--bounding-set", powers, "--inh-caps", powers] : []
      chmod(fixture.folder, 0o500)
      for command in [
        ["backup", "create"], ["backup", "verify", good, "--on", "server"],
        ["backup", "prune", "--keep-days", "0"],
      ] {
        let run = try await fixture.payops(command, wrapper: wrapper)
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("\(fixture.folder): Permission denied"), "\(run.errors)")
        #expect(run.errors.contains("hint: check the owner and the mode of the folder"))
      }
      #expect(try await fixture.backups() == [good: "verified"])
      chmod(fixture.folder, 0o700)
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good])
      for place in ["/dev/null/backups", "/proc/backups"] {
        let run = try await fixture.payops(["backup", "create", "--dir", place])
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("cannot make the folder \(place)"))
      }
    }
  }

  @Test("a second run in the same folder is refused and changes nothing")
  func busy() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let old = try await fixture.makeGoodBackup()
      let first = try await fixture.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.dumping"
      ) { _ in
        for command in [
          ["create", "--no-verify"], ["verify", good, "--on", "server"],
          ["prune", "--keep-days", "0"], ["pin", good], ["unpin", good],
        ] {
          let second = try await fixture.payops(["backup"] + command)
          #expect(second.status == 75, "\(command) \(second)")
          #expect(
            second.errors == """
              payops: error: another payops is working in \(fixture.folder)
              hint: wait until it ends, then run the same command again

              """)
        }
        #expect(try await fixture.backups() == [good: "verified", old: "verified"])
      }
      #expect(first.status == 0, "\(first)")
      #expect(try await fixture.backups().count == 3)
      #expect(try await fixture.payops(["backup", "pin", good]).status == 0)
      try await fixture.expectNothingLeft()
      try await fixture.expectAllGood(including: [good, old])
    }
  }

  @Test(
    "an object that changes during the dump fails the backup",
    arguments: [
      "CREATE OR REPLACE VIEW totals AS SELECT account_id, COUNT(*) AS total FROM payments"
        + " GROUP BY account_id",
      "CREATE TABLE later (later_id INT PRIMARY KEY)",
      "CREATE OR REPLACE FUNCTION twice(in_value INT) RETURNS INT DETERMINISTIC RETURN 0",
      "DROP EVENT yearly",
    ])
  func changedObject(statement: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let run = try await fixture.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.dumping"
      ) { _ in
        try await fixture.execute([statement])
      }
      #expect(run.status == 75, "\(run)")
      #expect(run.errors.contains("the schema changed during the dump"))
      try await fixture.expectNothingLeft()
      #expect(try await fixture.backups() == [good: "verified"])
      let again = try await fixture.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("a table that changes before its rows are dumped fails the backup")
  func changedTable() async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let holder = try await Connection.open(fixture.options)
      let run = try await fixture.createWithHeldDump(by: holder) { _, _ in
        try await holder.execute("ALTER TABLE zones ADD COLUMN extra INT NOT NULL DEFAULT 7")
      }
      #expect(run.status != 0 && run.status < 128, "\(run)")
      try await fixture.expectNothingLeft()
      #expect(try await fixture.backups() == [good: "verified"])
      let again = try await fixture.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test(
    "a statement that waits for the backup's locks and the backup do not block each other",
    arguments: ["ALTER TABLE accounts ADD COLUMN extra INT", "DROP TABLE zones"])
  func waitingStatement(statement: String) async throws {
    try await BackupFixture.open { fixture in
      let good = try await fixture.makeGoodBackup()
      let run = try await fixture.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.snapshot"
      ) { running in
        let waiting = Task { try await fixture.execute([statement]) }
        try await fixture.waitForStatement(statement)
        running.resume()
        // The snapshot is older than the statement, so the backup may have to give up.
        try await running.waitUntilEnded()
        try await waiting.value
      }
      #expect([0, 74, 75].contains(run.status), "\(run)")
      try await fixture.expectNothingLeft()
      let again = try await fixture.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("a short idle timeout of the server does not end the connections of a long run")
  func silence() async throws {
    try await BackupFixture.open(options: ["--wait-timeout=1"]) { fixture in
      let good = try await fixture.makeGoodBackup()
      for (point, command) in [
        ("create.dumped", ["backup", "create", "--no-verify"]),
        ("verify.restored", ["backup", "verify", good, "--on", "server"]),
        ("restore.loaded", ["restore", good, "--as", "copy"]),
      ] {
        let run = try await fixture.payops(command, pausedAt: point) { _ in
          try await Task.sleep(for: .milliseconds(2500))
        }
        #expect(run.status == 0, "\(point) \(run)")
      }
      try await fixture.expectNothingLeft()
    }
  }

  @Test("the backup waits for an open transaction that has written, and then includes it")
  func openTransaction() async throws {
    try await BackupFixture.open { fixture in
      let writer = try await Connection.open(fixture.options)
      try await writer.execute("START TRANSACTION")
      try await writer.execute("INSERT INTO zones VALUES (3, 'written before the backup')")
      let run = try await fixture.payops(
        ["backup", "create", "--on", "server", "--json"], pausedAt: nil
      ) { running in
        try await fixture.waitForStatement("LOCK TABLES%")
        #expect(!running.hasEnded)
        try await writer.execute("COMMIT")
      }
      await writer.close()
      #expect(run.status == 0, "\(run)")
      let written = try await fixture.state()
      let id = try #require(try await fixture.backups().keys.first)
      #expect(try await fixture.payops(["restore", id, "--as", "copy"]).status == 0)
      #expect(try await fixture.state(of: "copy").changes(from: written) == [])
      try await fixture.expectNothingLeft()
    }
  }

  @Test("writers wait while the snapshots are opened, and continue while the rows are dumped")
  func writers() async throws {
    try await BackupFixture.open { fixture in
      let before = try await fixture.state()
      let write = [
        "SET SESSION lock_wait_timeout = 1", "INSERT INTO accounts (name) VALUES ('a new one')",
      ]
      let first = try await fixture.payops(
        ["backup", "create", "--no-verify"], pausedAt: "create.snapshot"
      ) { _ in
        do {
          try await fixture.execute(write)
          Issue.record("a row was written between the two snapshots")
        } catch let error as DatabaseError {
          #expect(error.code == .lockTimeout)
        }
      }
      #expect(first.status == 0, "\(first)")
      let second = try await fixture.createWithHeldDump { running, _ in
        try await fixture.execute(write)
        #expect(!running.hasEnded)
      }
      #expect(second.status == 0, "\(second)")
      try await fixture.expectAllGood(including: [])
      for (position, id) in try await fixture.backups().keys.sorted().enumerated() {
        let restored = try await fixture.payops(["restore", id, "--as", "copy_\(position)"])
        #expect(restored.status == 0, "\(restored)")
        #expect(try await fixture.state(of: "copy_\(position)").changes(from: before) == [])
      }
      try await fixture.expectNothingLeft()
    }
  }
}

@Suite("Backups when the clock jumps", .timeLimit(.minutes(5)))
struct BackupClockTests {
  private static let future: Int64 = 4_000_000_000

  /// Creates and verifies a backup at an instant.
  private func make(_ fixture: BackupFixture, at now: Int64) async throws -> String {
    let folder = BackupFolder(path: fixture.folder)
    let made = try await BackupCreation(
      options: fixture.options, folder: folder, payopsVersion: "test", now: { now }
    ).run()
    let verified = try await BackupVerification(
      folder: folder, place: .server(fixture.options), now: { now }
    ).run(made)
    #expect(verified.isVerified)
    return made.id
  }

  @Test("the order of backups counts, not the clock")
  func back() async throws {
    try await BackupFixture.open { fixture in
      let ahead = try await make(fixture, at: Self.future)
      try await fixture.change()
      let newest = try await fixture.state()
      let behind = try await make(fixture, at: 1_000_000_000)
      let twin = try await make(fixture, at: 1_000_000_000)
      #expect(Set([ahead, behind, twin]).count == 3)
      let list = try await fixture.payops(["backup", "list", "--format", "csv"])
      #expect(
        list.output.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != "," } }
          == [ahead, behind, twin].map { $0[...] })
      let check = try await fixture.payops(["backup", "check", "--json"])
      #expect(check.output.contains("\"newest_verified\": \"\(twin)\""), "\(check)")
      #expect(check.status == 1, "the backup that counts is old by the clock")
      let restored = try await fixture.payops(["restore", "--latest", "--as", "copy"])
      #expect(restored.output.hasPrefix("restored \(twin) into copy"), "\(restored)")
      #expect(try await fixture.state(of: "copy").changes(from: newest) == [])
      // Age is counted from the newest one: whatever the clock says, none of them is old.
      let pruned = try await fixture.payops(
        ["backup", "prune", "--keep-days", "7", "--minimum", "1"])
      #expect(pruned.status == 0, "\(pruned)")
      #expect(try await fixture.backups().keys.sorted() == [ahead, behind, twin].sorted())
      try await fixture.expectNothingLeft()
    }
  }
}
