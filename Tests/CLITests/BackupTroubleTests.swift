import Backup
import Foundation
import MariaDBClient
import Restore
import TestSupport
import Testing

/// A small file system of its own.
private struct SmallDisk {
  let path: String

  /// Mounts one; nil when this user may not.
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

  /// Fills the file system, but for some bytes.
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

@Suite("Backups in trouble", .timeLimit(.minutes(10)))
struct BackupTroubleTests {
  /// A table whose rows hardly shrink when they are packed.
  private static let bulk = [
    "CREATE TABLE bulk (bulk_id INT PRIMARY KEY, content VARCHAR(128))",
    "INSERT INTO bulk SELECT seq, SHA2(seq, 512) FROM seq_1_to_8000",
  ]

  /// Runs a body with a file system for the backups; nil when this user may not mount one.
  private func withSmallDisk<Value>(
    of bytes: Int, _ shop: BackupShop, _ body: (SmallDisk?) async throws -> Value
  ) async throws -> Value {
    let disk = try await SmallDisk(shop.folder, bytes: bytes)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(disk))
    } catch {
      result = .failure(error)
    }
    try await disk?.remove()
    return try result.get()
  }

  /// Starts a program with a limit on the size of files instead of the signal that goes with it.
  private static let limitingFiles = [
    "/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=200000 \"$@\"", "sh",
  ]

  @Test("the disk is full in the middle of the dump", arguments: [true, false])
  func fullDisk(mounts: Bool) async throws {
    try await BackupShop.open { shop in
      try await withSmallDisk(of: mounts ? 400 << 10 : 64 << 20, shop) { disk in
        let isMounted = mounts && disk != nil
        let good = try await shop.makeGoodBackup()
        try await shop.execute(Self.bulk)
        let before = try await shop.state()
        let run = try await shop.payops(
          ["backup", "create", "--on", "server"], wrapper: isMounted ? [] : Self.limitingFiles)
        #expect(run.status == (isMounted ? 74 : 73), "\(run)")
        #expect(run.errors.contains("dump.sql.zst"))
        #expect(run.errors.contains(isMounted ? "No space left" : "File too large"))
        try await shop.expectNothingLeft()
        #expect(try await shop.backups() == [good: "verified"])
        try await shop.expectUnchanged(since: before)
        try await shop.expectAllGood(including: [good])
        try await shop.execute(["DELETE FROM bulk"])
        #expect(try await shop.payops(["backup", "create", "--on", "server"]).status == 0)
        try await shop.expectAllGood(including: [good])
      }
    }
  }

  @Test(
    "the disk is full when the manifest is written",
    arguments: [
      ("create.dumped", 0), ("create.dumped", 4096), ("verify.compared", 0),
      ("verify.compared", 4096),
    ])
  func fullDiskAtEnd(point: String, left: Int) async throws {
    try await BackupShop.open { shop in
      // More than a page of manifest.
      try await shop.execute((1...30).map { "CREATE TABLE table_\($0) (a INT)" })
      try await withSmallDisk(of: 1 << 20, shop) { disk in
        guard let disk else { return try await limitedManifest(shop, at: point) }
        let good = try await shop.makeGoodBackup()
        let run = try await shop.payops(
          ["backup", "create", "--on", "server"], pausedAt: point
        ) { _ in
          try disk.fill(leaving: left)
        }
        #expect(run.status == 74, "\(run)")
        #expect(run.errors.contains("No space left"), "\(run.errors)")
        #expect(try await shop.backups().values.filter { $0 == "verified" }.count == 1)
        try disk.free()
        let again = try await shop.payops(["backup", "create", "--on", "server"])
        #expect(again.status == 0, "\(again)")
        try await shop.expectAllGood(including: [good])
        try await shop.expectNothingLeft()
      }
    }
  }

  /// The same where no file system can be mounted: files may not become as long as the manifest.
  private func limitedManifest(_ shop: BackupShop, at point: String) async throws {
    let good = try await shop.makeGoodBackup()
    let files = try FileManager.default.attributesOfItem(
      atPath: "\(shop.folder)/\(good)/manifest.json")
    let size = try #require(files[.size] as? Int)
    let command =
      point == "create.dumped"
      ? ["backup", "create", "--no-verify"] : ["backup", "verify", "--latest", "--on", "server"]
    let run = try await shop.payops(
      command,
      wrapper: [
        "/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=\(size - 500) \"$@\"", "sh",
      ])
    #expect(run.status == 73, "\(run)")
    #expect(try await shop.backups() == [good: "verified"])
    #expect(try await shop.payops(command).status == 0)
    try await shop.expectAllGood(including: [good])
    try await shop.expectNothingLeft()
  }

  @Test("the folder cannot be written into")
  func readOnlyFolder() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      // Without this the owner root may write everywhere.
      let powers = "-dac_override,-dac_read_search"
      let wrapper =
        geteuid() == 0
        ? ["/usr/bin/setpriv", "--bounding-set", powers, "--inh-caps", powers] : []
      chmod(shop.folder, 0o500)
      for command in [
        ["backup", "create"], ["backup", "verify", good, "--on", "server"],
        ["backup", "prune", "--keep-days", "0"],
      ] {
        let run = try await shop.payops(command, wrapper: wrapper)
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("\(shop.folder): Permission denied"), "\(run.errors)")
        #expect(run.errors.contains("hint: check the owner and the mode of the folder"))
      }
      #expect(try await shop.backups() == [good: "verified"])
      chmod(shop.folder, 0o700)
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
      for place in ["/dev/null/backups", "/proc/backups"] {
        let run = try await shop.payops(["backup", "create", "--dir", place])
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("cannot make the folder \(place)"))
      }
    }
  }

  @Test("a second run in the same folder is told to wait, and changes nothing")
  func busy() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let old = try await shop.makeGoodBackup()
      let first = try await shop.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.dumping"
      ) { _ in
        for command in [
          ["create", "--no-verify"], ["verify", good, "--on", "server"],
          ["prune", "--keep-days", "0"], ["pin", good], ["unpin", good],
        ] {
          let second = try await shop.payops(["backup"] + command)
          #expect(second.status == 75, "\(command) \(second)")
          #expect(
            second.errors == """
              payops: error: another payops is working in \(shop.folder)
              hint: wait until it ends, then run the same command again

              """)
        }
        #expect(try await shop.backups() == [good: "verified", old: "verified"])
      }
      #expect(first.status == 0, "\(first)")
      #expect(try await shop.backups().count == 3)
      #expect(try await shop.payops(["backup", "pin", good]).status == 0)
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good, old])
    }
  }

  @Test(
    "an object that changes during the dump",
    arguments: [
      "CREATE OR REPLACE VIEW totals AS SELECT account_id, COUNT(*) AS total FROM payments"
        + " GROUP BY account_id",
      "CREATE TABLE later (later_id INT PRIMARY KEY)",
      "CREATE OR REPLACE FUNCTION twice(in_value INT) RETURNS INT DETERMINISTIC RETURN 0",
      "DROP EVENT yearly",
    ])
  func changedObject(statement: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let run = try await shop.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.dumping"
      ) { _ in
        try await shop.execute([statement])
      }
      #expect(run.status == 75, "\(run)")
      #expect(run.errors.contains("the schema changed during the dump"))
      try await shop.expectNothingLeft()
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("a table that changes before the dump comes to its rows")
  func changedTable() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let holder = try await Connection.open(shop.options)
      let run = try await shop.createWithHeldDump(by: holder) { _, _ in
        try await holder.execute("ALTER TABLE zones ADD COLUMN extra INT NOT NULL DEFAULT 7")
      }
      #expect(run.status != 0 && run.status < 128, "\(run)")
      try await shop.expectNothingLeft()
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test(
    "a statement that waits for the backup's locks does not stop the backup, nor it the statement",
    arguments: ["ALTER TABLE accounts ADD COLUMN extra INT", "DROP TABLE zones"])
  func waitingStatement(statement: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let run = try await shop.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.snapshot"
      ) { running in
        let waiting = Task { try await shop.execute([statement]) }
        try await shop.waitForStatement(statement)
        running.resume()
        // The snapshot is older than the statement, so the backup may have to give up.
        try await running.waitUntilEnded()
        try await waiting.value
      }
      #expect([0, 74, 75].contains(run.status), "\(run)")
      try await shop.expectNothingLeft()
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("a server that ends silent connections soon does not end those of a long run")
  func silence() async throws {
    try await BackupShop.open(options: ["--wait-timeout=1"]) { shop in
      let good = try await shop.makeGoodBackup()
      for (point, command) in [
        ("create.dumped", ["backup", "create", "--no-verify"]),
        ("verify.restored", ["backup", "verify", good, "--on", "server"]),
        ("restore.loaded", ["restore", good, "--as", "copy"]),
      ] {
        let run = try await shop.payops(command, pausedAt: point) { _ in
          try await Task.sleep(for: .milliseconds(2500))
        }
        #expect(run.status == 0, "\(point) \(run)")
      }
      try await shop.expectNothingLeft()
    }
  }

  @Test("the backup waits for an open transaction that has written, and then holds what it wrote")
  func openTransaction() async throws {
    try await BackupShop.open { shop in
      let writer = try await Connection.open(shop.options)
      try await writer.execute("START TRANSACTION")
      try await writer.execute("INSERT INTO zones VALUES (3, 'written before the backup')")
      let run = try await shop.payops(
        ["backup", "create", "--on", "server", "--json"], pausedAt: nil
      ) { running in
        try await shop.waitForStatement("LOCK TABLES%")
        #expect(!running.hasEnded)
        try await writer.execute("COMMIT")
      }
      await writer.close()
      #expect(run.status == 0, "\(run)")
      let written = try await shop.state()
      let id = try #require(try await shop.backups().keys.first)
      #expect(try await shop.payops(["restore", id, "--as", "copy"]).status == 0)
      #expect(try await shop.state(of: "copy").changes(from: written) == [])
      try await shop.expectNothingLeft()
    }
  }

  @Test("writers wait while the snapshots are opened, and go on while the rows are dumped")
  func writers() async throws {
    try await BackupShop.open { shop in
      let before = try await shop.state()
      let write = [
        "SET SESSION lock_wait_timeout = 1", "INSERT INTO accounts (name) VALUES ('a new one')",
      ]
      let first = try await shop.payops(
        ["backup", "create", "--no-verify"], pausedAt: "create.snapshot"
      ) { _ in
        do {
          try await shop.execute(write)
          Issue.record("a row was written between the two snapshots")
        } catch let error as DatabaseError {
          #expect(error.code == .lockTimeout)
        }
      }
      #expect(first.status == 0, "\(first)")
      let second = try await shop.createWithHeldDump { running, _ in
        try await shop.execute(write)
        #expect(!running.hasEnded)
      }
      #expect(second.status == 0, "\(second)")
      try await shop.expectAllGood(including: [])
      for (position, id) in try await shop.backups().keys.sorted().enumerated() {
        let restored = try await shop.payops(["restore", id, "--as", "copy_\(position)"])
        #expect(restored.status == 0, "\(restored)")
        #expect(try await shop.state(of: "copy_\(position)").changes(from: before) == [])
      }
      try await shop.expectNothingLeft()
    }
  }
}

@Suite("Backups when the clock jumps", .timeLimit(.minutes(5)))
struct BackupClockTests {
  private static let future: Int64 = 4_000_000_000

  /// Makes and verifies a backup at an instant.
  private func make(_ shop: BackupShop, at now: Int64) async throws -> String {
    let folder = BackupFolder(path: shop.folder)
    let made = try await BackupCreation(
      options: shop.options, folder: folder, payopsVersion: "test", now: { now }
    ).run()
    let verified = try await BackupVerification(
      folder: folder, place: .server(shop.options), now: { now }
    ).run(made)
    #expect(verified.isVerified)
    return made.id
  }

  @Test("the order of taking counts, not the clock")
  func back() async throws {
    try await BackupShop.open { shop in
      let ahead = try await make(shop, at: Self.future)
      try await shop.change()
      let newest = try await shop.state()
      let behind = try await make(shop, at: 1_000_000_000)
      let twin = try await make(shop, at: 1_000_000_000)
      #expect(Set([ahead, behind, twin]).count == 3)
      let list = try await shop.payops(["backup", "list", "--format", "csv"])
      #expect(
        list.output.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != "," } }
          == [ahead, behind, twin].map { $0[...] })
      let check = try await shop.payops(["backup", "check", "--json"])
      #expect(check.output.contains("\"newest_verified\": \"\(twin)\""), "\(check)")
      #expect(check.status == 1, "the backup that counts is old by the clock")
      let restored = try await shop.payops(["restore", "--latest", "--as", "copy"])
      #expect(restored.output.hasPrefix("restored \(twin) into copy"), "\(restored)")
      #expect(try await shop.state(of: "copy").changes(from: newest) == [])
      // Age counts back from the newest one: whatever the clock says now, none of them is old.
      let pruned = try await shop.payops(
        ["backup", "prune", "--keep-days", "7", "--minimum", "1"])
      #expect(pruned.status == 0, "\(pruned)")
      #expect(try await shop.backups().keys.sorted() == [ahead, behind, twin].sorted())
      try await shop.expectNothingLeft()
    }
  }
}
